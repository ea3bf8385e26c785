"""Rows of marion2025: residual networks at initialisation."""

import numpy as np
import torch

from benchmarks import work
from benchmarks.work import Effort, Part, Work
from deepinit.noise.fractional import fractional_noise
from deepinit.noise.smooth import PUBLISHED_VARIANCE
from deepinit.reference.noise import fractional_paths, smooth_paths
from deepinit.reference.residual_network import ResidualNetwork, draw_matrix, independent_network
from deepinit.resnet.ratios import (
    INPUT_DIMENSION,
    WeightMemory,
    fractional_weights,
    independent_weights,
)
from deepinit.resnet.ratios_without_weights import independent_gaussian_weights
from deepinit.resnet.smooth_weights import smooth_layers

DEPTH, WIDTH, HURST, BETA = 1000, 40, 0.7, 0.5
PATHS = 2 * WIDTH**2


def _one_input(network: ResidualNetwork) -> object:
    return network.ratios(torch.rand(1, INPUT_DIMENSION))


def fig7_column(effort: Effort) -> Work:
    """Both maps of Figure 7 at one Hurst index: 56 β, 5 weight draws, 10 inputs each."""
    betas, draws, inputs = np.arange(9, 65) / 49, 5, 10
    passes = len(betas) * inputs
    generator, stream = np.random.default_rng(7), work.stream("fig7")
    paths = effort.of(16, 4)
    weights = torch.from_numpy(fractional_paths(HURST, DEPTH, 2, generator)).float()
    hidden = (weights[:, :1, None].expand(-1, WIDTH, WIDTH) / WIDTH for _ in range(2))
    ends = draw_matrix("uniform", WIDTH, INPUT_DIMENSION), draw_matrix("uniform", 1, WIDTH)
    layers = [layer.contiguous() for layer in hidden]
    network = ResidualNetwork(*layers, *ends, DEPTH**-0.75)
    return Work(
        title="marion2025 fig7, one column of H, both maps",
        floor=200,
        reference=[
            Part(lambda: fractional_paths(HURST, DEPTH, paths, generator), PATHS / paths / passes),
            Part(lambda: ResidualNetwork(*layers, *ends, 1.0), 1 / passes),
            Part(lambda: _one_input(network)),
        ],
        ours=lambda: fractional_weights(
            DEPTH, WIDTH, HURST, betas.tolist(), draws, inputs, stream, inputs="uniform"
        ),
        networks=draws * passes,
        note=f"reference: {paths} of 16,000 paths and 1 of 2,800 passes, scaled to the column",
    )


def fractional_noise_weights(effort: Effort) -> Work:
    """Weights of one network."""
    generator, stream, paths = np.random.default_rng(8), work.stream("noise"), effort.of(32, 8)
    return Work(
        title="fGn weights for one 1000 × 40 × 40 × 2 network",
        floor=100,
        reference=[Part(lambda: fractional_paths(HURST, DEPTH, paths, generator), PATHS / paths)],
        ours=lambda: fractional_noise(HURST, DEPTH, PATHS, stream),
        networks=1,
        note=f"reference: {paths} of 3,200 paths, scaled",
    )


def smooth_weights(effort: Effort) -> Work:
    """Weights of one network from the low-rank factor."""
    generator, stream, draws = np.random.default_rng(9), work.stream("smooth"), effort.of(20, 5)
    points = np.linspace(0, 1, DEPTH + 1)

    def ours() -> None:
        for _ in range(draws):
            smooth_layers(DEPTH, 2, WIDTH, "process", stream)

    return Work(
        title="smooth Gaussian-process weights, same shape",
        floor=100,
        reference=[Part(lambda: smooth_paths(points, PUBLISHED_VARIANCE, WIDTH**2, generator), 2)],
        ours=ours,
        networks=draws,
    )


def explicit_weights(effort: Effort) -> Work:
    """Output and gradient with all weights drawn, uniform as in the released code."""
    stream, networks = work.stream("explicit"), effort.of(50, 25)
    options = {"law": "uniform", "inputs": "uniform", "memory": WeightMemory()}
    return Work(
        title="explicit iid weights, L = 1000, d = 40, output and gradient",
        floor=12,
        reference=[Part(lambda: _one_input(independent_network(DEPTH, WIDTH, BETA, "uniform")))],
        ours=lambda: independent_weights(DEPTH, WIDTH, BETA, networks, stream, **options),
        networks=networks,
    )


def reduced_sampler(effort: Effort) -> Work:
    """Output and gradient in the law of Gaussian weights, none drawn."""
    stream, networks = work.stream("reduced"), effort.of(1000, 500)
    return Work(
        title="reduced sampler, L = 1000, d = 40, output and gradient",
        floor=150,
        reference=[Part(lambda: _one_input(independent_network(DEPTH, WIDTH, BETA, "gaussian")))],
        ours=lambda: independent_gaussian_weights(DEPTH, WIDTH, BETA, networks, stream),
        networks=networks,
    )


def wide_reduced_sampler(effort: Effort) -> Work:
    """The same at d = 1000, where 2000 weight matrices would take 8 GB."""
    stream, width, networks = work.stream("wide"), 1000, effort.of(20, 10)
    few, more = 5, effort.of(25, 15)

    def layers(depth: int) -> None:
        _one_input(independent_network(depth, width, BETA, "gaussian"))

    # t(L) = a + b L from two depths, at L = 1000: t(few) + (1000 − few)/(more − few) (t(more) − t(few)).
    slope = (DEPTH - few) / (more - few)
    return Work(
        title="reduced sampler, d = 1000",
        floor=300,
        reference=[Part(lambda: layers(more), slope), Part(lambda: layers(few), 1 - slope)],
        ours=lambda: independent_gaussian_weights(DEPTH, width, BETA, networks, stream),
        networks=networks,
        note=f"reference: {few} and {more} layers, extrapolated on a line to 1000",
    )

"""Empirical variance over layers of one architecture: a width pattern, or residual modules."""

import numpy as np
import pandas as pd

from deepinit.dense.empirical_variance import (
    log_empirical_variance,
    log_lengths,
    log_tilted_variance,
)
from deepinit.dense.empirical_variance_theory import (
    log_mean_empirical_variance,
    log_mean_of_fully_connected,
)
from deepinit.resnet.scaled_modules import log_lengths as residual_log_lengths
from deepinit.resnet.scaled_modules_theory import (
    log_mean_growth_linear,
    log_second_moment_linear,
    module_scales,
)
from deepinit.widths import WIDTH_PATTERNS
from study.blocks import blocks_of_streams
from study.figure import Figure

figure = Figure(unit="architectures")

_BLOCK = 1000


@figure.point()
def variances(s, streams, family, pattern, base):
    """One row per depth, sampler and network.

    log10_variance is log10 V̂, missing where `flat` (dead from the first layer, V̂ = 0). Sampler
    "tilted": logarithms of weighted numbers whose mean is E V̂; single rows mean nothing.
    exact_log10_mean is log10 E V̂ where it is known exactly. In residual networks the rows of one
    `network` at different depths belong to the same network.
    """
    if family == "residual":
        frames = _residual(s, streams, pattern, base)
    else:
        frames = [_fully_connected(s, streams, pattern, depth) for depth in s.depths]
    return pd.concat(frames, ignore_index=True)


def _fully_connected(s, streams, pattern, depth):
    # The random widths of a deep network begin with those of a shallow one.
    generator = streams({"pattern": pattern}, "widths").numpy
    widths = WIDTH_PATTERNS[pattern].widths(depth, generator)

    def blocks(count, sampler):
        address = {"pattern": pattern, "depth": depth}, sampler
        return blocks_of_streams(streams, count, _BLOCK, *address)

    plain = [
        log_empirical_variance(log_lengths(widths, count, stream.numpy))
        for stream, count in blocks(s.networks, "networks")
    ]
    tilted = [
        log_tilted_variance(widths, count, stream.numpy)
        for stream, count in blocks(s.tilted, "tilted")
    ]
    beta = float(np.sum(1 / np.array(widths)))
    exact = log_mean_of_fully_connected(widths) / np.log(10)
    logs = {"plain": np.concatenate(plain), "tilted": np.concatenate(tilted)}
    return _rows(depth, beta, exact, logs)


def _residual(s, streams, ending, base):
    width, deepest = s.residual_width, max(s.depths)
    scales = module_scales(base, deepest)
    address = {"ending": ending, "base": base, "width": width}
    networks = [
        residual_log_lengths(scales.tolist(), width, count, stream, hidden=width, ending=ending)
        for stream, count in blocks_of_streams(streams, s.networks, _BLOCK, address)
    ]
    lengths = np.concatenate([block.cpu().numpy() for block in networks])
    mean = log_mean_growth_linear(scales)
    second = log_second_moment_linear(scales, width, width)
    for depth in s.depths:
        exact = log_mean_empirical_variance(second[:depth], mean[:depth]) / np.log(10)
        logs = {"plain": log_empirical_variance(lengths[:, :depth])}
        yield _rows(depth, depth / width, exact if ending == "linear" else np.nan, logs)


def _rows(depth, beta, exact, logs_by_sampler):
    frames = []
    for sampler, logs in logs_by_sampler.items():
        flat = np.isneginf(logs)
        columns = {
            "depth": depth,
            "beta": beta,
            "exact_log10_mean": exact,
            "sampler": sampler,
            "network": np.arange(len(logs)),
            "log10_variance": np.where(flat, np.nan, logs / np.log(10)),
            "flat": flat,
            "exact_unknown": np.isnan(exact),
        }
        frames.append(pd.DataFrame(columns))
    return pd.concat(frames)

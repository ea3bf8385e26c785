"""Ratios of outputs and gradients at β = ½, iid weights: one block of networks, drawn or reduced."""

from deepinit.resnet.ratios import independent_weights
from deepinit.resnet.ratios_without_weights import independent_gaussian_weights
from papers.marion2025.ratios import block_address, output_ratios, per_network
from study.figure import Figure

figure = Figure(unit="networks")


@figure.point(block_address, index=("sampler", "block"))
def ratios(s, stream, seeds, progress, sampler, depth, networks):
    """One row per network; `sampler` is "explicit" (uniform weights), "reduced" or "lengths" (Gaussian ones).

    Those of the sampler "lengths" have no gradients.
    """
    if sampler == "lengths":
        found = output_ratios(depth, s.width, s.beta, networks, seeds)
        return {**found, "no_gradient": True}
    options = {"progress": progress}
    sample = independent_gaussian_weights
    if sampler == "explicit":
        options |= {"law": "uniform", "inputs": s.inputs}
        sample = independent_weights
    found = per_network(sample(depth, s.width, s.beta, networks, stream, **options))
    return {**found, "no_gradient": False}

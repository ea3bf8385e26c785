"""Ratios at β = ½ with the weight inside ReLU: one block of networks, drawn or reduced."""

from deepinit.resnet.single_weight import inside_weights, reduced_inside
from papers.marion2025.ratios import block_address, per_network
from study.figure import Figure

figure = Figure(unit="networks")


@figure.point(block_address, index=("sampler", "block"))
def ratios(s, stream, progress, sampler, depth, networks):
    """One row per network; `sampler` is "explicit" (uniform weights) or "reduced" (Gaussian ones)."""
    options = {"activation": "relu", "inputs": s.inputs, "progress": progress}
    sample = reduced_inside
    if sampler == "explicit":
        options |= {"weights": "uniform"}
        sample = inside_weights
    return per_network(sample(depth, s.width, s.beta, networks, stream, **options))

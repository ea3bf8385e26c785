"""Ratios at β = ½ with the weight inside ReLU: one block of networks, drawn or reduced."""

from deepinit.resnet.single_weight import inside_weights, reduced_inside
from papers.marion2025.ratios import block_address, in_batches, per_network
from study.figure import Figure

figure = Figure(unit="networks")

# Networks of the reduced sampler side by side: 8 L d bytes each are kept for the backward pass.
_REDUCED_BATCH_BYTES = 500_000_000


@figure.point(block_address, index=("sampler", "block"))
def ratios(s, stream, progress, sampler, depth, networks):
    """One row per network; `sampler` is "explicit" (uniform weights) or "reduced" (Gaussian ones)."""
    options = {"activation": "relu", "inputs": s.inputs}
    if sampler == "explicit":
        options |= {"weights": "uniform", "progress": progress}
        return per_network(inside_weights(depth, s.width, s.beta, networks, stream, **options))

    def reduced(count):
        return reduced_inside(depth, s.width, s.beta, count, stream, **options)

    size = max(1, _REDUCED_BATCH_BYTES // (8 * depth * s.width))
    return per_network(*in_batches(networks, size, reduced, progress))

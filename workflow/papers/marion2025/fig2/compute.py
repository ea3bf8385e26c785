"""Ratios of outputs and gradients at β = ½, iid weights: one block of networks, drawn or reduced."""

from deepinit.resnet.ratios import independent_weights
from deepinit.resnet.ratios_without_weights import independent_gaussian_weights
from papers.marion2025.ratios import block_address, in_batches, per_network
from study.figure import Figure

figure = Figure(unit="networks")

# Networks of the reduced sampler side by side: 12 L d bytes each are kept for the backward pass.
_REDUCED_BATCH_BYTES = 600_000_000


@figure.point(block_address, index=("sampler", "block"))
def ratios(s, stream, progress, sampler, depth, networks):
    """One row per network; `sampler` is "explicit" (uniform weights) or "reduced" (Gaussian ones)."""
    if sampler == "explicit":
        options = {"law": "uniform", "inputs": s.inputs, "gradients": True, "progress": progress}
        return per_network(independent_weights(depth, s.width, s.beta, networks, stream, **options))

    def reduced(count):
        return independent_gaussian_weights(depth, s.width, s.beta, count, stream, gradients=True)

    size = max(1, _REDUCED_BATCH_BYTES // (12 * depth * s.width))
    return per_network(*in_batches(networks, size, reduced, progress))

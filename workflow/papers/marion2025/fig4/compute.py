"""Changes of output and gradient at one depth and β, smooth weights: one block of networks."""

from deepinit.resnet.smooth_weights import smooth_weights
from papers.marion2025.ratios import block_address, per_network
from study.figure import Figure

figure = Figure()


@figure.point(block_address, index=("weights", "beta", "depth", "block"))
def ratios(s, stream, weights, beta, depth, networks):
    """One row per network; its gradients are those of Figure 5."""
    options = {"weights": weights, "inputs": s.inputs}
    return per_network(smooth_weights(depth, s.width, beta, networks, stream, **options))

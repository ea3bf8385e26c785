"""Changes of output and gradient at one depth and β, smooth weight inside ReLU: one block."""

from deepinit.resnet.single_weight import inside_weights
from papers.marion2025.ratios import block_address, per_network
from study.figure import Figure

figure = Figure()


@figure.point(block_address, index=("activation", "beta", "depth", "block"))
def ratios(s, stream, activation, beta, depth, networks):
    """One row per network; its gradients are those of Figure 14."""
    options = {"activation": activation, "weights": "smooth", "inputs": s.inputs}
    return per_network(inside_weights(depth, s.width, beta, networks, stream, **options))

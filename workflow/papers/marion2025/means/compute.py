"""Changes of output and gradient of networks that explode: one block of networks."""

from deepinit.resnet.ratios_without_weights import independent_gaussian_weights
from deepinit.resnet.smooth_weights import smooth_weights
from papers.marion2025.ratios import block_address, per_network
from study.figure import Figure

figure = Figure()


@figure.point(block_address, index=("weights", "beta", "depth", "block"))
def ratios(s, stream, weights, beta, depth, networks):
    """One row per network; "independent" weights are Gaussian, "smooth" ones those of Figure 4."""
    if weights == "smooth":
        options = {"weights": "process", "inputs": "uniform"}
        return per_network(smooth_weights(depth, s.width, beta, networks, stream, **options))
    found = independent_gaussian_weights(depth, s.width, beta, networks, stream)
    return per_network(found)

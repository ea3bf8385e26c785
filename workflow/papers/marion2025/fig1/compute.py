"""Changes of output and gradient at one depth and β, iid weights: one block of networks."""

from deepinit.resnet.ratios import WeightMemory, independent_weights
from papers.marion2025.ratios import block_address, per_network
from study.figure import Figure

figure = Figure()

# The points of a job have networks of one size.
memory = WeightMemory()


@figure.point(block_address, index=("beta", "depth", "block"))
def ratios(s, stream, beta, depth, networks):
    """One row per network; its gradients are those of Figure 3."""
    options = {"law": "uniform", "inputs": s.inputs, "memory": memory}
    return per_network(independent_weights(depth, s.width, beta, networks, stream, **options))

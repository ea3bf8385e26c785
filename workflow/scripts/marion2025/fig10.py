"""Changes of output and gradient at some depths, weight inside the activation: one block.

Computes the tables of figures 10 (independent weights) and 13 (smooth weights).
"""

from deepinit.resnet.single_weight import inside_weights
from scripts.marion2025.ratios import write_grid
from study.job import Job


def run(job: Job) -> None:
    """Write one row an activation, β, depth and network."""
    spec = job.spec
    places = [
        {"activation": activation, "beta": beta, "depth": depth}
        for depth in spec["depths"]
        for activation in spec["activations"]
        for beta in spec["betas"]
    ]
    write_grid(
        job,
        places,
        lambda place, stream: inside_weights(
            place["depth"],
            spec["width"],
            place["beta"],
            spec["networks"],
            stream,
            activation=place["activation"],
            weights=spec["weights"],
            inputs=spec["inputs"],
        ),
    )

"""Changes of output and gradient, iid weights, at some depths and all β: one block of networks."""

from deepinit.resnet.ratios import independent_weights
from scripts.marion2025.ratios import write_grid
from study.job import Job


def run(job: Job) -> None:
    """Write one row a depth, β and network."""
    spec = job.spec
    places = [{"beta": beta, "depth": depth} for depth in spec["depths"] for beta in spec["betas"]]
    write_grid(
        job,
        places,
        lambda place, stream: independent_weights(
            place["depth"],
            spec["width"],
            place["beta"],
            spec["networks"],
            stream,
            law="uniform",
            inputs=spec["inputs"],
            gradients=True,
        ),
    )

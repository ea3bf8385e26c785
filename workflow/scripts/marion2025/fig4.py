"""Changes of output and gradient at some depths, smooth weights, all β: one block of networks."""

from deepinit.resnet.smooth_weights import smooth_weights
from scripts.marion2025.ratios import write_grid
from study.job import Job


def run(job: Job) -> None:
    """Write one row a kind of weights, β, depth and network."""
    spec = job.spec
    kinds = [("process", beta) for beta in spec["betas"]]
    kinds += [("increments", beta) for beta in spec["increments_betas"]]
    places = [
        {"weights": weights, "beta": beta, "depth": depth}
        for depth in spec["depths"]
        for weights, beta in kinds
    ]
    write_grid(
        job,
        places,
        lambda place, stream: smooth_weights(
            place["depth"],
            spec["width"],
            place["beta"],
            spec["networks"],
            stream,
            weights=place["weights"],
            inputs=spec["inputs"],
        ),
    )

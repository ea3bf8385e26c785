"""Ratios at β = ½ with the weight inside ReLU: one block of networks, drawn or reduced."""

from deepinit.resnet.single_weight import inside_weights, reduced_inside
from scripts.marion2025.ratios import in_batches, write_samples
from study.job import Job
from study.streams import random_stream

# Networks of the reduced sampler side by side: 8 L d bytes each are kept for the backward pass.
_REDUCED_BATCH_BYTES = 500_000_000


def run(job: Job) -> None:
    """Write one row a network; `sampler` is "explicit" (uniform weights) or "reduced"."""
    spec = job.spec
    depth, width, beta, networks = (spec[key] for key in ("depth", "width", "beta", "networks"))
    address = {"sampler": spec["sampler"], "depth": depth, "width": width}
    stream, progress = random_stream(job, address, spec["block"]), job.progress("networks")
    options = {"activation": "relu", "inputs": spec["inputs"]}
    if spec["sampler"] == "explicit":
        drawn = {"weights": "uniform", "progress": progress, **options}
        ratios = [inside_weights(depth, width, beta, networks, stream, **drawn)]
    else:
        ratios = in_batches(
            networks,
            max(1, _REDUCED_BATCH_BYTES // (8 * depth * width)),
            lambda count: reduced_inside(depth, width, beta, count, stream, **options),
            progress,
        )
    write_samples(job, ratios)

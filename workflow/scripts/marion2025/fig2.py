"""Ratios of outputs and gradients at β = ½: one block of networks, drawn or reduced."""

from deepinit.resnet.ratios import independent_weights
from deepinit.resnet.ratios_without_weights import independent_gaussian_weights
from scripts.marion2025.ratios import in_batches, write_samples
from study.job import Job
from study.streams import random_stream

# Networks of the reduced sampler side by side: 12 L d bytes each are kept for the backward pass.
_REDUCED_BATCH_BYTES = 600_000_000


def run(job: Job) -> None:
    """Write one row a network; `sampler` is "explicit" (uniform weights) or "reduced"."""
    spec = job.spec
    depth, width, beta, networks = (spec[key] for key in ("depth", "width", "beta", "networks"))
    address = {"sampler": spec["sampler"], "depth": depth, "width": width}
    stream, progress = random_stream(job, address, spec["block"]), job.progress("networks")
    if spec["sampler"] == "explicit":
        ratios = [
            independent_weights(
                depth,
                width,
                beta,
                networks,
                stream,
                law="uniform",
                inputs=spec["inputs"],
                gradients=True,
                progress=progress,
            )
        ]
    else:
        ratios = in_batches(
            networks,
            max(1, _REDUCED_BATCH_BYTES // (12 * depth * width)),
            lambda count: independent_gaussian_weights(
                depth, width, beta, count, stream, gradients=True
            ),
            progress,
        )
    write_samples(job, ratios)

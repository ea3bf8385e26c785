"""Devices and random streams of the jobs that compute with tensors."""

import sys

import torch

from deepinit.random import RandomStream
from deepinit.seeds import AddressPart
from study.device import choose_device, make_repeatable, own_gpu, why_no_gpu
from study.job import Job


def random_stream(job: Job, *address: AddressPart) -> RandomStream:
    """Return the stream at `address` within the job's paper and figure, on the job's device.

    The first stream of a job settles its device. If that is a GPU, it is the job's alone.

    Raises:
        UserError: the specification asks for a device that is not there, or none can be locked.
    """
    return RandomStream(job.seeds(*address), device_of(job))


def device_of(job: Job) -> torch.device:
    """Return where the job is computed, as torch calls it; settled, for good, when it is first asked for.

    What was decided is noted for its provenance and its record.

    Raises:
        UserError: as in `random_stream`.
    """
    if job.torch_device is not None:
        return job.torch_device
    make_repeatable()
    request = job.spec["device"]
    device = choose_device(request, job.gpus)
    if device.type == "cpu":
        job.device = "cpu"
        if job.gpus and request == "auto":
            job.say(f"asked for a GPU, but {why_no_gpu()}: computing on the CPU")
    else:

        def announce(sentence: str) -> None:
            print(f"deepinit: {job.label}: {sentence}", file=sys.stderr, flush=True)
            job.say(sentence)

        gpu = own_gpu(announce)
        # The model belongs to a result, as rounding may differ between two; which one of several does not.
        job.device = f"cuda ({gpu.name})"
        job.gpu = {"index": gpu.index, "uuid": gpu.uuid, "waited_seconds": round(gpu.waited, 1)}
        device = torch.device("cuda", gpu.index)
    job.torch_device = device
    return device

"""Devices and random streams of the jobs that compute with tensors."""

from deepinit.device import choose_device, make_repeatable
from deepinit.random_stream import RandomStream
from deepinit.seeds import AddressPart
from pipeline.job import Job


def random_stream(job: Job, *address: AddressPart) -> RandomStream:
    """Return the stream at `address` within the job's paper and figure, on the job's device.

    Raises:
        UserError: the specification asks for a device that is not there.
    """
    make_repeatable()
    device = choose_device(job.spec["device"], job.gpus)
    job.device = str(device)
    return RandomStream(job.seeds(*address), device)

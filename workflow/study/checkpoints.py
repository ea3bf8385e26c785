"""The checkpoint of a training job, beside the table that the job will write."""

import hashlib
import json

import torch

from study.checkpoint import Checkpoint
from study.code_hash import code_hash
from study.job import Job
from study.streams import device_of


def checkpoint(job: Job) -> Checkpoint:
    """Return the job's checkpoint: a hidden file in the folder of its first output.

    It counts only for the same specification, code, data, device and version of torch.
    """
    device_of(job)
    parts = {
        "spec": job.spec,
        "code": code_hash("job.py", job.script),
        "data": {
            name: [hashlib.sha256(file.read_bytes()).hexdigest() for file in files]
            for name, files in job.inputs.items()
        },
        "device": job.device,
        "torch": torch.__version__,
    }
    output = job.outputs[0]
    key = hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()
    return Checkpoint(output.with_name(f".{output.stem}.checkpoint"), key, say=job.say)

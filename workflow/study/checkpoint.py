"""Where a long training stands, on disk, so that a killed job goes on from there.

A checkpoint is one file: a SHA-256 digest, then torch's own format. It is written beside its
final place and renamed, so that it is whole or absent; a digest or key that is not the
expected one makes it count as absent. It is read with `weights_only=True`, which builds
tensors, numbers, strings, lists and dictionaries and runs no code of the file.

Random state is not kept. A training that resumes draws its streams again from their seeds up to
where it stands, which is cheap, and so ends with the numbers of an undisturbed run.
"""

import hashlib
import io
import json
import pickle
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch

from study.code_hash import code_hash
from study.files import atomic_path
from study.job import Job
from study.streams import device_of

_DIGEST_BYTES = hashlib.sha256().digest_size
#: Largest share of a training's time that goes into saving.
_SHARE = 0.02


class Checkpoint:
    """The state of one training job.

    Args:
        path: the file; its folder is made when needed.
        key: what the state belongs to. A state saved under another key is not used.
        seconds: least time between two saves; 0: save at every occasion.
        say: is told in a sentence when a checkpoint is used, or cannot be.

    Attributes:
        used: whether a saved state was loaded.
    """

    def __init__(
        self,
        path: Path,
        key: str,
        *,
        seconds: float = 30.0,
        say: Callable[[str], None] = lambda sentence: None,
    ) -> None:
        self.path, self.key, self.seconds, self._say = Path(path), key, seconds, say
        self._last, self._cost = time.monotonic(), 0.0
        self.used = False

    def load(self) -> dict[str, Any] | None:
        """Return the saved state, tensors on the CPU; None if there is none that can be used."""
        try:
            content = self.path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            self._say(f"{self.path} cannot be read ({error}): training starts from the beginning")
            return None
        digest, body = content[:_DIGEST_BYTES], content[_DIGEST_BYTES:]
        if hashlib.sha256(body).digest() != digest:
            self._say(f"{self.path} is damaged: training starts from the beginning")
            return None
        try:
            saved = torch.load(io.BytesIO(body), map_location="cpu", weights_only=True)
        except (pickle.UnpicklingError, RuntimeError) as error:
            self._say(f"{self.path} cannot be read ({error}): training starts from the beginning")
            return None
        if saved["key"] != self.key:
            self._say(
                f"{self.path} belongs to another configuration or code: training starts from the beginning"
            )
            return None
        self._say(f"training goes on from {self.path}")
        self.used = True
        return saved["state"]

    def due(self) -> bool:
        """Return whether it is time to save; from the second time on it takes no more than `_SHARE`."""
        least = max(self.seconds, self._cost / _SHARE) if self.seconds else 0
        return time.monotonic() - self._last >= least

    def save(self, state: dict[str, Any]) -> None:
        """Write `state` in place of what was saved before.

        Args:
            state: tensors, numbers, strings, None, lists and dictionaries of these.

        Raises:
            OSError: the folder cannot be written to, or the disk is full.
        """
        begun = time.monotonic()
        buffer = io.BytesIO()
        torch.save({"key": self.key, "state": state}, buffer)
        # No second copy: what a GPU holds of networks may fill much of the host's memory.
        body = buffer.getbuffer()
        with atomic_path(self.path) as path, path.open("wb") as file:
            file.write(hashlib.sha256(body).digest())
            file.write(body)
        self._last = time.monotonic()
        self._cost = self._last - begun

    def clear(self) -> None:
        """Delete what was saved; nothing happens if nothing was."""
        self.path.unlink(missing_ok=True)


def checkpoint_of(job: Job) -> Checkpoint:
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

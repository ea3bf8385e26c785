"""How many GPUs this process may use, without importing torch."""

import os
import shutil
import subprocess
from functools import cache


@cache
def visible_gpus() -> int:
    """Return the number of NVIDIA GPUs that CUDA_VISIBLE_DEVICES leaves, 0 without a driver.

    A scheduler that sets CUDA_VISIBLE_DEVICES is taken at its word only as to which of the GPUs
    that are there may be used.
    """
    if shutil.which("nvidia-smi") is None:
        return 0
    done = subprocess.run(["nvidia-smi", "-L"], capture_output=True, text=True, check=False)
    there = sum(line.startswith("GPU ") for line in done.stdout.splitlines())
    allowed = os.environ.get("CUDA_VISIBLE_DEVICES")
    if allowed is None:
        return there
    names = [name.strip() for name in allowed.split(",")]
    # CUDA stops at the first name that is not a device.
    stop = names.index("-1") if "-1" in names else len(names)
    return min(there, sum(bool(name) for name in names[:stop]))

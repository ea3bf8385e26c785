"""How many GPUs this process may use, without importing torch."""

import os
import subprocess
from functools import cache

#: Seconds that nvidia-smi may take: it hangs where a driver or a device is out of order.
_PATIENCE = 20


@cache
def visible_gpus() -> int:
    """Return the number of NVIDIA GPUs that CUDA_VISIBLE_DEVICES leaves, 0 without a driver.

    Where one of them is cut into parts (MIG), CUDA shows a process one part and nothing else.
    """
    try:
        done = subprocess.run(
            ["nvidia-smi", "-L"], capture_output=True, timeout=_PATIENCE, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return 0
    lines = done.stdout.decode(errors="replace").splitlines()
    there = sum(line.startswith("GPU ") for line in lines)
    allowed = os.environ.get("CUDA_VISIBLE_DEVICES")
    if allowed is not None:
        named = [name.strip() for name in allowed.split(",")]
        # CUDA shows those before the first name that is none.
        valid = [name.startswith(("GPU-", "MIG-")) or name.isdecimal() for name in named]
        there = min(there, valid.index(False) if False in valid else len(valid))
    return min(there, 1) if any(line.lstrip().startswith("MIG ") for line in lines) else there

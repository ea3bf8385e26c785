"""How many GPUs this process may use; torch is asked in another process, and not imported here."""

import shutil
import subprocess
import sys
from functools import cache

#: Seconds that torch may take to count them: it hangs where a driver or a device is out of order.
_PATIENCE = 20
_COUNT = "import torch; print(torch.cuda.device_count())"


@cache
def visible_gpus() -> int:
    """Return how many GPUs torch sees, 0 without NVIDIA's driver or where it is out of order."""
    if not shutil.which("nvidia-smi"):
        return 0
    command = [sys.executable, "-c", _COUNT]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=_PATIENCE, check=True
        )
        return int(done.stdout)
    except (OSError, ValueError, subprocess.SubprocessError):
        return 0

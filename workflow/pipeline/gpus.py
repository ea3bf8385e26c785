"""How many GPUs this process may use, without importing torch."""

import os
import re
import shutil
import subprocess
from functools import cache

#: Seconds that nvidia-smi may take: it hangs where a driver or a device is out of order.
_PATIENCE = 20
# "GPU 0: NVIDIA A100 (UUID: GPU-5d5b…)", and below it "  MIG 1g.5gb  Device  0: (UUID: MIG-c6d4…)".
_DEVICE = re.compile(r"^\s*(GPU|MIG)\b.*\(UUID:\s*([\w/-]+)\)")


@cache
def visible_gpus() -> int:
    """Return the number of NVIDIA GPUs that CUDA_VISIBLE_DEVICES leaves, 0 without a driver.

    A scheduler that sets CUDA_VISIBLE_DEVICES is taken at its word only as to which of the GPUs
    that are there may be used. Where one of them is cut into parts (MIG), CUDA shows a process one
    part and nothing else.
    """
    devices = _devices()
    allowed = os.environ.get("CUDA_VISIBLE_DEVICES")
    found = list(devices) if allowed is None else _allowed(allowed, devices)
    return 1 if any(name.startswith("MIG-") or devices[name] for name in found) else len(found)


def _devices() -> dict[str, list[str]]:
    """Return GPU ↦ its parts if it is cut into some, by UUID and in the order of nvidia-smi."""
    if shutil.which("nvidia-smi") is None:
        return {}
    try:
        done = subprocess.run(
            ["nvidia-smi", "-L"], capture_output=True, timeout=_PATIENCE, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return {}
    devices: dict[str, list[str]] = {}
    for line in done.stdout.decode(errors="replace").splitlines():
        if match := _DEVICE.match(line):
            kind, uuid = match.groups()
            if kind == "GPU":
                devices[uuid] = []
            elif devices:
                devices[next(reversed(devices))].append(uuid)
    return devices


def _allowed(names: str, devices: dict[str, list[str]]) -> list[str]:
    """Return the devices that are named, up to the first name that is none, as CUDA does.

    CUDA shows none at all if one is named twice.
    """
    found: list[str] = []
    for name in map(str.strip, names.split(",")):
        device = _device(name, devices)
        if device is None:
            break
        if device in found:
            return []
        found.append(device)
    return found


def _device(name: str, devices: dict[str, list[str]]) -> str | None:
    """Return the UUID of the device with an index, or with a UUID that begins with `name`."""
    if name.isdecimal():
        gpus = list(devices)
        return gpus[int(name)] if int(name) < len(gpus) else None
    if name.startswith("MIG-GPU-"):
        # The older form, MIG-GPU-<UUID of the GPU>/<instance>/<instance>.
        owner = name.removeprefix("MIG-").split("/", 1)[0]
        return name if devices.get(owner) else None
    every = [*devices, *(part for parts in devices.values() for part in parts)]
    found = [uuid for uuid in every if name.startswith(("GPU-", "MIG-")) and uuid.startswith(name)]
    return found[0] if len(found) == 1 else None

"""One point of how cost grows, alone in a fresh process: prints its time and peak memory as JSON.

python -m benchmarks.scaling_point reduced_outputs '{"depth": 1000, "width": 40, "networks": 100}'
"""

import json
import sys
import time
from pathlib import Path

from deepinit.random import RandomStream
from deepinit.resnet.ratios import independent_weights
from deepinit.resnet.ratios_without_weights import independent_gaussian_weights
from deepinit.seeds import seed_sequence
from study.device import make_repeatable

_BETA = 0.5


def _stream(block: int = 0) -> RandomStream:
    return RandomStream(seed_sequence(6, "scaling", block))


def reduced_outputs(depth: int, width: int, networks: int) -> None:
    """Outputs alone, no weights drawn."""
    independent_gaussian_weights(depth, width, _BETA, networks, _stream(), gradients=False)


def reduced_gradients(depth: int, width: int, networks: int, blocks: int = 1) -> None:
    """Outputs and gradients, no weights drawn, block after block."""
    for block in range(blocks):
        independent_gaussian_weights(depth, width, _BETA, networks, _stream(block), gradients=True)


def explicit_outputs(depth: int, width: int, networks: int) -> None:
    """Outputs alone, every weight drawn."""
    options = {"law": "uniform", "inputs": "uniform", "gradients": False}
    independent_weights(depth, width, _BETA, networks, _stream(), **options)


def explicit_gradients(depth: int, width: int, networks: int) -> None:
    """Outputs and gradients, every weight drawn."""
    options = {"law": "uniform", "inputs": "uniform", "gradients": True}
    independent_weights(depth, width, _BETA, networks, _stream(), **options)


#: name ↦ work.
POINTS = {
    work.__name__: work
    for work in (reduced_outputs, reduced_gradients, explicit_outputs, explicit_gradients)
}


def peak_mebibytes() -> float:
    """Return the most memory that this process has had; Linux only.

    `resource.getrusage` would count what the process that started this one had.
    """
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError("/proc/self/status does not say how much memory was used")


def main() -> None:
    """Do the work and print processor seconds and mebibytes (peak, and before it)."""
    make_repeatable()
    work, settings = POINTS[sys.argv[1]], json.loads(sys.argv[2])
    before = peak_mebibytes()
    begin = time.process_time()
    work(**settings)
    found = {
        "seconds": time.process_time() - begin,
        "peak_mebibytes": peak_mebibytes(),
        "mebibytes_before": before,
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main()

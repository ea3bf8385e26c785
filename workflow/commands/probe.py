"""Ask the questions of the three papers of a network of your own, any torch module.

    python workflow/cli.py probe my_net.py:build my_net.py:batch --networks 50

The first names a file and a function in it that returns a new torch.nn.Module (with --depth, of a depth),
the second a batch of inputs, or a function that returns one. Writes results/probe/<name>/: table.parquet
(one row per layer and network), figure.pdf and .png, and page.html. `workflow/PROBE.md` has examples.
"""

import argparse
import shlex
import sys
from pathlib import Path

from report.probe_files import probed, write
from study.code_hash import code_hash
from study.files import sha256
from study.progress import ProgressLines
from study.provenance import describe_code_and_machine

RESULTS = Path("results/probe")


def arguments() -> argparse.Namespace:
    """Return what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("model", help="my_net.py:build, a function that returns a new module")
    parser.add_argument("inputs", help="my_net.py:batch, a batch or a function that returns one")
    parser.add_argument("--networks", type=int, default=50, help="how many are built (50)")
    parser.add_argument("--seed", type=int, default=0, help="of everything (0)")
    parser.add_argument("--depth", type=int, help="L: build(L), build(L/2), build(L/4)")
    parser.add_argument("--batch-axis", type=int, default=0, help="of all tensors (0)")
    parser.add_argument("--blocks", nargs="+", default=[], help="modules with a residual branch")
    parser.add_argument("--name", help="of the folder below results/probe/")
    return parser.parse_args()


def main() -> None:
    """Probe, write the files, and print the summary."""
    asked = arguments()
    progress = ProgressLines("probe", "networks", [sys.stderr])
    names = ("networks", "seed", "depth", "batch_axis", "blocks")
    options = {name: getattr(asked, name) for name in names}
    report, (path, source) = probed(asked.model, asked.inputs, progress=progress, **options)
    folder = RESULTS / (asked.name or f"{path.stem}-{asked.model.rpartition(':')[2]}")
    provenance = {
        "made_by": "deepinit",
        "kind": "probe",
        "command": shlex.join(["python", "workflow/cli.py", "probe", *sys.argv[1:]]),
        "files": {str(file): sha256(file) for file in sorted({path, source})},
        **describe_code_and_machine(code_hash("commands/probe.py"), "cpu"),
    }
    names = ("table.parquet", "figure.pdf", "figure.png", "page.html")
    write(report, folder.name, [folder / name for name in names], provenance)
    print(report.summary())
    print(f"\nDone: {folder}/page.html, figure.pdf, figure.png, table.parquet")

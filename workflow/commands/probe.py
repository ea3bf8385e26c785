"""Ask the questions of the three papers of a network of your own, any torch module.

    python workflow/cli.py probe my_net.py:build my_net.py:batch --networks 50

The first names a file and a function in it that returns a new torch.nn.Module (with --depth, of a depth),
the second a batch of inputs, or a function that returns one. Writes results/probe/<name>/: table.parquet
(one row per layer and network), figure.pdf and .png, and page.html. `workflow/PROBE.md` has examples.
"""

import argparse
import importlib.util
import json
import shlex
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from commands.probe_page import page
from deepinit.probing.inputs import UnfitNetworks
from deepinit.probing.report import Report, probe
from pipeline.command_line import telling_mistakes
from study.code_hash import code_hash
from study.errors import UserError
from study.files import atomic_path, sha256, write_text
from study.progress import ProgressLines
from study.provenance import describe_code_and_machine
from study.style import use_style
from study.tables import write_table

RESULTS = Path("results/probe")


def loaded(place: str) -> tuple[Any, Path]:
    """Return what a "file.py:name" names, and the file.

    Raises:
        UserError: there is no such file or name, or the file cannot be run.
    """
    file, _, name = place.rpartition(":")
    path = Path(file)
    if not name or path.suffix != ".py":
        raise UserError(f"'{place}' must be a file and a name in it, such as my_net.py:build")
    if not path.is_file():
        raise UserError(f"there is no file '{file}' in {Path.cwd()}")
    known = sys.modules.get(path.stem)
    if known is None or getattr(known, "__file__", None) != str(path.resolve()):
        spec = importlib.util.spec_from_file_location(path.stem, path.resolve())
        known = importlib.util.module_from_spec(spec)
        sys.modules[path.stem] = known
        # The file may import others that lie beside it.
        sys.path.insert(0, str(path.resolve().parent))
        told_of(path, lambda: spec.loader.exec_module(known))
    if not hasattr(known, name):
        public = ", ".join(word for word in vars(known) if not word.startswith("_"))
        raise UserError(f"'{file}' has no '{name}'; in it are {public or 'no names'}")
    return getattr(known, name), path


def told_of(path: Path, call: Callable[[], Any]) -> Any:
    """Return what `call` returns; what fails in a user's file is told with its line.

    Raises:
        UserError: it fails.
    """
    try:
        return call()
    except ModuleNotFoundError as error:
        raise UserError(
            f"{path} needs the package '{error.name}', which is not installed here: "
            f".venv/bin/python -m pip install {error.name}"
        ) from None
    except UnfitNetworks as error:
        raise UserError(str(error)) from None
    except Exception as error:
        frames = traceback.extract_tb(error.__traceback__)
        lines = [frame.lineno for frame in frames if Path(frame.filename) == path.resolve()]
        if not lines and not isinstance(error, SyntaxError):
            raise
        line = error.lineno if isinstance(error, SyntaxError) else lines[-1]
        said = f"{type(error).__name__}: {error}".strip().splitlines()[0]
        raise UserError(f"{path}, line {line}: {said}") from None


def table_of(report: Report) -> tuple[pd.DataFrame, dict[str, str]]:
    """Return the table, and for each column that has gaps the one that says where.

    There is no number where a layer has none, or where its logarithm is that of zero.
    """
    frame = report.frame()
    missing = {}
    for name in frame.columns:
        if frame[name].dtype.kind == "f":
            absent = ~np.isfinite(frame[name])
            if absent.any():
                missing[name] = f"no_{name}"
                frame[f"no_{name}"] = absent
                frame[name] = frame[name].where(~absent)
    return frame, missing


def write(report: Report, folder: Path, provenance: dict[str, Any]) -> None:
    """Write the table, the figure and the page, each in one step.

    Raises:
        OSError: a file cannot be written.
    """
    frame, missing = table_of(report)
    write_table(frame, folder / "table.parquet", provenance, missing)
    use_style()
    figure = report.plot()
    note = json.dumps(provenance, sort_keys=True)
    title = f"deepinit probe {folder.name}"
    for suffix, metadata in (
        (".pdf", {"Title": title, "Subject": note, "CreationDate": None}),
        (".png", {"Title": title, "Description": note, "Software": None}),
    ):
        with atomic_path(folder / f"figure{suffix}") as path:
            figure.savefig(path, metadata=metadata)
    write_text(folder / "page.html", page(report, folder, provenance))


def arguments() -> argparse.Namespace:
    """Return what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("model", help="my_net.py:build, a function that returns a new module")
    parser.add_argument("inputs", help="my_net.py:batch, a batch or a function that returns one")
    parser.add_argument("--networks", type=int, default=50, help="how many are built (50)")
    parser.add_argument("--seed", type=int, default=0, help="of everything (0)")
    parser.add_argument("--depth", type=int, help="L: build(L), build(L/2), build(L/4)")
    parser.add_argument("--batch-axis", type=int, default=0, help="of all tensors (0)")
    parser.add_argument("--name", help="of the folder below results/probe/")
    return parser.parse_args()


@telling_mistakes
def main() -> int:
    """Probe, write the files, print the summary, and return the exit status."""
    asked = arguments()
    build, path = loaded(asked.model)
    inputs, source = loaded(asked.inputs)
    if not callable(build):
        raise UserError(f"'{asked.model}' must be a function that returns a new torch.nn.Module")
    progress = ProgressLines("probe", "networks", [sys.stderr])
    report = told_of(
        path,
        lambda: probe(
            build,
            inputs,
            asked.networks,
            asked.seed,
            depth=asked.depth,
            batch_axis=asked.batch_axis,
            progress=progress,
        ),
    )
    folder = RESULTS / (asked.name or f"{path.stem}-{asked.model.rpartition(':')[2]}")
    options = {"networks": asked.networks, "seed": asked.seed, "depth": asked.depth}
    options |= {"batch-axis": asked.batch_axis, "name": asked.name}
    words = ["python", "workflow/cli.py", "probe", asked.model, asked.inputs]
    for name, value in options.items():
        words += [] if value is None else [f"--{name}", str(value)]
    provenance = {
        "made_by": "deepinit",
        "kind": "probe",
        "command": shlex.join(words),
        "files": {str(file): sha256(file) for file in sorted({path, source})},
        **describe_code_and_machine(code_hash("commands/probe.py"), "cpu"),
    }
    write(report, folder, provenance)
    print(report.summary())
    print(f"\nDone: {folder}/page.html, figure.pdf, figure.png, table.parquet")
    return 0

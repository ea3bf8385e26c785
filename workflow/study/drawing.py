"""How figures are written: PDF and PNG, provenance inside, the same bytes every time."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from matplotlib import pyplot as plt
from matplotlib.figure import Figure

from study.files import atomic_path
from study.provenance import checksums
from study.sources import sources_of_tables
from study.style import use_style


def draw_and_write(job: Any, draw: Callable[[], Figure], paths: Sequence[Path]) -> None:
    """Draw a figure in the project's style and write it to each path in one step.

    The provenance, with the sources of all tables that it draws and the SHA-256 of all that it reads,
    stands in the PDF's "Subject" and in the PNG's "Description", as JSON. Dates are left out, so
    that the same job gives the same bytes.

    Raises:
        OSError: a file cannot be written.
    """
    use_style()
    figure = draw()
    own, others = job.spec["figure"], job.spec["read_settings"]
    tables = {own: job.inputs.get("table", []), **{key: job.inputs.get(key, []) for key in others}}
    job.sources = sources_of_tables({key: files[0] for key, files in tables.items() if files})
    read = checksums(file for files in job.inputs.values() for file in files)
    provenance = job.provenance("figure") | {"inputs": read}
    note = json.dumps(provenance, sort_keys=True, ensure_ascii=True)
    title = f"deepinit {job.spec['paper']} {own}"
    for path in paths:
        write_drawing(figure, path, title, note)
    plt.close(figure)


def write_drawing(figure: Figure, path: Path, title: str, note: str) -> None:
    """Write a figure as a PDF or PNG in one step, without a date, its provenance `note` inside.

    Raises:
        OSError: the file cannot be written.
    """
    with atomic_path(path) as temporary:
        if path.suffix == ".png":
            metadata = {"Title": title, "Description": note, "Software": None}
        else:
            metadata = {"Title": title, "Subject": note, "CreationDate": None}
        figure.savefig(temporary, metadata=metadata)

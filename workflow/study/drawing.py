"""How figures are written: PDF and PNG, provenance inside, the same bytes every time."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from matplotlib import pyplot as plt
from matplotlib.figure import Figure

from study.files import atomic_path
from study.sources import sources_of_tables
from study.style import use_style


def draw_and_write(job: Any, draw: Callable[[], Figure], paths: Sequence[Path]) -> None:
    """Draw a figure in the project's style and write it to each path in one step.

    The provenance, with the sources of all tables that it draws, stands in the PDF's "Subject" and
    in the PNG's "Description", as JSON. Dates are left out, so that the same job gives the same
    bytes.

    Raises:
        OSError: a file cannot be written.
    """
    use_style()
    figure = draw()
    own, read = job.spec["figure"], job.spec["read_settings"]
    tables = {own: job.inputs.get("table", []), **{key: job.inputs.get(key, []) for key in read}}
    job.sources = sources_of_tables({key: files[0] for key, files in tables.items() if files})
    note = json.dumps(job.provenance("figure"), sort_keys=True, ensure_ascii=True)
    title = f"deepinit {job.spec['paper']} {own}"
    metadata = {
        ".pdf": {"Title": title, "Subject": note, "CreationDate": None},
        ".png": {"Title": title, "Description": note, "Software": None},
    }
    for path in paths:
        with atomic_path(path) as temporary:
            figure.savefig(temporary, metadata=metadata[path.suffix])
    plt.close(figure)

"""How figures are written: PDF and PNG, provenance inside, the same bytes every time."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("agg")
from matplotlib import pyplot as plt
from matplotlib.figure import Figure

from deepinit.files import atomic_path


def write_figure(figure: Figure, paths: Sequence[Path], provenance: Mapping[str, Any]) -> None:
    """Write `figure` to each path in one step and close it.

    The provenance stands in the PDF's "Subject" and in the PNG's "Description", as JSON.
    Dates are left out, so that the same job gives the same bytes.

    Raises:
        OSError: a file cannot be written.
    """
    note = json.dumps(provenance, sort_keys=True, ensure_ascii=True)
    title = f"deepinit {provenance['spec']['paper']} {provenance['spec']['figure']}"
    metadata = {
        ".pdf": {"Title": title, "Subject": note, "CreationDate": None},
        ".png": {"Title": title, "Description": note, "Software": None},
    }
    for path in paths:
        with atomic_path(path) as temporary:
            figure.savefig(temporary, metadata=metadata[path.suffix])
    plt.close(figure)

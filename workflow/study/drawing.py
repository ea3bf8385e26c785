"""How figures are written: PDF and PNG, provenance inside, the same bytes every time."""

import io
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.figure import Figure
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from study.files import atomic_path
from study.provenance import checksums
from study.sources import sources_of_tables
from study.style import use_style

#: Another colour is not seen if it differs by this much of 255, or at this share of all pixels, which
#: are those at the edges of lines and letters.
_UNSEEN, _EDGES = 8, 0.005


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
            _write_png(figure, temporary, {"Title": title, "Description": note})
        else:
            metadata = {"Title": title, "Subject": note, "CreationDate": None}
            figure.savefig(temporary, metadata=metadata)


def _write_png(figure: Figure, path: Path, texts: Mapping[str, str]) -> None:
    """Write a figure in 256 colours, which takes a third of the space, unless that can be seen."""
    pixels, info = io.BytesIO(), PngInfo()
    figure.savefig(pixels, format="png")
    for name, text in texts.items():
        info.add_text(name, text)
    with Image.open(pixels) as image:
        drawn = image.convert("RGB")
        few = drawn.quantize(256, Image.Quantize.MEDIANCUT, kmeans=2)
        before, after = (np.asarray(colours.convert("RGB"), int) for colours in (drawn, few))
        seen = (np.abs(after - before).max(axis=2) > _UNSEEN).mean()
        kept = few if seen <= _EDGES else drawn
        kept.save(path, "PNG", pnginfo=info, dpi=image.info["dpi"], optimize=True)

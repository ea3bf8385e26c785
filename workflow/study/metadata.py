"""The provenance that a table (Parquet) or a figure (PDF, PNG) carries in its metadata."""

import json
import logging
from pathlib import Path
from typing import Any

import pyarrow as pa
from PIL import Image
from pypdf import PdfReader
from pypdf.errors import PyPdfError

from study.errors import UserError
from study.tables import read_provenance

_KINDS = {b"%PDF": "PDF", b"\x89PNG": "PNG", b"PAR1": "Parquet"}
#: It warns of what it can mend.
logging.getLogger("pypdf").setLevel(logging.CRITICAL)


def _png(path: Path) -> dict[str, Any]:
    with Image.open(path) as image:
        # Texts may stand behind the pixels too, and a damaged file is found only there.
        image.load()
        return json.loads(image.info["Description"])


def _pdf(path: Path) -> dict[str, Any]:
    with PdfReader(path) as reader:
        return json.loads(reader.metadata["/Subject"])


_READERS = {"PDF": _pdf, "PNG": _png, "Parquet": read_provenance}


def provenance_of(path: Path) -> dict[str, Any]:
    """Return the provenance that a table (Parquet) or figure (PDF, PNG) carries.

    Its first bytes, not its name, decide the file type.

    Raises:
        UserError: the file is missing, of another kind, damaged or not made by this project.
    """
    try:
        with path.open("rb") as file:
            kind = _KINDS.get(file.read(4))
    except OSError as error:
        raise UserError(f"{path} cannot be read: {error.strerror}") from None
    if kind is None:
        raise UserError(
            f"{path} is none of this project's tables (Parquet) and figures (PDF, PNG): only they "
            "say in their metadata where they come from"
        )
    try:
        found = _READERS[kind](path)
    except (KeyError, TypeError, json.JSONDecodeError):
        found = None
    except (OSError, EOFError, SyntaxError, ValueError, PyPdfError, pa.ArrowException) as error:
        raise UserError(f"{path} is damaged ({error}): get it again, or make it again") from None
    if not isinstance(found, dict) or found.get("made_by") != "deepinit":
        raise UserError(
            f"{path} has no provenance of this project in its metadata: it was made by another "
            f"program, or one that saved it again has left it out; ask for the {kind} file as it was "
            "written"
        )
    return found

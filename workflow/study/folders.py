"""Figures are folders: `papers/<paper>/<figure>/`, found and not registered.

settings.py  the settings, and which grid points or jobs there are
compute.py   the function of one point; none for a figure that draws others' tables
present.py   summaries, the drawing, measurements
claims.yaml  published statements and their tests; may be absent
caption.rst  for the report
published/   values read off the paper; may be absent
"""

import importlib
import re
from functools import cache
from pathlib import Path

from study.code_hash import WORKFLOW
from study.settings import FigureSection

PAPERS = WORKFLOW / "papers"


def _natural(path: Path) -> list[tuple[int, str]]:
    """Sort fig2 before fig10, and numbered figures before those that the paper does not have."""
    found = re.match(r"fig(\d+)", path.name)
    return [(int(found[1]) if found else 10**6, path.name)]


def folder(paper: str, figure: str) -> Path:
    """Return the folder of a figure."""
    return PAPERS / paper / figure


def title_of(paper: str) -> str:
    """Return the title of a paper, which its folder's __init__.py gives as TITLE."""
    return importlib.import_module(f"papers.{paper}").TITLE


def claims_file(paper: str, figure: str) -> Path | None:
    """Return the file of a figure's claims; None if it has none."""
    file = folder(paper, figure) / "claims.yaml"
    return file if file.is_file() else None


@cache
def figures_of(paper: str) -> dict[str, type[FigureSection]]:
    """Return figure ↦ the class of its settings, in the order of the paper."""
    found = sorted(PAPERS.glob(f"{paper}/*/settings.py"), key=lambda file: _natural(file.parent))
    return {
        file.parent.name: importlib.import_module(
            f"papers.{paper}.{file.parent.name}.settings"
        ).Settings
        for file in found
    }


def published_files(paper: str, figure: str) -> list[Path]:
    """Return the files of values read off the paper, beside a figure."""
    return sorted(folder(paper, figure).glob("published/*.csv"))

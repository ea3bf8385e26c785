"""Figures are folders: `papers/<paper>/<figure>/`, found and not registered.

workflow/README.md says which files there are: "Add your own figure".

What figures of one paper share lies beside their folders. `paper.py` there, which no job imports, has
the paper's TITLE and POSITION, and may name the ORDER of its figures; `paper.md` has what the paper says.
"""

import importlib
import re
from functools import cache
from pathlib import Path
from typing import Any

from study.code_hash import WORKFLOW
from study.errors import UserError
from study.settings import FigureSection, Section

PAPERS = WORKFLOW / "papers"


def _natural(name: str) -> tuple[int, str]:
    """Sort fig2 before fig10, and numbered figures before those that the paper does not have."""
    found = re.match(r"fig(\d+)", name)
    return (int(found[1]) if found else 10**6, name)


def folder(paper: str, figure: str) -> Path:
    """Return the folder of a figure."""
    return PAPERS / paper / figure


def _of_paper(paper: str, name: str, default: Any = None) -> Any:
    """Return what `papers/<paper>/paper.py` says under a name."""
    return getattr(importlib.import_module(f"papers.{paper}.paper"), name, default)


def title_of(paper: str) -> str:
    """Return the title of a paper."""
    return _of_paper(paper, "TITLE")


@cache
def papers() -> tuple[str, ...]:
    """Return the papers in their order."""
    found = [file.parent.name for file in PAPERS.glob("*/paper.py")]
    return tuple(sorted(found, key=lambda paper: _of_paper(paper, "POSITION")))


def section_of(paper: str) -> type[Section]:
    """Return the class `Paper` of a paper's settings.py, which may check figures against each other."""
    if (PAPERS / paper / "settings.py").is_file():
        return getattr(importlib.import_module(f"papers.{paper}.settings"), "Paper", Section)
    return Section


def claims_file(paper: str, figure: str) -> Path | None:
    """Return the file of a figure's claims; None if it has none."""
    file = folder(paper, figure) / "claims.yaml"
    return file if file.is_file() else None


@cache
def figures_of(paper: str) -> dict[str, type[FigureSection]]:
    """Return figure ↦ the class of its settings, in the order of the paper.

    Figures that it does not name come last, in natural order.
    """
    found = {file.parent.name for file in PAPERS.glob(f"{paper}/*/settings.py")}
    named = [name for name in _of_paper(paper, "ORDER", ()) if name in found]
    return {
        name: importlib.import_module(f"papers.{paper}.{name}.settings").Settings
        for name in [*named, *sorted(found.difference(named), key=_natural)]
    }


def check_figures() -> None:
    """Check that rules can have the names of all figures, and that settings say what every figure says.

    Raises:
        UserError: a folder or its settings.py is to be changed.
    """
    for paper in papers():
        figures = figures_of(paper)
        for name, settings in figures.items():
            where = f"workflow/papers/{paper}/{name}"
            if not re.fullmatch(r"[a-z][a-z0-9_]*(?<!_parts)", name):
                raise UserError(f"{where}: name the folder in lower-case letters, digits and _")
            if lacking := [key for key in ("shows", "label") if not hasattr(settings, key)]:
                raise UserError(f"{where}/settings.py: Settings lacks {' and '.join(lacking)}")
            if other := {*settings.reads, *settings.reads_published}.difference(figures):
                raise UserError(f"{where}/settings.py reads {', '.join(other)}, which is no figure")


def published_files(paper: str, figure: str) -> list[Path]:
    """Return the files of values read off the paper, beside a figure."""
    return sorted(folder(paper, figure).glob("published/*.csv"))

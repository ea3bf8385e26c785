"""What the pages show, before any template: papers, their figures, the verdicts on each."""

import base64
import io
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from markupsafe import Markup
from PIL import Image

from report import texts
from report.intervals import bounds, compared_with, drawing, number
from report.origins import origin
from study.errors import UserError
from study.verdicts import (
    ADDED,
    DIFFERENT,
    NOT_AS_CAPTIONED,
    NOT_REPRODUCED,
    NOT_TESTABLE,
    NOT_TESTED,
    REPRODUCED,
    TOO_WIDE,
    VERDICTS,
)

#: Verdict ↦ its class in the style sheet.
KINDS = {
    REPRODUCED: "k-holds",
    DIFFERENT: "k-differs",
    NOT_REPRODUCED: "k-fails",
    NOT_AS_CAPTIONED: "k-caption",
    NOT_TESTED: "k-untested",
    NOT_TESTABLE: "k-untestable",
}
#: Pixels of a small picture, twice as many as it is wide on an ordinary screen; and its quality.
_THUMBNAIL, _QUALITY = 320, 60


@dataclass(frozen=True)
class Figure:
    """A figure with all that stands about it."""

    paper: str
    name: str
    label: str
    caption: Markup
    alt: str
    size: tuple[int, int]
    thumbnail: str
    tables: list[str]
    verdicts: list[dict[str, Any]]
    made: dict[str, Any]

    @property
    def anchor(self) -> str:
        """What one cites, marion2025/fig7."""
        return f"{self.paper}/{self.name}"

    @property
    def title(self) -> str:
        """Its number in the paper, or what this project calls it."""
        found = re.fullmatch(r"fig(\d+)([a-z]?)", self.name)
        return f"Figure {found[1]}{found[2]}" if found else self.name.replace("_", " ").capitalize()

    @property
    def heading(self) -> str:
        """Its title and what it shows in a few words, which may begin with the title."""
        if self.label.startswith(self.title.lower()):
            return self.title + self.label.removeprefix(self.title.lower())
        return f"{self.title}: {self.label}"


@dataclass(frozen=True)
class Paper:
    """A paper: who and what, its claim in a sentence, what it says, its figures."""

    name: str
    title: str
    source: Markup
    claim: Markup
    abstract: Markup
    figures: list[Figure]

    @property
    def verdicts(self) -> list[dict[str, Any]]:
        """The verdicts on all its figures."""
        return [verdict for figure in self.figures for verdict in figure.verdicts]


def count(verdicts: Iterable[dict[str, Any]], added: bool = False) -> dict[str, int]:
    """Return verdict ↦ how many statements have it, published ones or those that this project adds."""
    found = Counter(row["verdict"] for row in verdicts if row["added"] == added)
    return {name: found[name] for name in VERDICTS if found[name]}


def holding(counts: Mapping[str, int]) -> int:
    """Return how many of the statements that were counted hold, a stated difference or not."""
    return counts.get(REPRODUCED, 0) + counts.get(DIFFERENT, 0)


def verdicts_of(csv: Path) -> dict[tuple[str, str], list[dict[str, Any]]]:
    """Return (paper, figure) ↦ its verdicts, as verdicts.csv has them; None where a value is missing.

    Each has its `anchor`, whether it is `added` by this project, its numbers and interval for the page, and
    under `recorded` the same of the verdict on tables recorded at the papers' scale, if they give a number.
    """
    frame = pd.read_csv(csv).astype(object)
    found: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in frame.where(frame.notna(), None).to_dict("records"):
        row |= {
            "anchor": f"{row['paper']}/{row['figure']}/{row['claim']}",
            "added": row["statement"].startswith(ADDED),
            **_for_the_page(row),
        }
        own = {key.removeprefix("recorded_"): row[key] for key in row if "recorded_" in key}
        own = {**row, **own, "would_show": None, "note": _new(own["note"], row["note"])}
        row["recorded"] = own | _for_the_page(own) if own["measured"] is not None else None
        found.setdefault((row["paper"], row["figure"]), []).append(row)
    return found


def _new(note: str | None, told: str | None) -> str:
    """Return the parts of a note that another one does not have."""
    known = {*(told or "").split("; ")} - {TOO_WIDE}
    return "; ".join(part for part in (note or "").split("; ") if part not in known)


def _for_the_page(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "test": re.sub(r"(?<!\w)-(?=\d)", "−", row["test"] or ""),
        "drawing": drawing(row),
        "numbers": {key: number(row[key]) for key in ("published", "measured", "would_show")},
        "interval": bounds(row),
        "compared": compared_with(row),
    }


def papers(
    spec: Mapping[str, Any],
    config: Mapping[str, Any],
    verdicts: Mapping[tuple[str, str], list[dict[str, Any]]],
    files: Mapping[str, list[Path]],
) -> list[Paper]:
    """Return the papers.

    Args:
        spec: the job's, as `pipeline.expected.pages_spec` has it.
        config: the configuration in force.
        files: "figures", "captions" and "papers" ↦ their files, each in its paper's folder.
    """
    pictures = {(path.parent.name, path.stem): path for path in files["figures"]}
    captions = {(path.parts[-3], path.parts[-2]): path for path in files["captions"]}
    abstracts = {path.parent.name: path for path in files["papers"]}
    found = []
    for paper, figures in spec["papers"].items():
        drawn = []
        for name, given in figures.items():
            path, picture = captions[paper, name], pictures[paper, name]
            html, alt = texts.caption(path.read_text(encoding="utf-8"), config, str(path))
            size, thumbnail = _picture(picture)
            made = origin(picture, spec["carried"])
            drawn.append(
                Figure(
                    paper=paper,
                    name=name,
                    **given,
                    caption=html,
                    alt=alt,
                    size=size,
                    thumbnail=thumbnail,
                    verdicts=verdicts.get((paper, name), []),
                    made=made,
                )
            )
        found.append(_paper(paper, abstracts[paper], drawn))
    return found


def _paper(name: str, file: Path, figures: list[Figure]) -> Paper:
    """Return a paper, its texts from paper.md: title, source, claim, and the rest."""
    blocks = file.read_text(encoding="utf-8").split("\n\n", 3)
    if len(blocks) != 4 or not blocks[0].startswith("# "):
        raise UserError(
            f"{file} needs a heading, the authors, the claim in one sentence, and what the paper says, "
            "with an empty line between them"
        )
    title, *rest = blocks
    return Paper(name, title[2:], *(texts.markdown(text, name, {}) for text in rest), figures)


def _picture(path: Path) -> tuple[tuple[int, int], str]:
    """Return the size of a picture, and a small one as a data URI."""
    with Image.open(path) as image:
        size = image.size
        small = image.convert("RGB")
    small.thumbnail((_THUMBNAIL, _THUMBNAIL), Image.Resampling.LANCZOS)
    content = io.BytesIO()
    small.save(content, "WEBP", quality=_QUALITY, method=6)
    return size, "data:image/webp;base64," + base64.b64encode(content.getvalue()).decode()


def made_by(papers: Iterable[Paper]) -> dict[str, list[str]]:
    """Return what is behind all figures: commits, in short, their first and last date, seeds, machines."""
    made = [figure.made for paper in papers for figure in paper.figures]
    commits = {
        commit.partition("+")[0][:7]: date for one in made for commit, date in one["commits"]
    }
    dates = sorted(filter(None, commits.values()))
    return {
        "commits": list(commits),
        "dates": sorted({*dates[:1], *dates[-1:]}),
        "seeds": list(dict.fromkeys(seed for one in made for seed in one["seeds"])),
        "machines": list(dict.fromkeys(machine for one in made for machine in one["machines"])),
    }

"""Say where the results are and how many verdicts of each kind there are."""

from pathlib import Path

import pandas as pd

from pipeline.expected import figure_path, results_folder
from study.folders import claims_file
from study.judging import check_what_must_hold, decided_by_record
from study.verdicts import ADDED, NOT_REPRODUCED, VERDICTS


def figure_summary(preset: str, key: str) -> str:
    """Return where the figure of a key lies, and how many verdicts of each kind it has.

    Raises:
        UserError: one of its statements fails that must hold.
    """
    paper, _, figure = key.partition("_")
    if paper == "own":
        return f"Done: {results_folder(preset)}/own/{figure}.html, .pdf, .png and .parquet"
    text = f"Done: {figure_path(preset, paper, figure, 'pdf')} and .png"
    path = Path(results_folder(preset), "verdicts", paper, f"{figure}.csv")
    if claims_file(paper, figure) and path.is_file():
        frame = pd.read_csv(path)
        check_what_must_hold(frame)
        found = frame["verdict"].value_counts()
        counts = (f"{found[name]} {name}" for name in VERDICTS if name in found)
        text += f"\nVerdicts ({path}): {'; '.join(counts)}"
    return text


def summary(results: str) -> str:
    """Return a few lines about the results in the folder `results`."""
    frame = pd.read_csv(f"{results}/verdicts/verdicts.csv")
    added = frame["statement"].str.startswith(ADDED)
    counts = pd.crosstab(frame["verdict"], added).reindex(columns=[False, True], fill_value=0)
    lines = [
        f"Figures:   {results}/figures/<paper>/<figure>.pdf and .png",
        f"Tables:    {results}/tables/<paper>/<figure>.parquet",
        f"Verdicts:  {results}/verdicts/verdicts.csv",
        "             published    added",
        f"                   {(~added).sum():3d}      {added.sum():3d}  statements, of these",
        *(
            f"                   {counts.loc[name, False]:3d}      {counts.loc[name, True]:3d}  {name}"
            for name in VERDICTS
            if name in counts.index
        ),
        decided_by_record(frame),
    ]
    if NOT_REPRODUCED in counts.index:
        names = frame[frame["verdict"] == NOT_REPRODUCED]
        lines.append("Not reproduced: " + ", ".join(names["figure"] + " " + names["claim"]))
    lines.append(f"To read:   {results}/index.html")
    return "\n".join(lines)

"""Say where the results are and how many verdicts of each kind there are."""

import pandas as pd

from pipeline.expected import figure_path, results_folder
from study.judging import decided_by_record
from study.verdicts import ADDED, NOT_REPRODUCED, VERDICTS


def done(preset: str, key: str) -> str:
    """Return a sentence on where the figure of a key lies."""
    paper, _, figure = key.partition("_")
    if paper == "own":
        return f"Done: {results_folder(preset)}/own/{figure}.html, .pdf, .png and .parquet"
    return f"Done: {figure_path(preset, paper, figure, 'pdf')} and .png"


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

"""Put the verdicts of all papers into one table and one readable page."""

import html

import pandas as pd

from study.errors import UserError
from study.files import write_text
from study.job import Job
from study.judging import decided_by_record
from study.verdicts import (
    ADDED,
    DIFFERENT,
    NOT_AS_CAPTIONED,
    NOT_REPRODUCED,
    NOT_TESTABLE,
    NOT_TESTED,
    REPRODUCED,
    VERDICTS,
)

_COLOUR = {
    REPRODUCED: "#d5f0dc",
    DIFFERENT: "#e6f0c8",
    NOT_REPRODUCED: "#fbd9d3",
    NOT_AS_CAPTIONED: "#fce6c9",
    NOT_TESTED: "#eeeeee",
    NOT_TESTABLE: "#dddddd",
}
_STYLE = """body{font:14px/1.45 system-ui,sans-serif;margin:2em auto;max-width:1150px;padding:0 1em}
table{border-collapse:collapse;width:100%;margin:1em 0 2em}
th,td{text-align:left;vertical-align:top;padding:.35em .6em;border-bottom:1px solid #ddd}
th{border-bottom:2px solid #888}.number{white-space:nowrap;font-variant-numeric:tabular-nums}
.verdict{border-radius:.3em;padding:.1em .5em;display:inline-block}.small{color:#555;font-size:12px}"""


def _number(value: float) -> str:
    return "" if pd.isna(value) else f"{value:.4g}"


def _interval(low: float, high: float) -> str:
    return "" if pd.isna(low) or low == high else f"[{low:.4g}, {high:.4g}]"


def _badge(verdict: str) -> str:
    return f"<span class=verdict style='background:{_COLOUR[verdict]}'>{verdict}</span>"


def _of_record(row: pd.Series) -> tuple[str, str]:
    """Return the verdict on tables recorded at the papers' scale, and its test and note."""
    if pd.isna(row.recorded_verdict) or row.recorded_verdict in (NOT_TESTED, NOT_TESTABLE):
        return "", ""
    interval = _interval(row.recorded_low, row.recorded_high)
    note = "" if pd.isna(row.recorded_note) else html.escape(row.recorded_note)
    return (
        f"<br>{_badge(row.recorded_verdict)}<br><span class=small>(recorded at the papers' scale, "
        f"{html.escape(row.recorded_how)}: {_number(row.recorded_measured)} {interval})</span>",
        f"<br>Recorded: {html.escape(row.recorded_test)}<br>{note}",
    )


def _row(row: pd.Series) -> str:
    interval = _interval(row.low, row.high)
    note = "" if pd.isna(row.note) else html.escape(row.note)
    recorded, why = _of_record(row)
    cells = (
        f"{html.escape(row.statement)}<br><span class=small>{row.figure} · {row.claim}</span>",
        f"<span class=number>{_number(row.published)}</span>",
        f"<span class=number>{_number(row.measured)}<br>{interval}</span>",
        f"<span class=number>{_number(row.would_show)}</span>",
        f"{_badge(row.verdict)}{recorded}",
        f"<span class=small>{html.escape(row.test)}<br>{note}{why}</span>",
    )
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"


def _counts(frame: pd.DataFrame) -> str:
    counts = frame["verdict"].value_counts()
    return ", ".join(f"{counts[name]} {name}" for name in VERDICTS if name in counts)


def page(frame: pd.DataFrame, preset: str) -> str:
    """Return the verdicts as a self-contained HTML page."""
    added = frame["statement"].str.startswith(ADDED)
    columns = ("statement", "published", "measured", "would show a difference of", "verdict")
    head = f"<tr>{''.join(f'<th>{name}' for name in columns)}<th>test and note</tr>"
    tables = "".join(
        f"<h2>{paper}</h2><table>{head}{''.join(_row(row) for row in group.itertuples())}</table>"
        for paper, group in frame.groupby("paper", sort=False)
    )
    return (
        "<!doctype html><html lang=en><meta charset=utf-8><title>deepinit: verdicts</title>"
        f"<style>{_STYLE}</style><h1>Verdicts, preset {preset}</h1>"
        f"<p>{(~added).sum()} published statements: {_counts(frame[~added])}.</p>"
        f"<p>{added.sum()} of this project's own, “{ADDED}”: {_counts(frame[added])}.</p>"
        "<p>Intervals are 99.9 %. A row fails where ours lies further from the published value, or "
        f"beyond the bound, than “would show a difference of” says, in its unit.</p>"
        f"<p>{decided_by_record(frame)}</p>{tables}</html>\n"
    )


def check_what_must_hold(frame: pd.DataFrame) -> None:
    """Check the statements that the project must reproduce: its theory against its own simulation.

    Raises:
        UserError: one of them fails; nothing is written.
    """
    broken = frame[frame["must_hold"] & (frame["verdict"] == NOT_REPRODUCED)]
    if not broken.empty:
        lines = "; ".join(
            f"{row.claim}: measured {row.measured:.6g} in [{row.low:.6g}, {row.high:.6g}], "
            f"theory {row.published:.6g}"
            for row in broken.itertuples()
        )
        raise UserError(
            f"theory and simulation of this project disagree, so nothing is published: {lines}"
        )


def run(job: Job) -> None:
    """Write verdicts.csv and verdicts.html."""
    frame = pd.concat([pd.read_csv(path) for path in job.inputs["verdicts"]], ignore_index=True)
    check_what_must_hold(frame)
    frame = frame.drop(columns="must_hold")
    csv, web = job.outputs
    write_text(csv, frame.to_csv(index=False, float_format="%.6g"))
    write_text(web, page(frame, job.spec["preset"]))

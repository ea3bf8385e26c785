"""One probe of a network of the user's, and its files: a table, a figure and a page."""

import base64
import json
from functools import partial
from html import escape
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from deepinit.probing.inputs import UnfitNetworks
from deepinit.probing.report import Report, probe
from study.drawing import write_drawing
from study.errors import UserError
from study.files import write_text
from study.style import use_style
from study.tables import write_table
from study.user_code import as_user_errors, loaded

_STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; max-width: 62em; margin: 2em auto; padding: 0 1em; }
table { border-collapse: collapse; } td, th { text-align: left; vertical-align: top; padding: .4em .8em;
border-bottom: 1px solid #ddd; } .no { color: #b03a00; } .yes { color: #016b4f; } img { max-width: 100%; }
code, pre { background: #f4f4f4; padding: .1em .3em; white-space: pre-wrap; }
"""


def probed(build: str, inputs: str, **options: Any) -> tuple[Report, list[Path]]:
    """Return what `deepinit.probe` finds, and the files of the builder and of the inputs.

    Args:
        build: a place such as my_net.py:build, and `inputs`.
        options: of `deepinit.probe`.

    Raises:
        UserError: a file or a name is missing, fails, or cannot be measured.
    """
    builder, path = loaded(build)
    given, source = loaded(inputs)
    if not callable(builder):
        raise UserError(f"'{build}' must be a function that returns a new torch.nn.Module")
    files = [path, source]
    return as_user_errors(files, partial(probe, builder, given, **options), UnfitNetworks), files


def table_of(report: Report) -> tuple[pd.DataFrame, dict[str, str]]:
    """Return the table, and for each column that has gaps the one that says where.

    There is no number where a layer has none, or where its logarithm is that of zero.
    """
    frame = report.frame()
    missing = {}
    for name in frame.columns:
        if frame[name].dtype.kind == "f":
            absent = ~np.isfinite(frame[name])
            if absent.any():
                missing[name] = f"no_{name}"
                frame[f"no_{name}"] = absent
                frame[name] = frame[name].where(~absent)
    return frame, missing


def write(report: Report, name: str, outputs: list[Path], provenance: dict[str, Any]) -> None:
    """Write a table, a PDF, a PNG and a page, in this order and each in one step.

    Args:
        name: of the probe.

    Raises:
        OSError: a file cannot be written.
    """
    frame, missing = table_of(report)
    parquet, pdf, png, html = outputs
    write_table(frame, parquet, provenance, missing)
    use_style()
    figure = report.plot()
    note, title = json.dumps(provenance, sort_keys=True), f"deepinit probe {name}"
    for drawing in (pdf, png):
        write_drawing(figure, drawing, title, note)
    write_text(html, _page(report, name, png, provenance))


def _row(cells: list[str], kind: str = "td") -> str:
    return "<tr>" + "".join(f"<{kind}>{cell}</{kind}>" for cell in cells) + "</tr>"


def _page(report: Report, name: str, png: Path, provenance: dict[str, Any]) -> str:
    """Return the page; the picture is in it, so that it can be sent alone."""
    rows = [_row(["question", "answer", "what was found", "what helps", "paper"], "th")]
    for finding in report.findings:
        mark = {"yes": "yes", "no": "no"}.get(finding.answer, "")
        answer = f'<b class="{mark}">{escape(finding.answer)}</b>'
        words = [finding.question, answer, finding.sentence, finding.advice, finding.source]
        rows.append(_row([word if word is answer else escape(word) for word in words]))
    picture = base64.b64encode(png.read_bytes()).decode()
    files = ", ".join(
        f"{file} (sha256 {digest[:12]}…)" for file, digest in provenance["files"].items()
    )
    versions = {"Python": provenance["python"], **provenance["packages"]}
    packages = ", ".join(f"{name} {version}" for name, version in versions.items())
    title = escape(f"deepinit probe: {name}")
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title><style>{_STYLE}</style></head><body>
<h1>{title}</h1>
<p>{escape(report.heading())}</p>
<table>{"".join(rows)}</table>
<p>Intervals cover 99 %, over independent networks. An answer is yes or no only if the whole interval lies
on one side of the limits.</p>
<img alt="lengths, differences between inputs, gradients and branches by layer"
src="data:image/png;base64,{picture}">
<p>Thin: networks, each from a seed of its own; thick: their median; dashed: theory, where it covers these
networks.</p>
<h2>Made by</h2>
<pre>{escape(provenance["command"])}</pre>
<p>{escape(files)}; commit {escape(provenance["commit"])}; {escape(packages)}.</p>
</body></html>
"""

"""The page of one probe: answers, picture and provenance in one HTML file."""

import base64
from html import escape
from pathlib import Path
from typing import Any

from deepinit.probing.report import Report

_STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; max-width: 62em; margin: 2em auto; padding: 0 1em; }
table { border-collapse: collapse; } td, th { text-align: left; vertical-align: top; padding: .4em .8em;
border-bottom: 1px solid #ddd; } .no { color: #b03a00; } .yes { color: #016b4f; } img { max-width: 100%; }
code, pre { background: #f4f4f4; padding: .1em .3em; white-space: pre-wrap; }
"""


def _row(cells: list[str], kind: str = "td") -> str:
    return "<tr>" + "".join(f"<{kind}>{cell}</{kind}>" for cell in cells) + "</tr>"


def page(report: Report, folder: Path, provenance: dict[str, Any]) -> str:
    """Return the page; the picture is in it, so that it can be sent alone."""
    rows = [_row(["question", "answer", "what was found", "what helps", "paper"], "th")]
    for finding in report.findings:
        mark = {"yes": "yes", "no": "no"}.get(finding.answer, "")
        answer = f'<b class="{mark}">{escape(finding.answer)}</b>'
        words = [finding.question, answer, finding.sentence, finding.advice, finding.source]
        rows.append(_row([word if word is answer else escape(word) for word in words]))
    picture = base64.b64encode((folder / "figure.png").read_bytes()).decode()
    files = ", ".join(
        f"{file} (sha256 {digest[:12]}…)" for file, digest in provenance["files"].items()
    )
    versions = {"Python": provenance["python"], **provenance["packages"]}
    packages = ", ".join(f"{name} {version}" for name, version in versions.items())
    title = escape(f"deepinit probe: {folder.name}")
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

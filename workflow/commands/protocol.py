"""Vary each setting that a paper leaves open once, and write down how much it matters.

    python workflow/cli.py protocol            # (make protocol) compute the variations and write the page
    python workflow/cli.py protocol --page     # write the page from the numbers that are there

Reads workflow/protocol/settings.yaml, computes each variation as a preset of its own in
results/vary_<name>/, writes workflow/protocol/effects.csv and the page workflow/PROTOCOL.md.
"""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd
import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from deepinit.stats.intervals import Estimate, bootstrap, mean_interval, quantile_interval
from study.code_hash import WORKFLOW
from study.errors import UserError
from study.files import write_text
from study.strict_yaml import read_yaml
from study.tables import read_table

FOLDER = WORKFLOW / "protocol"
SETTINGS, EFFECTS, PAGE = FOLDER / "settings.yaml", FOLDER / "effects.csv", WORKFLOW / "PROTOCOL.md"
_LEVEL = 0.95


class Entry(BaseModel):
    """One open setting.

    Attributes:
        setting: what is open.
        papers_say: what is known of it.
        chosen: what this project does.
        key: where the configuration says so.
        figure: the figure on which it is varied; empty if it cannot matter.
        no_effect: why it cannot matter, if it cannot.
        name: of the variation, for its folder of results.
        varied: the other choice, in words.
        config: the other choice, laid over the laptop preset.
        quantity: what is compared, in words.
        column, where, statistic: how it is computed from the figure's table.
        missing_counts_as: what a row without a value counts as, such as infinity for a run that never
            started, of which a median can be taken.
        replicate: columns that tell independent replicates apart, where rows share weights;
            rows of one replicate are averaged first.
        varied_where: as `where`, for the varied table, if it differs.
    """

    model_config = ConfigDict(extra="forbid")

    setting: str
    papers_say: str
    chosen: str
    key: str
    figure: str = ""
    no_effect: str = ""
    name: str = Field("", pattern=r"^[a-z0-9_]*$")
    varied: str = ""
    config: dict[str, Any] = {}
    quantity: str = ""
    column: str = ""
    where: dict[str, float | int | str] = {}
    varied_where: dict[str, float | int | str] | None = None
    statistic: Literal["mean", "median", "sd", "mean of 10^", "median of 10^"] = "mean"
    missing_counts_as: float | None = None
    replicate: list[str] = []


def entries() -> list[Entry]:
    """Return the open settings; a mistake in their file raises a `UserError`."""
    try:
        return TypeAdapter(list[Entry]).validate_python(read_yaml(SETTINGS))
    except ValidationError as error:
        first = error.errors()[0]
        number, *keys = first["loc"] or (0,)
        where = f"{SETTINGS}, entry {number + 1}: {'.'.join(keys)}"
        raise UserError(f"{where}: {first['msg']}") from None


def measure(entry: Entry, frame: pd.DataFrame, where: dict[str, Any]) -> Estimate:
    """Return the quantity of an entry, with its 95 % interval, from the rows that `where` names.

    Raises:
        UserError: there are fewer than two such rows.
    """
    for column, value in where.items():
        frame = frame[frame[column] == value]
    if len(frame) < 2:
        raise UserError(f"{SETTINGS.name}, '{entry.name}': the table has no rows with {where}")
    values = frame[entry.column]
    if entry.missing_counts_as is not None:
        values = values.fillna(entry.missing_counts_as)
    if entry.replicate:
        values = values.groupby([frame[name] for name in entry.replicate]).mean()
    sample = values.to_numpy(dtype=np.float64)
    if entry.statistic.endswith("of 10^"):
        sample = 10**sample
    if entry.statistic.startswith("median"):
        return quantile_interval(sample, 0.5, _LEVEL)
    if entry.statistic == "sd":
        return bootstrap(sample, lambda part: float(np.std(part, ddof=1)), _LEVEL)
    return mean_interval(sample, _LEVEL)


def table_of(entry: Entry, preset: str) -> Path:
    """Return the table on which an entry is measured, at the given preset."""
    paper, _, figure = entry.figure.partition("_")
    return Path("results") / preset / "tables" / paper / f"{figure}.parquet"


def _compute(path: Path, preset: str, config: dict[str, Any]) -> None:
    """Have Snakemake make one table, or raise a `UserError`."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "variation.yaml"
        file.write_text(yaml.safe_dump({"preset": preset, "base": "laptop", **config}))
        command = ["snakemake", str(path), "--cores", "all", "--configfile", str(file), "--quiet"]
        if subprocess.run([sys.executable, "-m", *command], check=False).returncode:
            raise UserError(f"{path} could not be computed, see above")


def effects(settings: list[Entry]) -> pd.DataFrame:
    """Return one row per varied setting: the quantity as chosen and as varied, with intervals."""
    rows = []
    for entry in settings:
        if not entry.figure:
            continue
        row: dict[str, Any] = {"name": entry.name}
        for kind, preset, config in (
            ("chosen", "laptop", {}),
            ("varied", f"vary_{entry.name}", entry.config),
        ):
            path = table_of(entry, preset)
            _compute(path, preset, config)
            where = entry.where if kind == "chosen" else entry.varied_where or entry.where
            value, low, high = measure(entry, read_table(path), where)
            row |= {kind: value, f"{kind}_low": low, f"{kind}_high": high}
        rows.append(row)
    return pd.DataFrame(rows)


def _number(row: pd.Series, kind: str) -> str:
    return f"{row[kind]:.3g} [{row[f'{kind}_low']:.3g}, {row[f'{kind}_high']:.3g}]"


_HEAD = """\
# Protocol: what the papers leave open, what was chosen, how much it matters

Written by `python workflow/cli.py protocol` from [`protocol/settings.yaml`](protocol/settings.yaml). Each
setting whose effect is not plain by itself was varied once, all else as in the `laptop` preset; intervals are
95 %. Where the choice is a key of the configuration, a variation is one file of your own
([how](../README.md#one-figure-a-cluster-your-own-values-your-own-network)).
"""


def page(settings: list[Entry], numbers: pd.DataFrame) -> str:
    """Return the page, in Markdown."""
    rows = numbers.set_index("name")
    lines = [_HEAD]
    for entry in settings:
        lines += [
            f"## {entry.setting}",
            "",
            f"* Known: {entry.papers_say}.",
            f"* Chosen: {entry.chosen} (`{entry.key}`).",
        ]
        if entry.figure:
            row = rows.loc[entry.name]
            lines += [
                f"* Varied, `{entry.figure}`: {entry.varied}. {entry.quantity}: "
                f"{_number(row, 'chosen')} as chosen, {_number(row, 'varied')} as varied.",
            ]
        if entry.no_effect:
            lines.append(f"* {entry.no_effect}.")
        lines.append("")
    return "\n".join(lines)


def main() -> None:
    """Vary the settings (not with --page) and write the page."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--page", action="store_true", help="write the page alone, vary nothing")
    arguments, listed = parser.parse_args(), entries()
    if not arguments.page:
        write_text(EFFECTS, effects(listed).to_csv(index=False, float_format="%.6g"))
    write_text(PAGE, page(listed, pd.read_csv(EFFECTS)))
    print(f"wrote {PAGE.relative_to(WORKFLOW.parent)}")

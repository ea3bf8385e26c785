"""Compare the numbers of two folders of results: every column of every table, and every verdict.

    python workflow/cli.py compare results/laptop elsewhere/results/laptop

Metadata may differ, and so may the names of a table's parts; bits of numbers may not. Only what lies in
both folders is compared, and what lies in one of them alone is listed.
"""

import argparse
from pathlib import Path

import pandas as pd

from pipeline.command_line import telling_mistakes
from study.errors import UserError
from study.tables import read_table

_VERDICT = ["figure", "statement", "published", "measured", "low", "high", "test", "verdict"]


def table_differences(ours: pd.DataFrame, theirs: pd.DataFrame) -> list[str]:
    """Return what differs between two tables, a few words for each column."""
    if list(ours) != list(theirs):
        return [f"columns: {', '.join(sorted(set(ours) ^ set(theirs))) or 'in another order'}"]
    if len(ours) != len(theirs):
        return [f"rows: {len(ours)} and {len(theirs)}"]
    return [column for column in ours if not ours[column].equals(theirs[column])]


def verdict_differences(ours: pd.DataFrame, theirs: pd.DataFrame) -> list[str]:
    """Return the claims that are in one file only, or whose row differs in anything but its note."""
    first, second = (
        frame.set_index(["paper", "claim"])[_VERDICT].sort_index() for frame in (ours, theirs)
    )
    alone = [" ".join(claim) for claim in first.index.symmetric_difference(second.index)]
    common = first.index.intersection(second.index)
    first, second = first.loc[common], second.loc[common]
    same = (first == second) | (first.isna() & second.isna())
    return alone + [" ".join(claim) for claim in common[~same.all(axis=1)]]


def compare(first: Path, second: Path) -> tuple[list[str], int]:
    """Return what differs between two folders of results, a line each, and how much was compared.

    Raises:
        UserError: one is no folder of results, or they have nothing in common.
    """
    for folder in (first, second):
        if not (folder / "tables").is_dir():
            raise UserError(f"'{folder}' has no tables: name a folder such as results/laptop")
    tables = [
        {path.relative_to(folder).as_posix() for path in folder.glob("tables/*/*.parquet")}
        for folder in (first, second)
    ]
    lines = [f"only in one of them: {name}" for name in sorted(tables[0] ^ tables[1])]
    for name in sorted(tables[0] & tables[1]):
        found = table_differences(read_table(first / name), read_table(second / name))
        lines += [f"{name}: {words}" for words in found]
    compared = len(tables[0] & tables[1])
    verdicts = [folder / "verdicts" / "verdicts.csv" for folder in (first, second)]
    if all(path.is_file() for path in verdicts):
        lines += [f"verdict of {name}" for name in verdict_differences(*map(pd.read_csv, verdicts))]
    if not compared:
        raise UserError(f"'{first}' and '{second}' have no table in common")
    return lines, compared


@telling_mistakes
def main() -> int:
    """Print what differs; return 1 if anything does."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("first", type=Path)
    parser.add_argument("second", type=Path)
    arguments = parser.parse_args()
    lines, compared = compare(arguments.first, arguments.second)
    print("\n".join(lines or [f"{compared} tables have the same columns, bit for bit"]))
    return bool(lines)

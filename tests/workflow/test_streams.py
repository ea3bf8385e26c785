"""Every random stream of the smoke preset has the address and the seed that it had when it was recorded.

A changed address changes numbers without a word. Where that is meant, `recorded/streams.csv` is written
again from a build: figure, address within it, first word of the seed sequence. A new figure has no rows
until it is published.
"""

import csv
import json

import pytest
from project import ROOT, Project, sub_path

RECORDED = list(csv.DictReader((ROOT / "tests/recorded/streams.csv").open(encoding="utf-8")))


@pytest.mark.slow
@pytest.mark.parametrize("key", sorted({row["figure"] for row in RECORDED}))
def test_a_figure_draws_from_the_recorded_streams(built: Project, key: str):
    drawn: dict[str, int] = {}
    for path in (built.results / "logs/tables" / sub_path(key)).glob("*.json"):
        drawn |= json.loads(path.read_text(encoding="utf-8"))["streams"]
    recorded = {row["address"]: int(row["word"]) for row in RECORDED if row["figure"] == key}
    assert drawn == recorded

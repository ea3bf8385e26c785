"""Every random stream of the smoke preset has the address and the seed that it had when it was recorded.

A changed address changes numbers without a word. Where that is meant, `recorded/streams.csv` is written
again from a build: figure, address within it, first word of the seed sequence.
"""

import csv
import json

import pytest
from project import ROOT, SECTIONS, SMOKE, Project, sub_path

from deepinit.seeds import seed_sequence

RECORDED = list(csv.DictReader((ROOT / "tests/recorded/streams.csv").open(encoding="utf-8")))


@pytest.mark.slow
@pytest.mark.parametrize("key", SECTIONS)
def test_a_figure_draws_from_the_recorded_streams(built: Project, key: str):
    drawn: dict[str, int] = {}
    for path in (built.results / "logs/tables" / sub_path(key)).glob("*.json"):
        drawn |= json.loads(path.read_text(encoding="utf-8"))["streams"]
    recorded = {row["address"]: int(row["word"]) for row in RECORDED if row["figure"] == key}
    assert drawn == recorded


@pytest.mark.parametrize("row", RECORDED[:: len(RECORDED) // 40], ids=lambda row: row["address"])
def test_an_address_gives_the_recorded_seed(row: dict[str, str]):
    address = [_plain(part) for part in json.loads(row["address"])]
    paper, _, figure = row["figure"].partition("_")
    found = seed_sequence(SMOKE.root_seed, paper, figure, *address)
    assert found.generate_state(1)[0] == int(row["word"])


def _plain(part):
    """Return a part of an address as it was before it was written in canonical form."""
    if isinstance(part, dict):
        return (
            float(part["number"]) if "number" in part else {k: _plain(v) for k, v in part.items()}
        )
    return [_plain(value) for value in part] if isinstance(part, list) else part

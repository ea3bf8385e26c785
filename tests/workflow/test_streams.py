"""Every random stream of the smoke preset has the address and the seed that it had when it was recorded.

A changed address changes numbers without a word. Where that is meant, `recorded/streams.csv` is written
again from a build: figure, address within it, first word of the seed sequence. Addresses of the other presets
are known without a build where a figure declares one per grid point: of these `recorded/addresses.csv` has
the number and a hash. A new figure has rows in neither until it is published.
"""

import csv
import hashlib
import importlib
import json

import pytest
from project import ROOT, SECTIONS, SMOKE, Project, sub_path

from deepinit.seeds import canonical_json, seed_sequence
from pipeline.expected import part_specs
from study.folders import folder
from study.load import load_config, preset_names

RECORDED = list(csv.DictReader((ROOT / "tests/recorded/streams.csv").open(encoding="utf-8")))


@pytest.mark.slow
@pytest.mark.parametrize("key", sorted({row["figure"] for row in RECORDED}))
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


def declared(preset: str, paper: str, figure: str) -> tuple[int, str] | None:
    """Return how many addresses a figure's points have, and a hash of all; None if it declares none."""
    if not (folder(paper, figure) / "compute.py").is_file():
        return None
    module = importlib.import_module(f"papers.{paper}.{figure}.compute")
    if not getattr(module, "figure", None) or not module.figure.declares_addresses:
        return None
    specs = part_specs(load_config({"preset": preset}), paper, figure).values()
    found = {
        canonical_json(module.figure.address(spec, point))
        for spec in specs
        for point in spec["points"]
    }
    return len(found), hashlib.sha256("\n".join(sorted(found)).encode()).hexdigest()[:16]


def test_the_addresses_that_figures_declare_are_those_recorded_at_every_preset():
    recorded = list(csv.DictReader((ROOT / "tests/recorded/addresses.csv").open()))
    found = [
        {"preset": preset, "figure": key, "addresses": str(count), "hash": digest}
        for preset in preset_names()
        for key in SECTIONS
        if key in {row["figure"] for row in recorded}
        for count, digest in [declared(preset, *key.split("_", 1)) or (0, "")]
    ]
    assert found == recorded

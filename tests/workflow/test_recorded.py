"""What is kept of the papers' scale: each table is the one that the manifest says."""

import csv
import hashlib

import pytest
from project import ROOT

from study.tables import read_provenance

RECORDED = ROOT / "results" / "recorded"
ROWS = list(csv.DictReader((RECORDED / "manifest.csv").open(encoding="utf-8")))


def test_the_manifest_lists_every_table_and_no_other():
    there = {path.relative_to(RECORDED).as_posix() for path in RECORDED.rglob("*.parquet")}
    assert there == {row["table"] for row in ROWS}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["table"])
def test_a_table_is_the_one_that_was_computed(row):
    path = RECORDED / row["table"]
    assert hashlib.sha256(path.read_bytes()).hexdigest() == row["sha256"]
    provenance = read_provenance(path)
    assert (provenance["code"], provenance["commit"]) == (row["code"], row["commit"])
    assert row["device"] in provenance["device"]

"""Dates of files decide nothing: neither those of a checkout nor those of a wrong clock."""

import os

import numpy as np
import pytest
from faults import date_at_random
from project import Project, making

SEED = 20240607
DAY = 86400.0


@pytest.mark.slow
def test_a_change_is_made_and_kept_although_its_inputs_are_dated_in_the_future(
    built_copy: Project,
):
    before = built_copy.outcome()
    date_at_random(built_copy, np.random.default_rng([SEED, 9]))
    for path in (
        built_copy.table("marion2025_fig1", "depth00010_block00"),
        built_copy.table("marion2025_fig1"),
        built_copy.results / "figures/marion2025/fig1.pdf",
    ):
        path.unlink()
    done = built_copy.run(making("marion2025_fig1", "--cores", "2"))
    assert done.returncode == 0, done.text
    assert built_copy.outcome() == before


@pytest.mark.slow
def test_make_sees_an_edited_input_that_has_an_old_date(built_copy: Project):
    curve = built_copy.path / "workflow/papers/marion2025/fig1/published/means.csv"
    curve.write_text(curve.read_text().replace("0.", "0.0", 1))
    os.utime(curve, (DAY, DAY))
    assert built_copy.planned("marion2025_fig1") == {}, "Snakemake alone sees it now: simplify"
    done = built_copy.run(making("marion2025_fig1", "--cores", "2"))
    assert done.returncode == 0 and "1 of 1 jobs done" in done.text, done.text

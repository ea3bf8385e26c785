"""What `make` says while it works."""

import time

import pytest
from project import Project

from build import Estimate, expected_seconds


def test_the_time_left_follows_the_pace_of_finished_work(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter([0.0, 10.0, 10.0])
    monkeypatch.setattr(time, "monotonic", lambda: next(clock))
    estimate = Estimate({"long": 30.0, "short": 10.0})
    estimate.plan("long", 2)
    estimate.plan("short", 4)
    assert "estimating" in estimate.left()
    estimate.finish("short")
    # A tenth of 100 s of work took 10 s.
    assert estimate.left() == "about 90 s left".replace("90 s", "2 min")


def test_every_figure_has_a_measured_cost() -> None:
    from project import SECTIONS

    for preset in ("smoke", "laptop"):
        assert set(expected_seconds(preset)) == {f"{key}_parts" for key in SECTIONS}


@pytest.mark.slow
def test_make_says_what_it_does_how_far_it_is_and_where_the_results_are(
    built_copy: Project,
) -> None:
    (built_copy.results / "tables/luther2019/theory.parquet").unlink()
    command = ["python", "workflow/build.py", "all", "--preset", "smoke"]
    first = built_copy.run(command)
    assert first.returncode == 0, first.text
    for piece in (
        "luther2019 theory: putting the table together",
        "jobs done, ",
        "left",
        "verdicts.html",
    ):
        assert piece in first.text
    again = built_copy.run(command)
    assert again.returncode == 0
    assert "Everything is up to date." in again.text

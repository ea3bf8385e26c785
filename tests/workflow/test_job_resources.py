"""What a job asks a scheduler for."""

from types import SimpleNamespace

import pytest

from pipeline import job_resources


@pytest.mark.parametrize(
    ("part", "grown"), [({"data": "mnist"}, [60, 60, 60]), ({"depth": 3}, [60, 120, 240])]
)
def test_only_what_keeps_no_checkpoint_asks_for_more_time_at_a_new_attempt(
    part: dict, grown: list[int], monkeypatch: pytest.MonkeyPatch
):
    section = SimpleNamespace(minutes=60, parts=lambda: {"a": part})
    config = SimpleNamespace(figures=lambda: {"paper": {"figure": section}})
    monkeypatch.setattr(job_resources, "cost", lambda *asked: None)
    minutes = job_resources.part_minutes(None, config, "paper", "figure")
    assert [minutes(SimpleNamespace(part="a"), attempt) for attempt in (1, 2, 3)] == grown

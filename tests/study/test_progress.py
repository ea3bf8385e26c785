"""Lines of progress."""

import io
import re

import pytest

from study import progress


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [0.0]
    monkeypatch.setattr(progress.time, "monotonic", lambda: now[0])
    return now


def lines_of(
    clock: list[float], counts: list[int], seconds_each: float, resumed: bool = False
) -> list[str]:
    stream = io.StringIO()
    report = progress.ProgressLines("job", "epochs", [stream], lambda: resumed, period=5.0)
    for done in counts:
        clock[0] += seconds_each
        report(done, 1000)
    return stream.getvalue().splitlines()


def test_a_job_that_resumes_does_not_count_what_was_done_before_as_its_speed(clock: list[float]):
    last = lines_of(clock, [901, 902, 903], seconds_each=10, resumed=True)[-1]
    assert re.search(r"903/1000 epochs, 10 s each, about 16 min left", last)


def test_the_first_line_of_a_job_from_the_beginning_has_its_speed(clock: list[float]):
    (line,) = lines_of(clock, [100], seconds_each=100)
    assert re.search(r"100/1000 epochs, 1/s, about 15 min left", line)


def test_lines_come_at_most_once_a_period(clock: list[float]):
    lines = lines_of(clock, list(range(1, 101)), seconds_each=1)
    assert len(lines) == 20
    assert "1/s" in lines[-1]

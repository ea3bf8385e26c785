"""Progress of a long computation, for a terminal that several jobs share and for log files."""

import sys
import time
from typing import TextIO

from study.units import duration


class ProgressLines:
    """Prints "label: done/total unit, rate, time left" as whole lines, at most one a period.

    Whole lines instead of a moving bar: jobs that run at the same time share the terminal, and
    a log file keeps them readable. Rate and time left count from the first report on: a job that
    resumes from a checkpoint starts with a large number that it did not compute now.

    Args:
        label: what is being computed.
        unit: what is counted, in the plural.
        streams: where lines go, such as the terminal and the log.
        period: seconds between lines.
    """

    def __init__(self, label: str, unit: str, streams: list[TextIO], period: float = 5.0) -> None:
        self._label, self._unit, self._streams, self._period = label, unit, streams, period
        self._first: tuple[float, int] | None = None
        self._last = time.monotonic()

    def __call__(self, done: int, total: int) -> None:
        """Report that `done` of `total` units are finished."""
        now = time.monotonic()
        self._first = self._first or (now, done)
        if now - self._last < self._period or done == 0:
            return
        self._last = now
        line = f"{self._label}: {done}/{total} {self._unit}"
        started, done_before = self._first
        if done > done_before:
            rate = (done - done_before) / (now - started)
            line += f", {rate:.3g}/s" if rate >= 1 else f", {1 / rate:.3g} s each"
            if done < total:
                line += f", about {duration((total - done) / rate)} left"
        for stream in self._streams:
            print(line, file=stream, flush=True)


def to_terminal_and(log: TextIO) -> list[TextIO]:
    """Return the streams of a job: the terminal (standard error) and its log."""
    return [sys.stderr, log]

"""Progress of a long computation, for a terminal that several jobs share and for log files."""

import time
from collections.abc import Callable
from typing import TextIO

from study.units import duration


class ProgressLines:
    """Prints "label: done/total unit, rate, time left" as whole lines, at most one a period.

    Whole lines instead of a moving bar: jobs that run at the same time share the terminal, and
    a log file keeps them readable.

    Args:
        label: what is being computed.
        unit: what is counted, in the plural.
        streams: where lines go, such as the terminal and the log.
        resumed: whether the first report has what an interrupted run had done; rate and time left
            then count from it on.
        period: seconds between lines.
    """

    def __init__(
        self,
        label: str,
        unit: str,
        streams: list[TextIO],
        resumed: Callable[[], bool] = lambda: False,
        period: float = 5.0,
    ) -> None:
        self._label, self._unit, self._streams = label, unit, streams
        self._resumed, self._period = resumed, period
        self._start = self._last = time.monotonic()
        self._before: int | None = None

    def __call__(self, done: int, total: int) -> None:
        """Report that `done` of `total` units are finished."""
        now = time.monotonic()
        if self._before is None:
            self._before = 0
            if self._resumed():
                self._before, self._start = done, now
        if now - self._last < self._period or done == 0:
            return
        self._last = now
        line = f"{self._label}: {done}/{total} {self._unit}"
        if done > self._before:
            rate = (done - self._before) / (now - self._start)
            line += f", {rate:.3g}/s" if rate >= 1 else f", {1 / rate:.3g} s each"
            left = "done" if done >= total else f"about {duration((total - done) / rate)} left"
            line += f", {left}"
        for stream in self._streams:
            print(line, file=stream, flush=True)

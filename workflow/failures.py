"""Say of a job that failed which one it was, why, and where to read more; or that it may never start.

Snakemake reports every failed attempt in a paragraph of its own and tries some jobs again; here
each attempt becomes one line, and the last one says what Slurm or the job itself said.
"""

import re
import signal
from pathlib import Path

from pipeline.runs import any_lock
from slurm_words import Why, why_it_ended, why_it_may_wait_for_ever, why_it_was_refused

_FAILED = re.compile(
    r"^(?:Error in rule (\w+):|Error in group (\w+).*|    message: Error in group (\w+))$"
)
_LOG = re.compile(r"^ +log: (.+?)(?: \(check log file.*)?$")
_REFUSED = re.compile(r"The error message was '(.*?)'\.\n(.*)", re.DOTALL)
_NOT_SUBMITTED = re.compile(r"Job submission failed with exception: (.*)", re.DOTALL)
_ENDED = re.compile(r"SLURM-job '([\d_]+)' failed.*?status is: '(\w+)'", re.DOTALL)
_FITS_NOWHERE = re.compile(r"^No suitable partition found for job (\w+) based on")
_SUBMITTED = re.compile(r"^Job \S+ has been submitted with SLURM jobid (\d+) ")
_AGAIN = re.compile(r"^Trying to restart job \S+\.$")
#: Lines of Snakemake's own after a report. Within one there may be lines of anybody.
_AFTER = re.compile(
    r"^(\[\w{3} \w{3} +\d+ |Select jobs|Execute \d|Finished jobid|Job \S+ has been|Exiting|Cleaning up"
    r"|Shutting down|Complete log|Removing output|Auto-selected|\d+ of \d+ steps|Will exit)"
)


class Failures:
    """Reads Snakemake's output line by line and gives back what to print of its failures."""

    def __init__(self, profile: Path | None = None) -> None:
        """Start; `profile` is the folder of the profile with which jobs are submitted, if any."""
        self._profile = profile
        self._rule = ""
        self._report: list[str] = []
        self._said: set[str] = set()
        #: The rule of the job that is just being submitted although it fits into no partition.
        self._fits_nowhere = ""
        self._warned: set[tuple[str, str]] = set()

    @property
    def found(self) -> bool:
        """Whether there was any failure."""
        return bool(self._said)

    def read(self, line: str) -> tuple[list[str], bool]:
        """Return the lines to print now, and whether `line` was part of what they tell of."""
        if match := _FITS_NOWHERE.match(line):
            self._fits_nowhere = match[1]
            return self.end(), True
        if self._fits_nowhere and (match := _SUBMITTED.match(line)):
            return [*self.end(), *self._warn(match[1])], False
        if match := _FAILED.match(line):
            printed = self.end()
            # Slurm has refused it, which tells more.
            self._fits_nowhere = ""
            self._rule = next(filter(None, match.groups()))
            return printed, True
        if not self._rule:
            return [], bool(_AGAIN.match(line))
        if _AGAIN.match(line):
            return self._close(again=True), True
        if _AFTER.match(line):
            return self.end(), False
        self._report.append(line)
        return [], True

    def end(self) -> list[str]:
        """Return what is still to be printed when nothing more follows."""
        return self._close(again=False) if self._rule else []

    def _close(self, again: bool) -> list[str]:
        rule, report, self._rule, self._report = self._rule, self._report, "", []
        logs = [
            log for line in report if (match := _LOG.match(line)) for log in match[1].split(", ")
        ]
        why = self._why("\n".join(report), logs)
        cause = f": {why.cause}" if why else ""
        if again:
            # What Slurm refuses it refuses at once again, and it is said then.
            tried = why is None or not why.refused
            return [f"    {rule}{cause or ' failed'}; it is tried again"] if tried else []
        remedy = f". {why.remedy}" if why and why.remedy else ""
        lines = self._once([f"deepinit: the step '{rule}' failed{cause}{remedy}"])
        return [*lines, *(f"    see {log}" for log in logs if Path(log).is_file())]

    def _warn(self, job: str) -> list[str]:
        """Return what to say of a job that fits into no partition: once for all like it."""
        rule, self._fits_nowhere = self._fits_nowhere, ""
        why = why_it_may_wait_for_ever(rule, job, self._profile)
        if (rule, why.cause) in self._warned:
            return []
        self._warned.add((rule, why.cause))
        return [f"deepinit: the step '{rule}' may never start: {why.cause}. {why.remedy}"]

    def _once(self, lines: list[str]) -> list[str]:
        """Return those of `lines` that were not said before: all jobs may fail for one cause."""
        new = [line for line in lines if line not in self._said]
        self._said.update(new)
        return new

    def _why(self, report: str, logs: list[str]) -> Why | None:
        if match := _REFUSED.search(report):
            return why_it_was_refused(match[1], match[2], self._profile)
        if match := _NOT_SUBMITTED.search(report):
            return why_it_was_refused(match[1], "", self._profile)
        if match := _ENDED.search(report):
            slurm_logs = [Path(log) for log in logs if match[1] in Path(log).name]
            return why_it_ended(match[1], match[2], slurm_logs, self._profile)
        return None


def killed(number: int) -> str:
    """Return what to say of a Snakemake that a signal has ended, which could not say anything."""
    try:
        name = signal.Signals(number).name
    except ValueError:
        name = f"signal {number}"
    memory = ": perhaps memory ran out" if number == signal.SIGKILL else ""
    again = "'make unlock', then run again" if any_lock() else "run again"
    return (
        f"deepinit: Snakemake was killed ({name}), it is not known by whom{memory}. What was finished "
        f"is kept: {again}"
    )

"""The jobs of a plan, grouped: one row per figure, and one for each other thing that is made."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from planning.dry_run import PlannedJob
from planning.estimates import Estimate
from planning.reasons import why

#: From how many rows on the cheaper ones are put together, and how many stay as they are.
_MANY, _KEPT = 12, 8
_OTHERS = {"verdicts_page": "verdicts", "settings": "report"}


@dataclass(frozen=True)
class Row:
    """What would run for one figure, or for several of which the same is said.

    Attributes:
        name: the figure's key or what else is made.
        jobs: how many of which kind.
        reason: why, in words.
        estimates: of all its jobs.
        is_figure: whether it is a figure, or several.
    """

    name: str
    jobs: str
    reason: str
    estimates: list[Estimate]
    is_figure: bool

    @property
    def seconds(self) -> float:
        """Expected seconds of all jobs; jobs of unknown time count as none."""
        return sum(estimate.seconds or 0.0 for estimate in self.estimates)

    @property
    def longest(self) -> float:
        """Expected seconds of the longest job."""
        return max(estimate.seconds or 0.0 for estimate in self.estimates)

    @property
    def mebibytes(self) -> float:
        """Memory of the largest job."""
        return max(estimate.mebibytes for estimate in self.estimates)

    @property
    def predicted(self) -> bool:
        """Whether a part of this is predicted from other settings."""
        return any(estimate.predicted for estimate in self.estimates)

    @property
    def unknown(self) -> bool:
        """Whether nothing is known of the time of some job."""
        return any(estimate.seconds is None for estimate in self.estimates)


def _kinds(jobs: Sequence[PlannedJob]) -> str:
    """Return how many jobs of which kind: "12 parts, table, drawing"."""
    parts = sum(job.kind == "part" for job in jobs)
    words = [f"{parts} part{'s' * (parts > 1)}"] if parts else []
    words += [kind for kind in ("table", "drawing") if any(job.kind == kind for job in jobs)]
    others = sum(job.kind == "other" for job in jobs)
    words += [f"{others} job{'s' * (others > 1)}"] if others else []
    return ", ".join(words)


def _name(job: PlannedJob) -> str:
    if job.rule == "data_set":
        return f"data set {job.wildcards['data_set']}"
    return job.figure or _OTHERS.get(job.rule, job.rule)


def rows(jobs: Sequence[PlannedJob], estimates: Sequence[Estimate]) -> list[Row]:
    """Return one row per figure or other thing, figures first, the most expensive first."""
    groups: dict[str, list[int]] = {}
    for index, job in enumerate(jobs):
        groups.setdefault(_name(job), []).append(index)
    found = []
    for name, indices in groups.items():
        ours = [jobs[index] for index in indices]
        estimated = [estimates[index] for index in indices]
        found.append(Row(name, _kinds(ours), why(ours), estimated, bool(ours[0].figure)))
    return sorted(found, key=lambda row: (not row.is_figure, not row.unknown, -row.seconds))


def _together(reason: str, group: Sequence[Row]) -> Row:
    estimated = [estimate for row in group for estimate in row.estimates]
    name = f"{len(group)} more figures"
    return Row(name, f"{len(estimated)} jobs", reason, estimated, is_figure=True)


def _head(reason: str) -> str:
    """Return what kind of reason it is, without what has changed."""
    return "; ".join(part.split(": ")[0].split(" (")[0] for part in reason.split("; "))


def folded(every: Sequence[Row]) -> list[Row]:
    """Return few rows: of many figures, the most expensive, and the others by kind of reason."""
    figures = [row for row in every if row.is_figure]
    if len(figures) <= _MANY:
        return list(every)
    cheaper = figures[_KEPT:]
    shared = Counter(row.reason for row in cheaper)
    groups: dict[str, list[Row]] = {}
    for row in cheaper:
        reason = row.reason if shared[row.reason] > 1 else _head(row.reason)
        groups.setdefault(reason, []).append(row)
    rest = [
        _together(reason, group) if len(group) > 1 else group[0] for reason, group in groups.items()
    ]
    return [*figures[:_KEPT], *rest, *(row for row in every if not row.is_figure)]

"""What `make` would do with results that were not made here, judged without touching them."""

from collections.abc import Collection, Iterable
from dataclasses import replace

from adopt import all_files, unknown_files
from pipeline.adoption import Judgement, is_part, judge, table_of
from planning.dry_run import PlannedJob
from planning.table import DOES_NOT_FIT
from study.config import Config


def judge_copies(config: Config, wanted: Iterable[str]) -> Judgement:
    """Return which of the wanted results that Snakemake does not know `make` would take over."""
    unknown = set(wanted) & set(unknown_files(config))
    if not unknown:
        return Judgement()
    return judge(all_files(config)).among(unknown)


def made_anew(copies: Judgement, also: Collection[str]) -> list[str]:
    """Return the results that do not fit and are missed once they are set aside.

    A part is missed only where its table is made, which it is if it is among `also`.
    """
    made = {*copies.unfit, *also}
    return [path for path in copies.unfit if not is_part(path) or table_of(path) in made]


def as_make_sees(jobs: Iterable[PlannedJob], copies: Judgement) -> list[PlannedJob]:
    """Return the jobs of a dry run as they are once copies are taken over or set aside.

    Snakemake, which knows nothing of a copy, plans by its date.
    """
    fit, found = set(copies.fit), []
    for job in jobs:
        if fit.issuperset(job.outputs):
            continue
        why = next((copies.unfit[path] for path in job.outputs if path in copies.unfit), None)
        found.append(replace(job, reason=f"{DOES_NOT_FIT}: {why}") if why else job)
    return found


def in_words(copies: Judgement) -> str:
    """Return what becomes of the copies; nothing if there are none."""
    if not (copies.fit or copies.unfit):
        return ""
    counts = {
        "taken over": len(copies.fit),
        "set aside because they do not fit": len(copies.unfit),
    }
    becomes = ", ".join(f"{what}: {count}" for what, count in counts.items() if count)
    number = sum(counts.values())
    return f"Results that were not made here: {number}. `make` judges them first ({becomes})."

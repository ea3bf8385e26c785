"""From a paper's claims and tables to its rows of verdicts.csv."""

from collections.abc import Callable
from functools import partial
from types import ModuleType

import pandas as pd
import yaml

from claims.data import PaperData
from study.errors import UserError
from study.files import write_text
from study.job import Job
from study.verdicts import NOT_REPRODUCED, Measurement, judge, read_claims

COLUMNS = [
    "claim",
    "paper",
    "figure",
    "statement",
    "published",
    "measured",
    "low",
    "high",
    "test",
    "verdict",
    "note",
]


def measurement(modules: list[ModuleType], name: str) -> Callable[..., Measurement]:
    """Return the function that a claim names as module.function."""
    module, _, function = name.partition(".")
    (found,) = (item for item in modules if item.__name__.rpartition(".")[2] == module)
    return getattr(found, function)


def write_verdicts(job: Job, modules: list[ModuleType]) -> None:
    """Judge every claim and write the rows.

    Args:
        modules: their functions are the measurements that the claims name.

    Raises:
        UserError: a statement that the project must reproduce (its theory against its own
            simulation) fails; nothing is written.
    """
    entries = yaml.safe_load(job.inputs["claims"][0].read_text(encoding="utf-8"))
    data = PaperData.read(
        job.inputs["table"], job.spec["settings"], job.inputs.get("published", [])
    )
    rows = [
        judge(claim, partial(measurement(modules, claim.measure), data, **claim.arguments))
        for claim in read_claims(entries)
    ]
    broken = [row for row in rows if row["must_hold"] and row["verdict"] == NOT_REPRODUCED]
    if broken:
        lines = "; ".join(
            f"{row['claim']}: measured {row['measured']:.6g} in [{row['low']:.6g}, {row['high']:.6g}], "
            f"theory {row['published']:.6g}"
            for row in broken
        )
        raise UserError(
            f"theory and simulation of this project disagree, so nothing is published: {lines}"
        )
    frame = pd.DataFrame(rows).assign(paper=job.spec["paper"])[COLUMNS]
    write_text(job.outputs[0], frame.to_csv(index=False, float_format="%.6g"))

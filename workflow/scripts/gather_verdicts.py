"""Put the verdicts of all papers into one table."""

import pandas as pd

from study.errors import UserError
from study.files import write_text
from study.job import Job
from study.verdicts import NOT_REPRODUCED


def check_what_must_hold(frame: pd.DataFrame) -> None:
    """Check the statements that the project must reproduce: its theory against its own simulation.

    Raises:
        UserError: one of them fails; nothing is written.
    """
    broken = frame[frame["must_hold"] & (frame["verdict"] == NOT_REPRODUCED)]
    if not broken.empty:
        lines = "; ".join(
            f"{row.claim}: measured {row.measured:.6g} in [{row.low:.6g}, {row.high:.6g}], "
            f"theory {row.published:.6g}"
            for row in broken.itertuples()
        )
        raise UserError(
            f"theory and simulation of this project disagree, so nothing is published: {lines}"
        )


def run(job: Job) -> None:
    """Write verdicts.csv."""
    frame = pd.concat([pd.read_csv(path) for path in job.inputs["verdicts"]], ignore_index=True)
    check_what_must_hold(frame)
    frame = frame.drop(columns="must_hold")
    write_text(job.outputs[0], frame.to_csv(index=False, float_format="%.6g"))

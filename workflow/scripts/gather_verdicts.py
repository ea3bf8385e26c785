"""Put the verdicts of all papers into one table."""

import pandas as pd

from study.files import write_text
from study.job import Job
from study.judging import check_what_must_hold


def run(job: Job) -> None:
    """Write verdicts.csv."""
    frame = pd.concat([pd.read_csv(path) for path in job.inputs["verdicts"]], ignore_index=True)
    check_what_must_hold(frame)
    frame = frame.drop(columns="stops")
    write_text(job.outputs[0], frame.to_csv(index=False, float_format="%.6g"))

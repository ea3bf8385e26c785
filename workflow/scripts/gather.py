"""Put the parts of a table together."""

import pandas as pd

from deepinit.tables import read_table
from pipeline.job import Job


def run(job: Job) -> None:
    """Write the rows of all input parts, in the order of the parts."""
    frame = pd.concat([read_table(path) for path in job.inputs["part"]], ignore_index=True)
    job.write_table(frame, missing=job.spec["missing"])

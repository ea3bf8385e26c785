"""Put the parts of a table together."""

import pandas as pd

from study.job import Job
from study.sources import sources_of_parts
from study.tables import read_table


def run(job: Job) -> None:
    """Write the rows of all input parts, in the order of the parts, and where they come from."""
    parts = job.inputs["part"]
    frame = pd.concat([read_table(path) for path in parts], ignore_index=True)
    job.sources = sources_of_parts(parts)
    job.write_table(frame, missing=job.spec["missing"], kind="table")

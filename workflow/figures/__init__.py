"""Drawings: one folder a paper, one function a figure."""

import os

# Before matplotlib is imported: a notebook's backend, say, is not there in a job.
os.environ["MPLBACKEND"] = "agg"

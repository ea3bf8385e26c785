"""m, v and σ by layer of the infinitely wide network."""

import numpy as np
import pandas as pd

from deepinit.meanfield.arc_cosine import correlation_by_layer, mean_and_standard_deviation
from study.job import Job


def run(job: Job) -> None:
    """Write one row a layer: layer, correlation, mean (m), sd (v), total (σ), ratio (m/v)."""
    correlation = correlation_by_layer(job.spec["depth"])
    mean, sd = mean_and_standard_deviation(correlation)
    job.write_table(
        pd.DataFrame(
            {
                "layer": np.arange(len(correlation)),
                "correlation": correlation,
                "mean": mean,
                "sd": sd,
                "total": np.hypot(mean, sd),
                "ratio": mean / sd,
            }
        )
    )

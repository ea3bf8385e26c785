"""m, v and σ by layer of the infinitely wide network."""

import numpy as np

from deepinit.meanfield.arc_cosine import correlation_by_layer, mean_and_standard_deviation
from study.figure import Figure

figure = Figure()


@figure.point()
def by_layer(s):
    """One row per layer: correlation, mean (m), sd (v), total (σ), ratio (m/v)."""
    correlation = correlation_by_layer(s.depth)
    mean, sd = mean_and_standard_deviation(correlation)
    return {
        "layer": np.arange(len(correlation)),
        "correlation": correlation,
        "mean": mean,
        "sd": sd,
        "total": np.hypot(mean, sd),
        "ratio": mean / sd,
    }

"""What drawing and measurements of Figure 4 share: lengths by point, and means of other networks."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from deepinit.initialisers import WEIGHT_LAWS
from deepinit.stats.intervals import BOOTSTRAP_SEED
from deepinit.stats.skewed_mean import further_means
from study.figure_data import Tables, rows_where

#: The names of the paper's legend.
PUBLISHED_NAMES = {
    "2x He normal": "twice_he_normal",
    "He normal": "he_normal",
    "He normal (truncated)": "he_normal_truncated",
}
#: Networks in a point of the paper, and sets of others that are drawn.
PUBLISHED_NETWORKS, DRAWS = 1000, 500

Sets = dict[tuple[str, int], NDArray[np.float64]]


def rows_of(table: pd.DataFrame, law: str, image: str = "picture") -> pd.DataFrame:
    """Return the rows of one law and image."""
    return rows_where(table, law=law, image=image)


def read_off(published: Tables) -> pd.DataFrame:
    """Return the values read off the paper's figure, a column per law, a row per depth."""
    frame = published["hanin2018_fig4"]
    found = frame.pivot(index="depth", columns="initialisation", values="log10_mean_squared_length")
    return found.rename(columns=PUBLISHED_NAMES)


def log10_means(rows: pd.DataFrame) -> pd.Series:
    """Return log10 of the mean, dead networks included, by depth."""
    lengths = rows.groupby("depth")["log10_length"]
    largest = lengths.max()
    scaled = 10.0 ** (rows["log10_length"] - rows["depth"].map(largest)).fillna(-np.inf)
    return largest + np.log10(scaled.groupby(rows["depth"]).mean())


def exact_means(rows: pd.DataFrame) -> pd.Series:
    """Return log10 of the expectation by depth."""
    return rows.groupby("depth")["exact_log10_mean"].first()


def others(table: pd.DataFrame) -> Sets:
    """Return (shape of the law, depth) ↦ log10 of means of other networks over their expectation.

    Laws of one shape have the same: their lengths differ by a number. Depths are independent.
    """
    found, generator = {}, np.random.default_rng(BOOTSTRAP_SEED)
    for (law, depth), rows in table[table["image"] == "picture"].groupby(["law", "depth"]):
        key = (WEIGHT_LAWS[law].shape, int(depth))
        if key not in found:
            logs = (rows["log10_length"] - rows["exact_log10_mean"])[~rows["dead"]]
            dead = int(rows["dead"].sum())
            found[key] = further_means(logs, dead, PUBLISHED_NETWORKS, DRAWS, generator)
    return found

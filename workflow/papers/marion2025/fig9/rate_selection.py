"""The learning rate of each grid point, chosen on test images or on images held out.

A network is trained at each of several rates and the best one counts. Chosen on the test images, as
published, its test accuracy is the largest of all: it has profited from the test images. Chosen on
a validation set, its test accuracy is that of a network that has not seen them. The difference,
the *optimism* of the choice, is never negative for one grid point; its size is what matters. It
holds what choosing on test images gains and what choosing on fewer, held-out ones loses.
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from deepinit.stats.intervals import Estimate, TooFewReplicates
from papers.marion2025.heat_maps import zero_contour

#: Accuracy of a guess: MNIST and CIFAR-10 have ten classes.
CHANCE = 0.1
# The resampling is part of the computation: the same table gives the same interval.
_RESAMPLING_SEED = 20250226
_RESAMPLES_AT_ONCE = 1000


def choose_rates(frame: pd.DataFrame) -> pd.DataFrame:
    """Return one row per grid point, from the accuracies after the last epoch.

    Args:
        frame: one row per `data`, `hurst`, `beta`, `learning_rate` and `epoch`, with `test_images`,
            `test_accuracy` and `validation_accuracy`, both missing of a network that has diverged.

    Returns:
        Columns data, hurst, beta, test_images; test_best and test_validated, the test accuracy at the rate
        chosen on test images and on validation images; NaN where every network diverged. Ties go to the
        smaller rate.
    """
    place = ["data", "hurst", "beta", "test_images"]
    last = frame[frame["epoch"] == frame["epoch"].max()].sort_values("learning_rate")
    found = {}
    for name, column in (("best", "test_accuracy"), ("validated", "validation_accuracy")):
        by_accuracy = last.sort_values(column, ascending=False, kind="stable")
        chosen = by_accuracy.drop_duplicates(place).set_index(place)
        found[f"test_{name}"] = chosen["test_accuracy"]
    return pd.DataFrame(found).sort_index().reset_index()


def optimism_interval(frame: pd.DataFrame, validation_images: int, level: float) -> Estimate:
    """Return the mean optimism over the grid points of one data set, with its interval.

    The interval resamples the points and, at each rate, the numbers of test and validation images
    that are classified correctly, as binomial numbers around what was found. It so covers that
    another rate might have been chosen, even where none was. Binomial numbers of two rates
    are independent, while their errors on the same images are not: the interval is too wide
    rather than too narrow. What it does not cover are other networks at the same points.

    Args:
        frame: as in `choose_rates`, of one data set.

    Raises:
        TooFewReplicates: fewer than two points at which a network did not diverge.
    """
    last = frame[frame["epoch"] == frame["epoch"].max()]
    test, validation = (
        last.pivot(index=["hurst", "beta"], columns="learning_rate", values=column)
        .dropna(how="all")
        .fillna(0)
        .to_numpy()
        for column in ("test_accuracy", "validation_accuracy")
    )
    if len(test) < 2:
        raise TooFewReplicates("an interval needs two points at which a network did not diverge")
    images = int(last["test_images"].iloc[0])
    generator = np.random.Generator(np.random.PCG64(_RESAMPLING_SEED))
    resamples, means = max(2000, round(20 / (1 - level))), []
    for first in range(0, resamples, _RESAMPLES_AT_ONCE):
        count = min(_RESAMPLES_AT_ONCE, resamples - first)
        pick = generator.integers(len(test), size=(count, len(test)))
        drawn = generator.binomial(images, test[pick]) / images
        judged = generator.binomial(validation_images, validation[pick])
        means.append(_optimism(drawn, judged).mean(axis=-1))
    low, high = np.quantile(np.concatenate(means), [(1 - level) / 2, (1 + level) / 2])
    return Estimate(float(_optimism(test, validation).mean()), float(low), float(high))


def _optimism(test: NDArray[np.float64], validation: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the optimism of each point from accuracies, those of the rates along the last axis."""
    chosen = validation.argmax(axis=-1, keepdims=True)
    return test.max(axis=-1) - np.take_along_axis(test, chosen, axis=-1)[..., 0]


def frontier(accuracies: pd.DataFrame) -> pd.Series:
    """Return by H the β from which on networks train: accuracy half-way from chance to the map's best.

    Linear between grid points; NaN where the accuracy is nowhere or everywhere above half-way.

    Args:
        accuracies: β as index, rising, H as columns; NaN, which counts as chance, where every network
            diverged.
    """
    values = accuracies.fillna(CHANCE)
    return zero_contour((CHANCE + max(CHANCE, values.max(axis=None))) / 2 - values)

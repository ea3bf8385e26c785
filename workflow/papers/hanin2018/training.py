"""Training networks until they start: the jobs of Figures 1b, 2b and 3a."""

from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any

import pandas as pd

from deepinit.training.ensemble import epochs_to_accuracy
from deepinit.training.images import Images
from deepinit.training.outcome import Network, NetworkStart
from papers.hanin2018.runs import key_of_runs
from study.figure import Figure

#: Of `TrainingOutcome`.
_COLUMNS = ("epochs", "status", "first_reached", "initial_accuracy", "final_accuracy")


def address_with_biases(s: SimpleNamespace, point: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the address of a point that has the key `biases`, which those without do not name."""
    if point["biases"] == "trained":
        return point
    return {key: value for key, value in point.items() if key != "biases"}


def figure_of_starts(
    network: Callable[..., Network],
    address: Callable[..., Mapping[str, Any]] = address_with_biases,
    columns: Callable[[Network], Mapping[str, Any]] = lambda network: {},
    before: Callable[[NetworkStart, Images], Mapping[str, Any]] = lambda start, images: {},
) -> Figure:
    """Return a figure whose jobs train all their networks together, several runs at each point.

    Its table has one row per point and run: the point, `columns`, the run, `before` and its outcome,
    whose columns are those of `TrainingOutcome`. A killed job goes on from its checkpoint.

    Args:
        network: from settings, `streams` and the point's keys to the network.
        address: from settings and point to what all streams of the point begin with; a run has one
            stream for its weights and one for the order of its images.
        columns: of a network, beside the point.
        before: columns of a run, from its network and streams before training; may draw from the
            streams, which are taken from their beginning afterwards.
    """
    figure = Figure(unit="epochs")

    @figure.points
    def train(s, points, streams, images, missing, checkpoint, progress):
        rows, starts = [], []
        for point in points:
            built, place = network(s, streams, **point), address(s, point)
            for run in range(getattr(s, key_of_runs(point))):
                rows.append({**point, **columns(built), "run": run})
                weights = streams(place, run, "weights")
                order = streams(place, run, "order of images")
                starts.append(NetworkStart(built, weights, order, s.learning_rate))
                rows[-1] |= before(starts[-1], images)
        outcomes = epochs_to_accuracy(
            images,
            starts,
            batch_size=s.batch_size,
            target_accuracy=s.target_accuracy,
            max_epochs=s.max_epochs,
            checks_per_epoch=getattr(s, "checks_per_epoch", 1),
            progress=progress,
            checkpoint=checkpoint,
        )
        for row, outcome in zip(rows, outcomes, strict=True):
            row |= {name: getattr(outcome, name) for name in _COLUMNS}
        frame = pd.DataFrame(rows)
        frame = frame.astype(dict.fromkeys(missing, float))
        return frame.assign(**{flag: frame[column].isna() for column, flag in missing.items()})

    return figure

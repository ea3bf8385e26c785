"""Training networks until they start: what the figures that do so share."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from deepinit.seeds import AddressPart
from deepinit.training.ensemble import epochs_to_accuracy
from deepinit.training.outcome import Network, NetworkStart, TrainingOutcome
from study.checkpoints import checkpoint
from study.data_sets import images_of
from study.job import Job
from study.streams import random_stream


def start(job: Job, network: Network, place: AddressPart, run: int) -> NetworkStart:
    """Return run number `run` at one grid point, with streams of its own."""
    return NetworkStart(
        network=network,
        init_stream=random_stream(job, place, run, "weights"),
        order_stream=random_stream(job, place, run, "order of images"),
        learning_rate=job.spec["learning_rate"],
    )


def _row(place: Mapping[str, Any], outcome: TrainingOutcome) -> dict[str, Any]:
    return {
        **place,
        "epochs": outcome.epochs,
        "status": outcome.status,
        "first_reached": outcome.first_reached,
        "initial_accuracy": outcome.initial_accuracy,
        "final_accuracy": outcome.final_accuracy,
    }


def train_and_write(
    job: Job, places: Sequence[Mapping[str, Any]], networks: Sequence[NetworkStart]
) -> None:
    """Train the networks and write one row each: the columns of its place and its outcome.

    The columns of an outcome are those of `TrainingOutcome`; one that lacks a value says so in
    another. A killed job goes on from its checkpoint.
    """
    spec, saved = job.spec, checkpoint(job)
    outcomes = epochs_to_accuracy(
        images_of(job),
        networks,
        batch_size=spec["batch_size"],
        target_accuracy=spec["target_accuracy"],
        max_epochs=spec["max_epochs"],
        checks_per_epoch=spec.get("checks_per_epoch", 1),
        progress=job.progress("epochs"),
        say=job.say,
        checkpoint=saved,
    )
    frame = pd.DataFrame(map(_row, places, outcomes))
    missing = {
        "first_reached": "never_reached",
        "initial_accuracy": "no_initial_accuracy",
        "final_accuracy": "no_final_accuracy",
    }
    frame = frame.astype(dict.fromkeys(missing, float))
    frame = frame.assign(**{flag: frame[column].isna() for column, flag in missing.items()})
    job.write_table(frame, missing)
    saved.clear()

"""Accuracy after each epoch for some Hurst indices, all β and all learning rates of one data set."""

from collections.abc import Iterator
from itertools import product

import pandas as pd

from deepinit.training.residual_start import ResidualStart
from scripts.marion2025.residual_training import train
from study.checkpoints import checkpoint
from study.data_sets import images_of
from study.job import Job
from study.streams import random_stream


def _starts(job: Job) -> Iterator[tuple[dict[str, float], ResidualStart]]:
    """Yield column ↦ value, and the network, of every point and rate."""
    spec = job.spec
    shared = {key: spec[key] for key in ("data", "depth", "width")}
    if spec["generator"] != "exact":
        shared["generator"] = spec["generator"]
    for hurst, beta, rate in product(spec["hursts"], spec["betas"], spec["learning_rates"]):
        place = {"hurst": hurst, "beta": beta, "learning_rate": rate}
        yield (
            place,
            ResidualStart(
                law="fractional",
                beta=beta,
                biased=True,
                learning_rate=rate,
                weight_stream=random_stream(job, {**shared, **place}, "weights"),
                order_stream=random_stream(job, {**shared, **place}, "order of images"),
                hurst=hurst,
                generator=spec["generator"],
            ),
        )


def run(job: Job) -> None:
    """Write one row a point, learning rate and epoch: accuracies on test and held-out images.

    The same images of a data set are held out for all networks. Accuracies are missing, and
    `diverged` says so, from the epoch on in which a network has diverged.
    """
    spec = job.spec
    images = images_of(job)
    split = random_stream(job, {"data": spec["data"]}, "validation images").numpy
    held_out = split.permutation(len(images.train_images))[: spec["validation_images"]]
    places, starts = zip(*_starts(job), strict=True)
    saved = checkpoint(job)
    outcomes = train(job, images, starts, saved, held_out=held_out.tolist())
    rows = []
    for place, outcome in zip(places, outcomes, strict=True):
        for epoch in range(spec["epochs"]):
            finished = epoch < len(outcome.test_correct)
            test, validation = (
                counts[epoch] / total if finished else None
                for counts, total in (
                    (outcome.test_correct, len(images.test_images)),
                    (outcome.validation_correct, len(held_out)),
                )
            )
            rows.append(
                {
                    "data": spec["data"],
                    **place,
                    "epoch": epoch + 1,
                    "diverged": not finished,
                    "test_accuracy": test,
                    "validation_accuracy": validation,
                    "test_images": len(images.test_images),
                }
            )
    frame = pd.DataFrame(rows).astype({"test_accuracy": float, "validation_accuracy": float})
    job.write_table(frame, {"test_accuracy": "diverged", "validation_accuracy": "diverged"})
    saved.clear()

"""Accuracy after each epoch for some Hurst indices, all β and all learning rates of one data set."""

from itertools import product

import numpy as np
import pandas as pd

from deepinit.training.residual_start import ResidualStart
from deepinit.training.residual_training import train_residual_networks
from study.figure import Figure

figure = Figure(unit="steps")


def _start(s, streams, place):
    """Return the network of one point and rate."""
    address = {"data": s.data, "depth": s.depth, "width": s.width, **place}
    if s.generator != "exact":
        address["generator"] = s.generator
    return ResidualStart(
        law="fractional",
        beta=place["beta"],
        biased=True,
        learning_rate=place["learning_rate"],
        weight_stream=streams(address, "weights"),
        order_stream=streams(address, "order of images"),
        hurst=place["hurst"],
        generator=s.generator,
    )


def _shares(correct, images, epochs):
    """Return the share of images classified correctly after each epoch, NaN where there is none."""
    return np.append(np.divide(correct, len(images)), np.full(epochs - len(correct), np.nan))


@figure.points
def accuracies(s, points, streams, images, checkpoint, progress):
    """One row per point, learning rate and epoch: accuracies on test and held-out images.

    The same images of a data set are held out for all networks. Accuracies are missing, and
    `diverged` says so, from the epoch on in which a network has diverged.
    """
    places = [
        {"hurst": point["hurst"], "beta": beta, "learning_rate": rate}
        for point, beta, rate in product(points, s.betas, s.learning_rates)
    ]
    split = streams({"data": s.data}, "validation images").numpy
    held_out = split.permutation(len(images.train_images))[: s.validation_images]
    outcomes = train_residual_networks(
        images,
        [_start(s, streams, place) for place in places],
        depth=s.depth,
        width=s.width,
        batch_size=s.batch_size,
        epochs=s.epochs,
        drop_every=s.drop_every,
        held_out=held_out.tolist(),
        checkpoint=checkpoint,
        progress=progress,
    )
    epochs = np.arange(s.epochs)
    frames = [
        pd.DataFrame(
            {
                "data": s.data,
                **place,
                "epoch": epochs + 1,
                "diverged": epochs >= len(outcome.test_correct),
                "test_accuracy": _shares(outcome.test_correct, images.test_images, s.epochs),
                "validation_accuracy": _shares(outcome.validation_correct, held_out, s.epochs),
                "test_images": len(images.test_images),
            }
        )
        for place, outcome in zip(places, outcomes, strict=True)
    ]
    return pd.concat(frames, ignore_index=True)

"""Train one architecture in all arms at one learning rate."""

from typing import Any

import numpy as np
import pandas as pd
import torch

from deepinit.training.architectures import Architecture, all_cnn_c, plain_network, unet
from deepinit.training.detection import average_precision
from deepinit.training.examples import Examples, block_means, standardised
from deepinit.training.initialisation_arms import ARMS
from deepinit.training.learning_curve import Setting, Streams
from deepinit.training.learning_curves_by_arm import Curves, train_arms
from deepinit.training.membrane_images import membrane_images
from study.checkpoints import checkpoint
from study.data_sets import images_of
from study.job import Job
from study.streams import random_stream

_CLASSES = 10


def _examples(images: np.ndarray, targets: np.ndarray, device: torch.device) -> Examples:
    return Examples(torch.from_numpy(images).to(device), torch.from_numpy(targets).to(device))


def _classified(job: Job, device: torch.device) -> tuple[Examples, Examples, float, float]:
    """Return examples to train and to test on, and loss and score of the best constant answer."""
    data, block = images_of(job), job.spec["pixel_block"]
    train, test = (
        block_means(flat.reshape(-1, *data.image_shape), block)
        for flat in (data.train_images, data.test_images)
    )
    shares = np.bincount(data.train_labels, minlength=_CLASSES) / len(data.train_labels)
    loss = -float(np.sum(shares * np.log(np.maximum(shares, 1e-300))))
    score = float(np.mean(data.test_labels == shares.argmax()))
    training = _examples(standardised(train, train), data.train_labels, device)
    return training, _examples(standardised(test, train), data.test_labels, device), loss, score


def _membranes(job: Job, device: torch.device) -> tuple[Examples, Examples, float, float]:
    """Return the same for images of cells; the score is that of darkness, pixel by pixel."""
    made = [
        membrane_images(
            job.spec[number],
            job.spec["image_side"],
            np.random.Generator(np.random.SFC64(job.seeds({"architecture": "unet"}, number))),
        )
        for number in ("images", "test_images")
    ]
    share = float(made[0].boundary.mean())
    loss = -share * np.log(share) - (1 - share) * np.log(1 - share)
    score = average_precision(-made[1].images, made[1].boundary)
    train, test = (_examples(part.images[:, None], part.boundary, device) for part in made)
    return train, test, float(loss), score


def _architecture(spec: dict[str, Any], image: torch.Size) -> Architecture:
    if spec["architecture"] == "unet":
        return unet(1, spec["width"], spec["levels"])
    if spec["architecture"] == "all_cnn_c":
        return all_cnn_c(image[0], spec["width"], _CLASSES)
    return plain_network(image.numel(), spec["width"], spec["depth"], _CLASSES)


def _rows(job: Job, arm: str, curves: Curves) -> pd.DataFrame:
    """Return one row a network and point of its curve."""
    spec = job.spec
    windows = np.array_split(np.arange(spec["steps"]), spec["points"])
    losses = curves.losses.astype(np.float64)
    means = np.stack([losses[window].mean(axis=0) for window in windows])
    means[~np.isfinite(means)] = np.nan
    points, seeds = means.shape
    scores = np.where(np.isfinite(losses[-1]), curves.scores, np.nan)
    return pd.DataFrame(
        {
            "architecture": spec["architecture"],
            "rate": float(spec["rate"]),
            "arm": arm,
            "seed": np.tile(np.arange(seeds), points),
            "iteration": np.repeat([int(window[-1]) + 1 for window in windows], seeds),
            "loss": means.ravel(),
            "diverged": np.isnan(means).ravel(),
            "test_score": np.tile(scores, points),
            "no_test_score": np.tile(np.isnan(scores), points),
            "constant_units": curves.constant_units,
        }
    )


def run(job: Job) -> None:
    """Write one row an arm, network and point of its curve.

    loss is the mean training loss over the iterations since the point before, missing where one of them
    is not finite (diverged); test_score the accuracy or average precision of the trained network on
    test examples, the same in all its rows; constant_loss and baseline_score what needs no
    training; constant_units the hidden units of all networks of the arm that hardly vary over the
    first batch.

    Networks of the same seed have the same weights before the arm's own initialisation, and the
    same order of images, in every arm and at every rate.
    """
    spec, name = job.spec, job.spec["architecture"]

    def streams() -> list[Streams]:
        return [
            Streams(
                random_stream(job, {"architecture": name}, seed, "weights"),
                random_stream(job, {"architecture": name}, seed, "order of images"),
            )
            for seed in range(spec["seeds"])
        ]

    device = streams()[0].weights.device
    make = _membranes if name == "unet" else _classified
    examples, test_examples, constant_loss, baseline_score = make(job, device)
    settings = [
        Setting(
            arm=arm,
            rate=spec["rate"],
            momentum=spec["momentum"],
            batch_size=spec["batch_size"],
            steps=spec["steps"],
            total_scale=spec["total_scale"],
        )
        for arm in ARMS
    ]
    state = checkpoint(job)
    curves = train_arms(
        settings,
        _architecture(spec, examples.images.shape[1:]),
        examples,
        test_examples,
        streams,
        state,
        progress=job.progress("iterations"),
        say=job.say,
    )
    frame = pd.concat([_rows(job, arm, curves[arm]) for arm in ARMS], ignore_index=True)
    job.write_table(
        frame.assign(constant_loss=constant_loss, baseline_score=baseline_score),
        {"loss": "diverged", "test_score": "no_test_score"},
    )
    state.clear()

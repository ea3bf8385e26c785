"""Train one architecture in all arms at one learning rate."""

import numpy as np
import pandas as pd
import torch

from deepinit.training.architectures import all_cnn_c, plain_network, unet
from deepinit.training.detection import average_precision
from deepinit.training.examples import Examples, block_means, standardised
from deepinit.training.initialisation_arms import ARMS
from deepinit.training.learning_curve import Setting, Streams, train_arms
from deepinit.training.membrane_images import membrane_images
from study.data_sets import images_of
from study.figure import Figure
from study.streams import device_of

figure = Figure(unit="iterations")

_CLASSES = 10


@figure.point()
def curves(job, s, streams, checkpoint, progress, architecture, rate):
    """One row per arm, network and point of its curve.

    loss is the mean training loss over the iterations since the point before, missing where one of them
    is not finite (diverged); test_score the accuracy or average precision of the trained network on
    test examples, the same in all its rows; constant_loss and baseline_score what needs no
    training; constant_units the hidden units of all networks of the arm that hardly vary over the
    first batch.

    Networks of the same seed have the same weights before the arm's own initialisation, and the
    same order of images, in every arm and at every rate.
    """

    def of_seeds():
        address = {"architecture": architecture}
        return [
            Streams(streams(address, seed, "weights"), streams(address, seed, "order of images"))
            for seed in range(s.seeds)
        ]

    make = _membranes if architecture == "unet" else _classified
    examples, test_examples, constant_loss, baseline_score = make(job, s, device_of(job))
    settings = [
        Setting(
            arm=arm,
            rate=rate,
            momentum=s.momentum,
            batch_size=s.batch_size,
            steps=s.steps,
            total_scale=s.total_scale,
        )
        for arm in ARMS
    ]
    network = _network(s, architecture, examples.images.shape[1:])
    found = train_arms(
        settings, network, examples, test_examples, of_seeds, checkpoint, progress=progress
    )
    frame = pd.concat([_rows(s, arm, found[arm]) for arm in ARMS], ignore_index=True)
    return frame.assign(constant_loss=constant_loss, baseline_score=baseline_score)


def _examples(images, targets, device):
    return Examples(torch.from_numpy(images).to(device), torch.from_numpy(targets).to(device))


def _classified(job, s, device):
    """Return examples to train and to test on, and loss and score of the best constant answer."""
    data = images_of(job)
    train, test = (
        block_means(flat.reshape(-1, *data.image_shape), s.pixel_block)
        for flat in (data.train_images, data.test_images)
    )
    shares = np.bincount(data.train_labels, minlength=_CLASSES) / len(data.train_labels)
    loss = -float(np.sum(shares * np.log(np.maximum(shares, 1e-300))))
    score = float(np.mean(data.test_labels == shares.argmax()))
    training = _examples(standardised(train, train), data.train_labels, device)
    return training, _examples(standardised(test, train), data.test_labels, device), loss, score


def _membranes(job, s, device):
    """Return the same for images of cells; the score is that of darkness, pixel by pixel."""
    made = []
    for name, number in (("images", s.images), ("test_images", s.test_images)):
        bits = np.random.SFC64(job.seeds({"architecture": "unet"}, name))
        made.append(membrane_images(number, s.image_side, np.random.Generator(bits)))
    share = float(made[0].boundary.mean())
    loss = -share * np.log(share) - (1 - share) * np.log(1 - share)
    score = average_precision(-made[1].images, made[1].boundary)
    train, test = (_examples(part.images[:, None], part.boundary, device) for part in made)
    return train, test, float(loss), score


def _network(s, architecture, image):
    if architecture == "unet":
        return unet(1, s.width, s.levels)
    if architecture == "all_cnn_c":
        return all_cnn_c(image[0], s.width, _CLASSES)
    return plain_network(image.numel(), s.width, s.depth, _CLASSES)


def _rows(s, arm, curves):
    """Return one row per network and point of its curve."""
    windows = np.array_split(np.arange(s.steps), s.points_of_curve)
    losses = curves.losses.astype(np.float64)
    means = np.stack([losses[window].mean(axis=0) for window in windows])
    means[~np.isfinite(means)] = np.nan
    point, seed = np.indices(means.shape).reshape(2, -1)
    scores = np.where(np.isfinite(losses[-1]), curves.scores, np.nan)[seed]
    return pd.DataFrame(
        {
            "arm": arm,
            "seed": seed,
            "iteration": np.array([int(window[-1]) + 1 for window in windows])[point],
            "loss": means.ravel(),
            "diverged": np.isnan(means).ravel(),
            "test_score": scores,
            "no_test_score": np.isnan(scores),
            "constant_units": curves.constant_units,
        }
    )

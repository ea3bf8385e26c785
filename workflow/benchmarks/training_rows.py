"""Rows that train: the batched engines against torch modules, autograd and torch's optimisers."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from benchmarks.work import Effort, Part, Work, stream
from deepinit.initialisers import WEIGHT_LAWS
from deepinit.reference.modules import TrainedResidual, fully_connected, optimiser_step
from deepinit.training.ensemble import epochs_to_accuracy
from deepinit.training.fully_connected import FullyConnected
from deepinit.training.images import Images
from deepinit.training.outcome import NetworkStart
from deepinit.training.residual_start import ResidualStart
from deepinit.training.residual_training import train_residual_networks
from study.datasets.mnist import load_mnist

_SUBSET = Path(__file__).resolve().parents[1] / "data" / "mnist_subset"
CLASSES, RATE = 10, 0.01


def first_images(number: int) -> Images:
    """Return the first images to train on, and a test set that is too small to cost anything.

    No network gets all of it right, so that all train to the end.
    """
    mnist = load_mnist(_SUBSET)
    return replace(
        mnist,
        train_images=mnist.train_images[:number],
        train_labels=mnist.train_labels[:number],
        test_images=mnist.test_images[[0] * CLASSES],
        test_labels=np.arange(CLASSES),
    )


def _module_epochs(
    module: torch.nn.Module,
    images: Images,
    batch_size: int,
    epochs: int,
    optimiser: torch.optim.Optimizer,
) -> None:
    """Train one module on the images in a new order every epoch."""
    inputs, labels = torch.from_numpy(images.train_images), torch.from_numpy(images.train_labels)
    for _ in range(epochs):
        for index in torch.randperm(len(inputs)).split(batch_size):
            optimiser_step(module, inputs[index], labels[index], optimiser)


def _sgd(
    widths: Sequence[int], networks: int, batch_size: int, steps: int, epochs: int, floor: float
) -> Work:
    """Return a row of fully connected networks that plain SGD trains."""
    images = first_images(steps * batch_size)
    network = FullyConnected(tuple(widths), WEIGHT_LAWS["he_normal"])

    def ours() -> None:
        starts = [
            NetworkStart(network, stream("init", number), stream("order", number), RATE)
            for number in range(networks)
        ]
        epochs_to_accuracy(
            images, starts, batch_size=batch_size, target_accuracy=1.0, max_epochs=epochs
        )

    def reference() -> None:
        drawn = network.draw(stream("init", 0), images.train_images.shape[1], CLASSES)
        module = fully_connected([layer[0] for layer in drawn])
        optimiser = torch.optim.SGD(module.parameters(), lr=RATE)
        _module_epochs(module, images, batch_size, epochs, optimiser)

    return Work(
        title=f"training: {networks} networks of {len(widths)} × {widths[0]}, batch {batch_size}",
        floor=floor,
        reference=[Part(reference)],
        ours=ours,
        networks=networks,
        note=f"{epochs} epoch(s) of {steps} steps",
    )


def narrow(effort: Effort) -> Work:
    """16 networks of 40 × 40, hanin2018's batch on 10,000 images."""
    return _sgd([40] * 40, 16, 171, effort.of(58, 20), effort.of(2), floor=2)


def wide(effort: Effort) -> Work:
    """8 networks of 100 × 100, hanin2018's batch on the whole MNIST."""
    return _sgd([100] * 100, 8, 1024, effort.of(9, 4), 1, floor=1)


def deep_residual(effort: Effort) -> Work:
    """16 residual networks of 1000 layers of 30 neurons, with biases and Adam: marion2025 fig9."""
    depth, width, batch_size, networks, steps = 1000, 30, 128, 16, effort.of(3, 2)
    images = first_images(steps * batch_size)

    def start(number: int) -> ResidualStart:
        weights, order = stream("weights", number), stream("images", number)
        return ResidualStart("independent", 0.5, True, 1e-3, weights, order)

    def ours() -> None:
        train_residual_networks(
            images,
            [start(number) for number in range(networks)],
            depth=depth,
            width=width,
            batch_size=batch_size,
            epochs=1,
            drop_every=None,
        )

    def reference() -> None:
        weights = start(0).draw(depth, width, images.train_images.shape[1], CLASSES)
        module = TrainedResidual(*weights, depth**-0.5, True)
        optimiser = torch.optim.Adam(module.parameters(), lr=1e-3)
        _module_epochs(module, images, batch_size, 1, optimiser)

    return Work(
        title=f"training: {networks} networks of {depth} layers × {width}, batch {batch_size}",
        floor=4,
        reference=[Part(reference)],
        ours=ours,
        networks=networks,
        note=f"{steps} steps",
    )

"""Train scaled residual networks of one shape together (Marion et al. 2025, Figures 8, 9, 15).

Soft-max cross-entropy, Adam, ⌈n/batch⌉ steps an epoch (the last one smaller), every epoch in a
new order, the learning rate divided by ten after every `drop_every` epochs.

Each network has its own streams; `ensemble` says how far its outcome depends on the networks that share
its batch. A network whose logits, weights or outputs are not finite has diverged and leaves at once.
"""

from collections.abc import Sequence
from typing import Any

import torch

from deepinit.progress import Report, no_progress
from deepinit.random import device_of_all
from deepinit.training.checkpoint import Checkpoint
from deepinit.training.images import Images
from deepinit.training.memory_groups import Pause, capacity, groups_that_fit, train_groups
from deepinit.training.residual_group import Group, Setup
from deepinit.training.residual_start import ResidualOutcome, ResidualStart

#: Activations of the networks that are trained together, in bytes. On the CPU more networks
#: bring little once there are about ten of 1000 layers of 30 neurons at batch 128.
_ACTIVATIONS = {"cpu": 256 << 20, "cuda": 16 << 30}


def train_residual_networks(
    images: Images,
    starts: Sequence[ResidualStart],
    *,
    depth: int,
    width: int,
    batch_size: int,
    epochs: int,
    drop_every: int | None,
    held_out: Sequence[int] = (),
    keep_weights: bool = False,
    checkpoint: Checkpoint | None = None,
    progress: Report = no_progress,
) -> list[ResidualOutcome]:
    """Train networks of one shape for some epochs; accuracies are counted after each.

    Args:
        images: training and test set.
        starts: what to train; all streams on one device, which is where they are trained. Their
            numbers are those from the beginning of the streams on.
        depth: L.
        width: d.
        batch_size: images a step.
        epochs: passes over the training images.
        drop_every: epochs after which the rate is divided by ten, again and again; None: never.
        held_out: training images, by index, that are not trained on: the validation set.
        keep_weights: whether outcomes keep the trained weights.
        checkpoint: where to save the state now and then, and what to go on from; the caller clears
            it once the outcomes are safe.
        progress: called with (done, total), both in steps of one network; a network that leaves
            early counts as done.

    Returns:
        One outcome per network, in the order of `starts`.

    Raises:
        ValueError: a size is not positive, nothing is left to train on, or the streams are on
            different devices.
    """
    device = device_of_all(start.weight_stream for start in starts)
    if min(depth, width, batch_size, epochs, drop_every or 1, len(images.test_images)) < 1:
        raise ValueError(
            "depth, width, batch_size, epochs, drop_every and the test set must be positive: got "
            f"{depth}, {width}, {batch_size}, {epochs}, {drop_every}, {len(images.test_images)}"
        )
    if len(held_out) >= len(images.train_images):
        raise ValueError(f"{len(held_out)} images held out leave none to train on")
    setup = Setup(images, held_out, device, depth, width, batch_size, epochs, drop_every)
    limit = capacity(device, _ACTIVATIONS.get(device.type, 1 << 30))
    groups = groups_that_fit(range(len(starts)), setup.bytes_each, limit)
    outcomes = [ResidualOutcome() for _ in starts]

    def train(
        members: list[ResidualStart],
        theirs: list[ResidualOutcome],
        saved: dict[str, Any] | None,
        pause: Pause,
    ) -> None:
        group = Group(setup, members, theirs, saved)
        group.run(pause)
        if keep_weights:
            group.keep_weights()

    with torch.no_grad():
        train_groups(groups, starts, outcomes, epochs * setup.steps, train, progress, checkpoint)
    return outcomes

"""The training loop of networks of one shape that take every step together."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch

from deepinit.training.memory_groups import Pause
from deepinit.training.network_batch import SIZE_MULTIPLE, round_up
from deepinit.training.outcome import NetworkStart, TrainingOutcome
from deepinit.training.padded_images import PaddedImages


def next_order(start: NetworkStart, data: PaddedImages) -> np.ndarray:
    """Return the order in which the network sees the images in its next epoch."""
    return start.order_stream.numpy.permutation(data.images)


def train_together(
    data: PaddedImages,
    starts: Sequence[NetworkStart],
    outcomes: Sequence[TrainingOutcome],
    saved: dict[str, Any] | None,
    pause: Pause,
    *,
    batch_size: int,
    target_accuracy: float,
    max_epochs: int,
    checks_per_epoch: int,
) -> None:
    """Train the networks and fill in their outcomes.

    A network leaves as soon as it reaches the target or diverges.

    Args:
        data: padded images on the device.
        starts: the networks, all of one shape; their streams must be new.
        outcomes: where their outcomes go, and have gone up to `saved`; `epochs` hold the cap.
        saved: what `pause` was told of an interrupted training.
        pause: called after each epoch.
        batch_size: images a step, at most the number of training images.
        target_accuracy, max_epochs, checks_per_epoch: as in `epochs_to_accuracy`.
    """
    active = list(range(len(starts))) if saved is None else list(saved["active"])
    members = [starts[position] for position in active]
    layers = zip(*(data.draw(start) for start in members), strict=True)
    weights = [torch.cat(layer) for layer in layers]
    networks = [start.network for start in members]
    batch = networks[0].batch(networks, weights, batch_size, data.classes)
    if saved is not None:
        for own, value in zip(batch.parameters, saved["weights"], strict=True):
            own.copy_(value)
        for start in members:
            for _ in range(saved["epoch"]):
                next_order(start, data)
    rows = batch.networks * round_up(batch_size, SIZE_MULTIPLE)
    buffers = data.train.new_empty(rows, data.pixels), data.targets.new_empty(rows, data.classes)
    steps = -(-data.images // batch_size)
    # Steps of an epoch after which the test accuracy is looked at.
    checked = {-(-steps * check // checks_per_epoch) for check in range(1, checks_per_epoch)}

    def is_enough(correct: int) -> bool:
        return correct / data.test_images >= target_accuracy

    def note_start(time: float, correct: torch.Tensor, finite: torch.Tensor) -> None:
        hits = torch.where(finite, correct, 0).tolist()
        for position, count in zip(active, hits, strict=True):
            if is_enough(count) and outcomes[position].first_reached is None:
                outcomes[position].first_reached = time

    def train_an_epoch(before: int) -> torch.Tensor:
        """Return whether all logits of each network were finite in every step of the epoch, (networks,)."""
        orders = np.stack([next_order(starts[position], data) for position in active])
        orders = torch.from_numpy(orders).to(data.train.device)
        rates = [starts[position].learning_rate for position in active]
        rates = torch.tensor(rates, device=orders.device)
        largest = torch.zeros(len(active), device=orders.device)
        for step in range(1, steps + 1):
            first = (step - 1) * batch_size
            inputs, targets, number = data.gather(orders, first, batch_size, buffers)
            reached = batch.step(inputs, targets, (rates / -number).view(-1, 1, 1))
            largest = torch.maximum(largest, reached)
            if step in checked and step < steps:
                correct, outputs_finite = batch.count_correct(data.test, data.test_labels)
                note_start(before + step / steps, correct, outputs_finite)
        # A difference of two logits, and so the loss, is finite if twice the largest one is.
        return (2 * largest).isfinite()

    for done in range(0 if saved is None else saved["epoch"] + 1, max_epochs + 1):
        losses_finite = train_an_epoch(done - 1) if done > 0 else True
        correct, outputs_finite = batch.count_correct(data.test, data.test_labels)
        finite = batch.weights_finite() & outputs_finite & losses_finite
        if done > 0:
            note_start(done, correct, finite)
        verdicts = zip(correct.tolist(), finite.tolist(), strict=True)
        remaining = []
        for position, (hits, is_finite) in enumerate(verdicts):
            outcome, accuracy = outcomes[active[position]], hits / data.test_images
            if not is_finite:
                outcome.status = "diverged"
            elif done == 0:
                outcome.initial_accuracy = accuracy
                remaining.append(position)
            else:
                outcome.accuracies.append(accuracy)
                if is_enough(hits):
                    outcome.status, outcome.epochs = "reached", done
                else:
                    remaining.append(position)
        if len(remaining) < len(active):
            active = [active[position] for position in remaining]
            if active:
                batch.keep(remaining)
        if done > 0:
            state = {"epoch": done, "active": active, "weights": batch.parameters}
            pause(len(active) * (max_epochs - done), state)
        if not active:
            return

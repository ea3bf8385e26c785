"""The training loop of networks of one shape that take every step together."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import torch

from deepinit.training.network_batch import SIZE_MULTIPLE, NetworkBatch, round_up
from deepinit.training.outcome import NetworkStart, TrainingOutcome
from deepinit.training.padded_images import PaddedImages


class Standing(NamedTuple):
    """Where the training of networks of one shape stands, between two epochs.

    Attributes:
        epoch: epochs done.
        active: positions of the networks that go on, among those that started together.
        weights: their weights and biases, as `NetworkBatch.parameters`.
    """

    epoch: int
    active: list[int]
    weights: list[torch.Tensor]


def next_order(start: NetworkStart, data: PaddedImages) -> np.ndarray:
    """Return the order in which the network sees the images in its next epoch."""
    return start.order_stream.numpy.permutation(data.images)


def _begin(
    data: PaddedImages,
    starts: Sequence[NetworkStart],
    batch_size: int,
    standing: Standing | None,
) -> tuple[NetworkBatch, list[int]]:
    """Return the batch that trains on, and the positions of its networks among `starts`."""
    if standing is None:
        active = list(range(len(starts)))
        layers = zip(*(data.draw(start) for start in starts), strict=True)
        weights = [torch.cat(layer) for layer in layers]
    else:
        active = list(standing.active)
        # Clones, because what torch reads from a file need not start on a 64-byte boundary.
        weights = [layer.to(data.train.device).clone() for layer in standing.weights]
        for position in active:
            for _ in range(standing.epoch):
                next_order(starts[position], data)
    networks = [starts[position].network for position in active]
    return networks[0].batch(networks, weights, batch_size, data.classes), active


def train_together(
    data: PaddedImages,
    starts: Sequence[NetworkStart],
    outcomes: Sequence[TrainingOutcome],
    batch_size: int,
    target_accuracy: float,
    max_epochs: int,
    *,
    checks_per_epoch: int = 1,
    standing: Standing | None = None,
    after_epoch: Callable[[Standing], None] = lambda standing: None,
) -> None:
    """Train the networks and fill in their outcomes.

    A network leaves as soon as it reaches the target or diverges.

    Args:
        data: padded images on the device.
        starts: the networks, all of one shape.
        outcomes: where their outcomes go, and have gone up to `standing`; `epochs` hold the cap.
        batch_size: images a step, at most the number of training images.
        target_accuracy, max_epochs, checks_per_epoch: as in `epochs_to_accuracy`.
        standing: where an interrupted training stood; its streams must be new.
        after_epoch: called after each epoch with where the training stands then.
    """
    if standing is not None and not standing.active:
        return
    batch, active = _begin(data, starts, batch_size, standing)
    rows = batch.networks * round_up(batch_size, SIZE_MULTIPLE)
    buffers = data.train.new_empty(rows, data.pixels), data.targets.new_empty(rows, data.classes)
    steps = -(-data.images // batch_size)
    # Steps of an epoch after which the test accuracy is looked at.
    checked = {-(-steps * check // checks_per_epoch) for check in range(1, checks_per_epoch)}

    def is_enough(correct: int) -> bool:
        return correct / data.test_images >= target_accuracy

    def note_start(time: float, correct: torch.Tensor, finite: torch.Tensor) -> None:
        hits = torch.where(finite, correct, 0).tolist()
        for position, correct in zip(active, hits, strict=True):
            if is_enough(correct) and outcomes[position].first_reached is None:
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

    for done in range(standing.epoch + 1 if standing else 0, max_epochs + 1):
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
            after_epoch(Standing(done, active, batch.parameters))
        if not active:
            return

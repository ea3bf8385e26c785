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


class _Epoch:
    """One epoch of SGD after another over a batch of networks, with reused buffers.

    Args:
        data: padded images on the device.
        batch: the networks.
        batch_size: images a step.
        checks: how often an epoch the test accuracy is asked for, the end included.
    """

    def __init__(
        self, data: PaddedImages, batch: NetworkBatch, batch_size: int, checks: int
    ) -> None:
        self.data, self.batch, self.batch_size = data, batch, batch_size
        steps = -(-data.images // batch_size)
        #: Steps before the last one after which there is a check ↦ part of the epoch done.
        self._checked = {
            step: step / steps
            for step in (-(-steps * check // checks) for check in range(1, checks))
            if step < steps
        }
        rows = batch.networks * round_up(batch_size, SIZE_MULTIPLE)
        self._buffers = (
            data.train.new_empty(rows, data.pixels),
            data.targets.new_empty(rows, data.classes),
        )

    def run(
        self,
        starts: Sequence[NetworkStart],
        on_check: Callable[[float, torch.Tensor], None],
    ) -> torch.Tensor:
        """Train every network once on all images, each in a new order of its own.

        Args:
            starts: the networks.
            on_check: called at each check but the one at the end with the part of the epoch done
                and each network's correct answers, none where an output was not finite.

        Returns:
            Whether all logits of each network were finite in every step, bool, (networks,).
        """
        data, networks = self.data, len(starts)
        device = data.train.device
        orders = torch.from_numpy(np.stack([next_order(start, data) for start in starts]))
        orders = orders.to(device)
        rates = torch.tensor([start.learning_rate for start in starts], device=device)
        largest = torch.zeros(networks, device=device)
        for step, first in enumerate(range(0, data.images, self.batch_size), start=1):
            inputs, targets, number = data.gather(orders, first, self.batch_size, self._buffers)
            reached = self.batch.step(inputs, targets, (rates / -number).view(-1, 1, 1))
            largest = torch.maximum(largest, reached)
            if step in self._checked:
                correct, finite = self.batch.count_correct(data.test, data.test_labels)
                on_check(self._checked[step], torch.where(finite, correct, 0))
        # A difference of two logits, and so the loss, is finite if twice the largest one is.
        return (2 * largest).isfinite()


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
    epoch = _Epoch(data, batch, batch_size, checks_per_epoch)

    def is_enough(correct: int) -> bool:
        return correct / data.test_images >= target_accuracy

    def note_start(time: float, hits: Sequence[int]) -> None:
        for position, correct in zip(active, hits, strict=True):
            if is_enough(correct) and outcomes[position].first_reached is None:
                outcomes[position].first_reached = time

    finite = batch.weights_finite()
    for done in range(standing.epoch + 1 if standing else 0, max_epochs + 1):
        if done > 0:
            finite = epoch.run(
                [starts[network] for network in active],
                lambda part, hits, epochs=done - 1: note_start(epochs + part, hits.tolist()),
            )
            finite = finite & batch.weights_finite()
        correct, outputs_finite = batch.count_correct(data.test, data.test_labels)
        finite = finite & outputs_finite
        if done > 0:
            note_start(done, torch.where(finite, correct, 0).tolist())
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

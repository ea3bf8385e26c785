"""The training loop of networks of one shape that take every step together."""

from collections.abc import Callable, Sequence

import numpy as np
import torch

from deepinit.datasets import Images
from deepinit.train.network_batch import SIZE_MULTIPLE, NetworkBatch, pad_to, round_up
from deepinit.train.outcome import NetworkStart, TrainingOutcome
from deepinit.weights import draw_weights


class PaddedImages:
    """The data set on the device, padded; one zero image at the end serves as padding."""

    def __init__(self, images: Images, device: torch.device) -> None:
        self.images, self.true_pixels = images.train_images.shape
        self.test_images = len(images.test_images)
        self.classes = int(max(images.train_labels.max(), images.test_labels.max())) + 1
        self.pixels = round_up(self.true_pixels, SIZE_MULTIPLE)
        train, test, train_labels, test_labels = (
            torch.from_numpy(array)
            for array in (
                images.train_images,
                images.test_images,
                images.train_labels,
                images.test_labels,
            )
        )
        padded_test = round_up(self.test_images, SIZE_MULTIPLE)
        self.train = pad_to(train, self.images + 1, self.pixels).to(device)
        one_hot = torch.nn.functional.one_hot(train_labels, self.classes).float()
        self.targets = pad_to(one_hot, self.images + 1, self.classes).to(device)
        self.test = pad_to(test, padded_test, self.pixels).to(device)
        self.test_labels = (pad_to(test_labels + 1, padded_test) - 1).to(device)


def _draw_layers(start: NetworkStart, widths: Sequence[int]) -> list[torch.Tensor]:
    """Return the initial weights of one network, from the input layer to the output layer."""
    fans = zip(widths[1:], widths[:-1], strict=True)
    return [
        draw_weights(start.law, start.init_stream, 1, fan_out, fan_in) for fan_out, fan_in in fans
    ]


class _Epoch:
    """One epoch of SGD after another over a batch of networks, with reused buffers."""

    def __init__(self, data: PaddedImages, batch: NetworkBatch, batch_size: int) -> None:
        self.data, self.batch, self.batch_size = data, batch, batch_size
        rows = batch.networks * round_up(batch_size, SIZE_MULTIPLE)
        self._inputs = data.train.new_empty(rows, data.pixels)
        self._targets = data.targets.new_empty(rows, data.classes)

    def run(self, starts: Sequence[NetworkStart]) -> torch.Tensor:
        """Train every network once on all images, each in a new order of its own.

        Returns:
            Whether all logits of each network were finite in every step, bool, (networks,).
        """
        data, networks = self.data, len(starts)
        device = data.train.device
        orders = [start.order_stream.numpy.permutation(data.images) for start in starts]
        orders = torch.from_numpy(np.stack(orders)).to(device)
        rates = torch.tensor([start.learning_rate for start in starts], device=device)
        largest = torch.zeros(networks, device=device)
        for first in range(0, data.images, self.batch_size):
            number = min(self.batch_size, data.images - first)
            padded = round_up(number, SIZE_MULTIPLE)
            index = orders.new_full((networks, padded), data.images)
            index[:, :number] = orders[:, first : first + number]
            rows = networks * padded
            inputs = torch.index_select(data.train, 0, index.view(-1), out=self._inputs[:rows])
            targets = torch.index_select(data.targets, 0, index.view(-1), out=self._targets[:rows])
            reached = self.batch.step(
                inputs.view(networks, padded, -1),
                targets.view(networks, padded, -1),
                (rates / -number).view(-1, 1, 1),
            )
            largest = torch.maximum(largest, reached)
        # A difference of two logits, and so the loss, is finite if twice the largest one is.
        return (2 * largest).isfinite()


def train_together(
    data: PaddedImages,
    hidden_widths: Sequence[int],
    starts: Sequence[NetworkStart],
    outcomes: Sequence[TrainingOutcome],
    batch_size: int,
    target_accuracy: float,
    report: Callable[[int, int], None],
) -> None:
    """Train the networks and fill in their outcomes, whose `epochs` hold the cap on entry.

    A network leaves as soon as it reaches the target or diverges.

    Args:
        data: padded images on the device.
        hidden_widths: widths of the hidden layers, from the input upwards.
        starts: the networks.
        outcomes: where their outcomes go.
        batch_size: images a step, at most the number of training images.
        target_accuracy: test accuracy at which a network is done.
        report: called after each epoch with (networks that remain, epochs done).
    """
    widths = [data.true_pixels, *hidden_widths, data.classes]
    layers = zip(*(_draw_layers(start, widths) for start in starts), strict=True)
    batch = NetworkBatch([torch.cat(layer) for layer in layers], batch_size)
    epoch = _Epoch(data, batch, batch_size)
    max_epochs = outcomes[0].epochs if outcomes else 0
    active = list(range(len(starts)))
    finite = batch.weights_finite()
    for done in range(max_epochs + 1):
        if done > 0:
            finite = epoch.run([starts[network] for network in active]) & batch.weights_finite()
        correct, outputs_finite = batch.count_correct(
            data.test, data.test_labels, round_up(batch_size, SIZE_MULTIPLE)
        )
        verdicts = zip(correct.tolist(), (finite & outputs_finite).tolist(), strict=True)
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
                if accuracy >= target_accuracy:
                    outcome.status, outcome.epochs = "reached", done
                else:
                    remaining.append(position)
        if done > 0:
            report(len(remaining), done)
        if not remaining:
            return
        if len(remaining) < len(active):
            batch.keep(remaining)
            active = [active[position] for position in remaining]

"""Scaled residual networks that take every step of their training together.

What all of a training's groups share is a `Setup`; a `Group` stands somewhere between two
steps of it, and can be saved and taken up there.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import torch

from deepinit.resnet.ratios_theory import scaling_factor
from deepinit.training.fused_residual import FusedResidualBatch
from deepinit.training.images import Images
from deepinit.training.memory_groups import Pause
from deepinit.training.network_batch import SIZE_MULTIPLE, round_up
from deepinit.training.padded_images import PaddedImages
from deepinit.training.residual_batch import ScaledResidualBatch
from deepinit.training.residual_start import ResidualOutcome, ResidualStart

#: What the learning rate is multiplied by at each drop.
RATE_DROP = 0.1


class Setup:
    """The images, the shape of the networks and the schedule of a training.

    Args:
        images: training and test set.
        held_out: training images, by index, that are only measured on.
        device: where networks are trained.
        depth, width, batch_size, epochs, drop_every: as in `train_residual_networks`.

    Attributes:
        data: padded images; its test set is the held-out images followed by the test images.
        validation: number of held-out images.
        tested: number of test images.
        steps: steps an epoch.
        bytes_each: of the activations that a step of one network keeps.
        kind: what steps networks of this shape on this device.
    """

    def __init__(
        self,
        images: Images,
        held_out: Sequence[int],
        device: torch.device,
        depth: int,
        width: int,
        batch_size: int,
        epochs: int,
        drop_every: int | None,
    ) -> None:
        validation = np.asarray(held_out, dtype=np.int64)
        kept = np.delete(np.arange(len(images.train_images)), validation)
        # Both sets that are only measured on go through the networks as one.
        self.data = PaddedImages(
            replace(
                images,
                train_images=images.train_images[kept],
                train_labels=images.train_labels[kept],
                test_images=np.concatenate([images.train_images[validation], images.test_images]),
                test_labels=np.concatenate([images.train_labels[validation], images.test_labels]),
            ),
            device,
        )
        self.device, self.depth, self.width = device, depth, width
        self.validation, self.tested = len(validation), len(images.test_images)
        self.batch_size = min(batch_size, self.data.images)
        self.epochs, self.drop_every = epochs, drop_every
        self.steps = -(-self.data.images // self.batch_size)
        columns, most = (round_up(n, SIZE_MULTIPLE) for n in (width + 1, self.batch_size))
        self.bytes_each = 4 * depth * columns * most
        fused = FusedResidualBatch.suits(device, columns, most, self.data.classes)
        self.kind = FusedResidualBatch if fused else ScaledResidualBatch

    def factor(self, epoch: int) -> float:
        """Return what the learning rates are multiplied by in an epoch, counted from zero."""
        return 1.0 if self.drop_every is None else RATE_DROP ** (epoch // self.drop_every)

    def draw(self, start: ResidualStart) -> tuple[torch.Tensor, ...]:
        """Return V, A without the pixels that are left out, and B of one network."""
        hidden, first, last = start.draw(
            self.depth, self.width, self.data.true_pixels, self.data.classes
        )
        return hidden, first[:, self.data.columns], last


class Group:
    """Networks that are trained together: who remains, their batch and where they stand.

    Args:
        setup: how they are trained.
        starts: the networks.
        outcomes: where their outcomes go, one each.
        saved: what `state` returned, to go on from there; None to start.
    """

    def __init__(
        self,
        setup: Setup,
        starts: Sequence[ResidualStart],
        outcomes: Sequence[ResidualOutcome],
        saved: dict[str, Any] | None,
    ) -> None:
        self.setup, self.starts, self.outcomes = setup, starts, outcomes
        self.active = list(range(len(starts))) if saved is None else list(saved["active"])
        self.epoch, self.step = (0, 0) if saved is None else (saved["epoch"], saved["step"])
        members = [starts[position] for position in self.active]
        hidden, first, last = zip(*map(setup.draw, members), strict=True)
        alphas = [scaling_factor(setup.depth, start.beta) for start in members]
        self.batch = setup.kind(
            torch.stack(hidden, dim=1),
            torch.stack(first),
            torch.stack(last),
            torch.tensor(alphas, dtype=torch.float64),
            torch.tensor([start.biased for start in members]),
            torch.tensor([start.learning_rate for start in members], dtype=torch.float64),
            setup.batch_size,
        )
        if saved is not None:
            self.batch.restore(saved["tensors"], saved["steps"])
        # Orders are not saved: those of the epochs before are drawn again and forgotten.
        for _ in range(self.epoch):
            self._orders()
        self.orders = self._orders()

    def _orders(self) -> torch.Tensor:
        """Return the order of the images in the next epoch of each active network."""
        count = self.setup.data.images
        streams = [self.starts[position].order_stream.numpy for position in self.active]
        rows = [stream.permutation(count) for stream in streams]
        return torch.from_numpy(np.stack(rows)).to(self.setup.device)

    def state(self) -> dict[str, Any]:
        """Return what a checkpoint keeps of a group between two steps."""
        return {
            "active": self.active,
            "epoch": self.epoch,
            "step": self.step,
            "steps": self.batch.adam.steps,
            "tensors": self.batch.state(),
        }

    def _part(self, finite: torch.Tensor) -> list[int]:
        """Let the networks go that are not finite; return the positions, before, of the others."""
        flags = finite.tolist()
        for position, is_finite in zip(self.active, flags, strict=True):
            if not is_finite:
                self.outcomes[position].status = "diverged"
        remaining = [position for position, is_finite in enumerate(flags) if is_finite]
        if remaining and len(remaining) < len(flags):
            self.batch.keep(remaining)
            self.orders = self.orders[torch.tensor(remaining, device=self.orders.device)]
        self.active = [self.active[position] for position in remaining]
        return remaining

    def measure(self) -> None:
        """Count correct answers and note them; networks that are not finite leave."""
        data, validation = self.setup.data, self.setup.validation
        correct, finite = self.batch.correct(data.test, data.test_labels)
        counts = (
            correct[:, :validation].sum(dim=1).tolist(),
            correct[:, validation : validation + self.setup.tested].sum(dim=1).tolist(),
        )
        remaining = self._part(finite & self.batch.weights_finite())
        for position, network in zip(remaining, self.active, strict=True):
            self.outcomes[network].validation_correct.append(counts[0][position])
            self.outcomes[network].test_correct.append(counts[1][position])

    def run(self, pause: Pause) -> None:
        """Train until the last epoch or until no network is left, with a pause after each step."""
        setup = self.setup
        while self.active and self.epoch < setup.epochs:
            while self.active and self.step < setup.steps:
                first = self.step * setup.batch_size
                gathered = setup.data.gather(self.orders, first, setup.batch_size)
                largest = self.batch.step(*gathered, setup.factor(self.epoch))
                # A difference of two logits, and so the loss, is finite if twice the largest is.
                self._part((2 * largest).isfinite())
                self.step += 1
                steps_left = (setup.epochs - self.epoch) * setup.steps - self.step
                pause(len(self.active) * steps_left, self.state())
            if self.active:
                self.measure()
            self.epoch, self.step = self.epoch + 1, 0
            if self.active and self.epoch < setup.epochs:
                self.orders = self._orders()

    def keep_weights(self) -> None:
        """Hand V and b of the networks that remain to their outcomes."""
        for position, network in enumerate(self.active):
            weights = self.batch.unscaled(position)
            outcome = self.outcomes[network]
            outcome.hidden, outcome.biases = (tensor.cpu() for tensor in weights)

"""How many epochs ReLU networks need to reach a given test accuracy.

The protocol of hanin2018, Figures 1(b), 2(b) and 3: soft-max cross-entropy, plain SGD at a fixed
rate, ⌈n/batch⌉ steps an epoch (the last one smaller), test accuracy on the whole test
set after every epoch, up to a cap. Networks of one shape are trained together.

Independence. Each network has its own streams for weights and for the order of the data.
On the CPU its outcome is the same, byte for byte, whichever networks share its batch (see the
memory layout in `network_batch`; tested with the BLAS of the pinned torch, on one and two
threads). On a GPU the library may choose another algorithm for another number of networks:
there, rounding may differ with the company, SGD amplifies it, and an epoch count may shift; the
same list of networks on the same GPU still repeats.

Interruption. With a checkpoint, weights are saved between epochs, at most every so many seconds;
a later call with the same arguments goes on from there and, on the CPU, ends with the same outcomes.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial

import torch

from deepinit.progress import Report, no_progress
from deepinit.random import device_of_all
from deepinit.training.batched_sgd import train_together
from deepinit.training.checkpoint import Checkpoint
from deepinit.training.images import Images
from deepinit.training.memory_groups import capacity, groups_that_fit, train_groups
from deepinit.training.network_batch import SIZE_MULTIPLE, round_up
from deepinit.training.outcome import NetworkStart, TrainingOutcome
from deepinit.training.padded_images import PaddedImages

#: Buffers of the networks that are trained together, in bytes: on the CPU a few times the
#: second-level cache, which was fastest; on a GPU they only have to fit.
_WORKING_SET = {"cpu": 10 << 20, "cuda": 4 << 30}


@contextmanager
def _denormals_are_zero() -> Iterator[None]:
    """Let numbers below 1e-38 be zero on the CPU.

    In deep networks whose length vanishes almost all numbers are as small as that, and products of
    such numbers take thirty times as long.
    """
    before = bool(torch.tensor([1e-30]) * 1e-10 == 0)
    torch.set_flush_denormal(True)
    try:
        yield
    finally:
        torch.set_flush_denormal(before)


def _groups(
    networks: Sequence[NetworkStart], data: PaddedImages, batch_size: int
) -> list[list[int]]:
    """Return the positions of the networks that are trained together, group by group."""
    shapes: dict = {}
    for position, start in enumerate(networks):
        key = (type(start.network), start.network.shape)
        shapes.setdefault(key, []).append(position)
    device = data.train.device
    limit = capacity(device, _WORKING_SET.get(device.type, 1 << 30))
    padded = round_up(batch_size, SIZE_MULTIPLE)
    groups = []
    for positions in shapes.values():
        bytes_each = 4 * padded * (data.pixels + networks[positions[0]].network.neurons)
        groups += groups_that_fit(positions, bytes_each, limit)
    return groups


def epochs_to_accuracy(
    images: Images,
    networks: Sequence[NetworkStart],
    *,
    batch_size: int,
    target_accuracy: float,
    max_epochs: int,
    checks_per_epoch: int = 1,
    progress: Report = no_progress,
    checkpoint: Checkpoint | None = None,
) -> list[TrainingOutcome]:
    """Train networks until each reaches the target, diverges or meets the cap.

    Args:
        images: training and test set.
        networks: what to train, of any shapes; all streams on one device, which is where they
            are trained. Their numbers are those from the beginning of the streams on.
        batch_size: images a step.
        target_accuracy: fraction of the test set, in (0, 1], that ends a network's training.
        max_epochs: the cap.
        checks_per_epoch: how often an epoch the test accuracy is measured; a network ends its
            training only after a whole epoch, the others count for `first_reached`.
        progress: called after every epoch with (done, total), both in epochs of one network;
            a network that leaves early counts as done to the cap.
        checkpoint: where to go on from and to save to; the caller clears it.

    Returns:
        One outcome per network, in the order of `networks`.

    Raises:
        ValueError: a size is not positive, the target is outside (0, 1], there are no networks, or
            their streams are on different devices.
    """
    sizes = [batch_size, max_epochs, checks_per_epoch, len(images.test_images)]
    if min(sizes) < 1:
        raise ValueError(
            "batch_size, max_epochs, checks_per_epoch and the number of test images must be "
            f"positive: got {', '.join(map(str, sizes))}"
        )
    if not 0 < target_accuracy <= 1:
        raise ValueError(f"target_accuracy must lie in (0, 1], not {target_accuracy}")
    data = PaddedImages(images, device_of_all(start.init_stream for start in networks))
    batch_size = min(batch_size, data.images)
    groups = _groups(networks, data, batch_size)
    outcomes = [TrainingOutcome(epochs=max_epochs) for _ in networks]
    with torch.no_grad(), _denormals_are_zero():
        train_groups(
            groups,
            networks,
            outcomes,
            max_epochs,
            partial(
                train_together,
                data,
                batch_size=batch_size,
                target_accuracy=target_accuracy,
                max_epochs=max_epochs,
                checks_per_epoch=checks_per_epoch,
            ),
            progress,
            checkpoint,
        )
    return outcomes

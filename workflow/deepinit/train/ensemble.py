"""How many epochs fully connected ReLU networks need to reach a given test accuracy.

The protocol of hanin2018, Figures 1(b) and 3: soft-max cross-entropy, plain SGD at a fixed
rate, no biases, ⌈n/batch⌉ steps an epoch (the last one smaller), test accuracy on the whole test
set after every epoch, up to a cap. Networks of one shape are trained together.

Independence. Each network has its own streams for weights and for the order of the data.
On the CPU its outcome is the same, byte for byte, whichever networks share its batch (see the
memory layout in `network_batch`; tested with the BLAS of the pinned torch, on one and two
threads). On a GPU the library may choose another algorithm for another number of networks:
there, rounding may differ with the company, SGD amplifies it, and an epoch count may shift; the
same list of networks on the same GPU still repeats.
"""

from collections.abc import Callable, Sequence

import numpy as np
import torch

from deepinit.datasets import Images
from deepinit.train.lockstep import PaddedImages, train_together
from deepinit.train.network_batch import SIZE_MULTIPLE, round_up
from deepinit.train.outcome import NetworkStart, TrainingOutcome

#: Buffers of the networks that are trained together, in bytes: on the CPU they should stay in
#: the last-level cache; on a GPU they only have to fit.
_WORKING_SET = {"cpu": 32 << 20, "cuda": 4 << 30}


def epochs_to_accuracy(
    images: Images,
    hidden_widths: Sequence[int],
    networks: Sequence[NetworkStart],
    *,
    batch_size: int,
    target_accuracy: float,
    max_epochs: int,
    progress: Callable[[int, int], None] | None = None,
) -> list[TrainingOutcome]:
    """Train networks of one shape until each reaches the target, diverges or meets the cap.

    Args:
        images: training and test set.
        hidden_widths: widths of the hidden layers, from the input upwards.
        networks: what to train; all streams on one device, which is where they are trained.
        batch_size: images a step.
        target_accuracy: fraction of the test set, in (0, 1], that ends a network's training.
        max_epochs: the cap.
        progress: called after every epoch with (done, total), both in epochs of one network;
            a network that leaves early counts as done to the cap.

    Returns:
        One outcome per network, in the order of `networks`.

    Raises:
        ValueError: a size is not positive, the target is outside (0, 1], or the streams are
            on different devices.
    """
    devices = {start.init_stream.device for start in networks}
    if len(devices) != 1:
        raise ValueError(f"all networks must be on one device, not on {sorted(map(str, devices))}")
    sizes = [*hidden_widths, batch_size, max_epochs, len(images.test_images)]
    if not hidden_widths or min(sizes) < 1:
        raise ValueError(
            "at least one hidden layer is needed, and widths, batch_size, max_epochs and the test "
            f"set must be positive: got widths {list(hidden_widths)}, batch_size {batch_size}, "
            f"max_epochs {max_epochs}, {len(images.test_images)} test images"
        )
    if not 0 < target_accuracy <= 1:
        raise ValueError(f"target_accuracy must lie in (0, 1], not {target_accuracy}")
    device = devices.pop()
    data = PaddedImages(images, device)
    batch_size = min(batch_size, data.images)
    padded = round_up(batch_size, SIZE_MULTIPLE)
    bytes_each = 4 * padded * (data.pixels + sum(hidden_widths) + 2 * max(hidden_widths))
    groups = -(-len(networks) * bytes_each // _WORKING_SET.get(device.type, 1 << 30))
    outcomes = [TrainingOutcome(epochs=max_epochs) for _ in networks]
    for group in np.array_split(np.arange(len(networks)), min(groups, len(networks))):
        members = [int(position) for position in group]

        def report(remaining: int, epoch: int, first: int = members[-1] + 1) -> None:
            if progress is not None:
                total = len(networks) * max_epochs
                progress(first * max_epochs - remaining * (max_epochs - epoch), total)

        with torch.no_grad():
            train_together(
                data,
                hidden_widths,
                [networks[position] for position in members],
                [outcomes[position] for position in members],
                batch_size,
                target_accuracy,
                report,
            )
    return outcomes

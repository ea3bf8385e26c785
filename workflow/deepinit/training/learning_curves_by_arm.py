"""The same networks trained in one arm after the other, with a checkpoint."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch

from deepinit.progress import Report, no_progress
from deepinit.training.architectures import Architecture
from deepinit.training.checkpoint import Checkpoint
from deepinit.training.examples import Examples
from deepinit.training.initialisation_arms import Arm
from deepinit.training.learning_curve import Setting, Streams, Training


@dataclass(frozen=True)
class Curves:
    """What came out of the training of one arm.

    Attributes:
        losses: loss of every step and network, (steps, networks), float32; not finite where a
            network had diverged.
        scores: each network's accuracy or average precision on the test examples, in the end;
            without meaning for a network that had diverged.
        constant_units: hidden units of all networks that hardly varied over the first batch.
    """

    losses: np.ndarray
    scores: list[float]
    constant_units: int


def train_arms(
    settings: Sequence[Setting],
    architecture: Architecture,
    examples: Examples,
    test_examples: Examples,
    streams: Callable[[], list[Streams]],
    checkpoint: Checkpoint,
    progress: Report = no_progress,
) -> dict[Arm, Curves]:
    """Train the same networks in one arm after the other.

    Args:
        settings: one an arm, of the same number of steps.
        architecture: of all networks.
        examples: what they are trained on.
        test_examples: what they are scored on in the end.
        streams: gives the networks' streams from their beginning, again for every arm.
        checkpoint: where the training stands is saved when it is due, and gone on from. It is not
            cleared: its job does that once the curves are written.
        progress: called after every step with (steps done, steps in all).

    Returns:
        Arm ↦ its curves, in the order of the settings.
    """
    saved = checkpoint.load() or {"finished": {}, "state": None}
    finished, state = saved["finished"], saved["state"]
    done, total = 0, sum(setting.steps for setting in settings)
    for setting in settings:
        if setting.arm not in finished:
            training = Training(architecture, setting, examples, streams())
            if state is not None:
                training.restore(state)
            while training.step < setting.steps and not training.all_diverged():
                training.advance()
                if checkpoint.due():
                    checkpoint.save({"finished": finished, "state": training.state()})
                progress(done + training.step, total)
            training.losses[training.step :] = torch.nan
            finished[setting.arm] = {
                "losses": training.losses,
                "scores": training.score(test_examples),
                "constant_units": training.constant_units,
            }
            state = None
        done += setting.steps
        progress(done, total)
    return {
        arm: Curves(entry["losses"].numpy(), entry["scores"], entry["constant_units"])
        for arm, entry in finished.items()
    }

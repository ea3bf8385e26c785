"""The same networks trained in one arm after the other, with a checkpoint."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch

from deepinit.progress import no_progress
from deepinit.training.architectures import Architecture
from deepinit.training.checkpoint import Checkpoint
from deepinit.training.examples import Examples
from deepinit.training.initialisation_arms import Arm
from deepinit.training.learning_curve import Setting, Streams, Training, cut_training
from deepinit.training.memory_groups import Part, networks_left, train_parts

_SMALLER = "batch_size, width or image"


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
    progress: Callable[[int, int], None] = no_progress,
    say: Callable[[str], None] = lambda sentence: None,
) -> dict[Arm, Curves]:
    """Train the same networks in one arm after the other.

    If memory runs out, networks are trained apart, in the arms that follow too (see `memory_groups`). What a
    network makes of its steps is the same then but for rounding, which training amplifies.

    Args:
        settings: one an arm, of the same number of steps.
        architecture: of all networks.
        examples: what they are trained on.
        test_examples: what they are scored on in the end.
        streams: gives the networks' streams from their beginning, again for every arm.
        checkpoint: where the training stands is saved when it is due, and gone on from. It is not
            cleared: its job does that once the curves are written.
        progress: called after every step with (steps done, steps in all).
        say: is told in a sentence that networks that do not fit into memory are trained apart.

    Returns:
        Arm ↦ its curves, in the order of the settings.

    Raises:
        NotEnoughMemory: a single network does not fit.
    """
    networks = len(streams())
    saved = checkpoint.load()
    if saved is None:
        saved = {"finished": {}, "trained": [], "parts": [Part(list(range(networks))).at(None)]}
    finished, trained = saved["finished"], saved["trained"]
    parts = [Part(**part) for part in saved["parts"]]
    total = sum(setting.steps for setting in settings)
    done = 0
    for setting in settings:
        if setting.arm in finished:
            done += setting.steps
            continue

        def train(part: Part, setting: Setting = setting, done: int = done) -> None:
            before = networks - networks_left(parts)
            all_streams = streams()
            own = [all_streams[member] for member in part.members]
            training = Training(architecture, setting, examples, own)
            if part.state is not None:
                training.restore(part.state)
            while training.step < setting.steps and not training.all_diverged():
                training.advance()
                if checkpoint.due():
                    waiting = [other.at(other.state) for other in parts[1:]]
                    now = [part.at(training.state()), *waiting]
                    checkpoint.save({"finished": finished, "trained": trained, "parts": now})
                steps = before * setting.steps + len(own) * training.step
                progress(done + steps // networks, total)
            training.losses[training.step :] = torch.nan
            trained.append(
                {
                    "members": part.members,
                    "losses": training.losses,
                    "scores": training.score(test_examples),
                    "constant_units": training.constant_units,
                }
            )

        train_parts(parts, train, cut_training, examples.images.device, _SMALLER, say)
        finished[setting.arm] = {
            "losses": torch.cat([entry["losses"] for entry in trained], dim=1),
            "scores": [score for entry in trained for score in entry["scores"]],
            "constant_units": sum(entry["constant_units"] for entry in trained),
        }
        parts.extend(Part(entry["members"]) for entry in trained)
        trained.clear()
        done += setting.steps
        progress(done, total)
    return {
        arm: Curves(entry["losses"].numpy(), entry["scores"], entry["constant_units"])
        for arm, entry in finished.items()
    }

"""What goes into the training of one network, and what comes out."""

from dataclasses import dataclass, field
from typing import Literal

from deepinit.random_stream import RandomStream
from deepinit.weight_laws import WeightLaw


@dataclass(frozen=True)
class NetworkStart:
    """One network to train: its initial law, its two streams and its learning rate."""

    law: WeightLaw
    init_stream: RandomStream
    order_stream: RandomStream
    learning_rate: float


@dataclass
class TrainingOutcome:
    """What became of one network.

    Attributes:
        epochs: epochs needed to reach the target; the cap for a network that never did,
            diverged ones included.
        status: "reached", "cap" or "diverged" (a loss, weight or test output not finite).
        initial_accuracy: test accuracy before training; None if outputs were not finite then.
        accuracies: test accuracy after each epoch that ended with finite weights and outputs.
    """

    epochs: int
    status: Literal["reached", "cap", "diverged"] = "cap"
    initial_accuracy: float | None = None
    accuracies: list[float] = field(default_factory=list)

    @property
    def final_accuracy(self) -> float | None:
        """The last test accuracy measured, before training if no epoch ended finite."""
        return self.accuracies[-1] if self.accuracies else self.initial_accuracy

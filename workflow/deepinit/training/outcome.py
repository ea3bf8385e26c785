"""What goes into the training of one network, and what comes out."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field, replace
from typing import ClassVar, Literal, Protocol

import torch

from deepinit.random import RandomStream
from deepinit.training.network_batch import NetworkBatch


class Network(Protocol):
    """A network before training: its architecture and the law of its initial weights."""

    @property
    def shape(self) -> Hashable:
        """What networks of one kind that are trained together must have in common."""

    @property
    def neurons(self) -> int:
        """Activations that a training step keeps for one image, roughly."""

    def draw(self, stream: RandomStream, pixels: int, classes: int) -> list[torch.Tensor]:
        """Return initial weights from the input layer to the output layer, each (1, out, in).

        Biases, if there are any, follow, each (1, out, 1).
        """

    #: Makes a batch of networks of one shape, of what `draw` returns of all of them, (networks, out, …),
    #: padded or not, of the largest number of images of a step, and of the number of logits.
    batch: ClassVar[Callable[[Sequence["Network"], Sequence[torch.Tensor], int, int], NetworkBatch]]


@dataclass(frozen=True)
class NetworkStart:
    """One network to train, its two streams (`deepinit.random.as_stream`) and its learning rate."""

    network: Network
    init_stream: RandomStream
    order_stream: RandomStream
    learning_rate: float

    def from_beginning(self) -> "NetworkStart":
        """Return the same network with its streams at their beginning."""
        return replace(
            self,
            init_stream=self.init_stream.from_beginning(),
            order_stream=self.order_stream.from_beginning(),
        )


@dataclass
class TrainingOutcome:
    """What became of one network.

    Attributes:
        epochs: epochs needed to reach the target; the cap for a network that never did,
            diverged ones included.
        status: "reached", "cap" or "diverged" (a loss, weight or test output not finite).
        initial_accuracy: test accuracy before training; None if outputs were not finite then.
        accuracies: test accuracy after each epoch that ended with finite weights and outputs.
        first_reached: epochs, whole or not, until the first check that found the target reached;
            None if none did. With one check an epoch it equals `epochs`.
    """

    epochs: int
    status: Literal["reached", "cap", "diverged"] = "cap"
    first_reached: float | None = None
    initial_accuracy: float | None = None
    accuracies: list[float] = field(default_factory=list)

    @property
    def final_accuracy(self) -> float | None:
        """The last test accuracy measured, before training if no epoch ended finite."""
        return self.accuracies[-1] if self.accuracies else self.initial_accuracy

"""One scaled residual network to train: laws of its weights, streams, scaling, rate; its outcome.

Laws of the hidden weights V_1 … V_L, all of variance 1/d:

    "independent"  entries U(−√(3/d), √(3/d)), as in the released code;
    "smooth"       √d V_k is a smooth Gaussian process in k (`deepinit.resnet.smooth_weights`);
    "fractional"   √d V_k is fractional Gaussian noise in k, the increments of fractional
                   Brownian motion of the given Hurst index.

A and B have entries U(−√(3/fan-in), √(3/fan-in)), as in the released code.
"""

from dataclasses import dataclass, field, replace
from typing import Literal

import torch

from deepinit.noise.fractional import fractional_noise
from deepinit.noise.fractional_theory import Generator
from deepinit.random import RandomStream
from deepinit.resnet.ratios import unit_matrix
from deepinit.resnet.smooth_weights import SmoothWeights, smooth_layers

LayerLaw = Literal["independent", "smooth", "fractional"]


@dataclass(frozen=True)
class ResidualStart:
    """One network to train.

    Attributes:
        law: of the hidden weights.
        beta: α = L^{−β}.
        biased: whether biases are trained; they start at zero.
        learning_rate: of Adam, before the schedule.
        weight_stream: gives the initial weights, when the network is first drawn.
        order_stream: gives the order of the images, one epoch after the other.
        hurst: Hurst index of "fractional" weights.
        generator: of "fractional" weights, see `deepinit.noise.fractional_theory`.
        smooth: what "smooth" weights are, the process or its increments.
    """

    law: LayerLaw
    beta: float
    biased: bool
    learning_rate: float
    weight_stream: RandomStream
    order_stream: RandomStream
    hurst: float = 0.5
    generator: Generator = "exact"
    smooth: SmoothWeights = "process"

    def from_beginning(self) -> "ResidualStart":
        """Return the same network with its streams at their beginning."""
        return replace(
            self,
            weight_stream=self.weight_stream.from_beginning(),
            order_stream=self.order_stream.from_beginning(),
        )

    def draw(
        self, depth: int, width: int, pixels: int, classes: int
    ) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Return V, A and B: shapes (depth, d, d), (d, pixels) and (classes, d), float32.

        Each call draws on: the first one gives the network's initial weights.

        Raises:
            ValueError: an unknown law, generator or kind of smooth weights.
        """
        stream = self.weight_stream
        if self.law == "independent":
            hidden = unit_matrix(stream, "uniform", depth, width, width)
        elif self.law == "smooth":
            hidden = smooth_layers(depth, 1, width, self.smooth, stream)[:, 0]
        elif self.law == "fractional":
            noise = fractional_noise(self.hurst, depth, width**2, stream, self.generator)
            hidden = noise.view(depth, width, width)
        else:
            raise ValueError(
                f"the law must be 'independent', 'smooth' or 'fractional', not {self.law!r}"
            )
        first = unit_matrix(stream, "uniform", width, pixels).mul_(pixels**-0.5)
        last = unit_matrix(stream, "uniform", classes, width).mul_(width**-0.5)
        return hidden * width**-0.5, first, last


@dataclass
class ResidualOutcome:
    """What became of one network.

    Attributes:
        status: "trained"; or "diverged" (a loss, weight or output not finite), which ends it.
        test_correct: images of the test set classified correctly after each finished epoch.
        validation_correct: the same for the images held out.
        hidden: V after training, (depth, d, d), on the CPU; None unless asked for or if diverged.
        biases: b after training, (depth, d), likewise.
    """

    status: Literal["trained", "diverged"] = "trained"
    test_correct: list[int] = field(default_factory=list)
    validation_correct: list[int] = field(default_factory=list)
    hidden: torch.Tensor | None = None
    biases: torch.Tensor | None = None

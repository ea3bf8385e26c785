"""Settings of Figure 10: change of the output against depth, the weight inside the activation."""

from typing import Literal

from pydantic import field_validator

from papers.marion2025.depth_settings import AgainstDepth
from study.points import Point, chosen
from study.settings import EachOnce

Activation = Literal["relu", "leaky", "identity", "tanh"]


class Settings(AgainstDepth):
    shows = "fig1 for h + α σ(W h): as captioned, and res-3 from the table of fig1"
    label = "weight inside: change of the output"
    reads = ("fig1", "means")
    chooses_points = (*AgainstDepth.chooses_points, "activations")

    activations: EachOnce[Activation] = chosen(
        ["relu", "leaky", "identity", "tanh"],
        "σ; published: relu; the others to tell which model was drawn",
    )

    @field_validator("activations")
    @classmethod
    def _as_captioned(cls, activations: list[Activation]) -> list[Activation]:
        if "relu" not in activations:
            raise ValueError("relu must be among them: it is what the caption says")
        return activations

    def places(self) -> list[Point]:
        return [
            {"activation": activation, "beta": beta}
            for activation in self.activations
            for beta in self.betas
        ]

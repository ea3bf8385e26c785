"""Configuration of the figures with the weight inside the activation (Marion et al. 2025, 10 to 14)."""

from typing import Any, Literal

from pydantic import Field, field_validator

from pipeline.config.marion2025_depth import AgainstDepth
from study.settings import Betas, EachOnce, FigureSection

Activation = Literal["relu", "leaky", "identity", "tanh"]


class MarionFig10(AgainstDepth):
    shows = "fig1 for h + α σ(W h): as captioned, and res-3 from the table of fig1"
    label = "weight inside: change of the output"
    reads = ("fig1",)
    published = ("marion2025_fig10",)

    activations: EachOnce[Activation] = Field(
        ["relu", "leaky", "identity", "tanh"],
        description="σ; published: relu; the others to tell which model was drawn",
    )

    @field_validator("activations")
    @classmethod
    def _as_captioned(cls, activations: list[Activation]) -> list[Activation]:
        if "relu" not in activations:
            raise ValueError("relu must be among them: it is what the caption says")
        return activations

    def work(self) -> float:
        """Return entries of weights, which each activation draws anew."""
        return len(self.activations) * super().work()

    def _point(self) -> dict[str, Any]:
        return {**super()._point(), "weights": "uniform"}


class MarionFig12(FigureSection):
    shows = "fig3 for h + α σ(W h); reads the tables of fig10 and fig1"
    label = "weight inside: change of the gradient"
    reads = ("fig10", "fig1")


class MarionFig13(AgainstDepth):
    shows = "fig4 for h + α ReLU(W h): as captioned, and res-3 from the table of fig4"
    label = "weight inside, smooth: change of the output"
    reads = ("fig4",)
    script = "fig10"

    betas: Betas = Field([2.0, 0.5, 1.0], description="β; published")

    def _point(self) -> dict[str, Any]:
        return {**super()._point(), "activations": ["relu"], "weights": "smooth"}


class MarionFig14(FigureSection):
    shows = "fig5 for h + α ReLU(W h); reads the tables of fig13 and fig4"
    label = "weight inside, smooth: change of the gradient"
    reads = ("fig13", "fig4")

"""Configuration of the figures of changes against depth (Marion et al. 2025, Figures 1, 3, 4, 5)."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, NonNegativeInt, PositiveInt, model_validator

from study.blocks import blocks
from study.settings import (
    Betas,
    Counts,
    FigureSection,
    Parts,
    Replicates,
    Width,
    each_once,
)


class AgainstDepth(FigureSection):
    """What figures of a ratio against depth share; all depths up to `shallow` are one job."""

    depths: Counts = Field(
        [10, 16, 27, 46, 77, 129, 215, 359, 599, 1000], description="L; published"
    )
    betas: Betas = Field([1.0, 0.25, 0.5], description="β; published")
    width: Width = Field(40, description="d; published")
    networks: Replicates = Field(50, description="networks a point; published")
    block: PositiveInt = Field(
        50, description="networks in one job; another size draws other numbers"
    )
    shallow: NonNegativeInt = Field(400, description="depths up to this one share a job")
    inputs: Literal["uniform", "gaussian"] = Field("uniform", description="as in fig1")

    def _point(self) -> dict[str, Any]:
        """Return what every part's specification holds beside depths and networks."""
        return self.model_dump(exclude={"depths", "networks", "block", "shallow"})

    def work(self) -> float:
        """Return entries of weights of all β and depths, those of one matrix a layer."""
        return float(self.networks * len(self.betas) * sum(self.depths) * self.width**2)

    def share(self, spec: Mapping[str, Any]) -> float:
        """Return layers of all networks of a part."""
        return float(spec["networks"] * sum(spec["depths"]))

    def parts(self) -> Parts:
        together = [depth for depth in self.depths if depth <= self.shallow]
        groups = {"shallow": together} if together else {}
        groups |= {f"depth{L:05d}": [L] for L in self.depths if self.shallow < L}
        return {
            f"{name}_block{block:02d}": {
                "depths": depths,
                **self._point(),
                "block": block,
                "networks": count,
            }
            for name, depths in groups.items()
            for block, count in blocks(self.networks, self.block)
        }


class MarionFig4(AgainstDepth):
    shows = "‖h_L − h_0‖/‖h_0‖ against depth, weights smooth in the layer index"
    label = "smooth weights: change of the output"
    published = ("marion2025_fig4",)

    betas: Betas = Field([2.0, 0.5, 1.0], description="β; published")
    increments_betas: Annotated[list[float], AfterValidator(each_once)] = Field(
        [1.0], description="β of betas at which the released code's weights are drawn too; chosen"
    )

    @model_validator(mode="after")
    def _increments_beside_the_process(self) -> Self:
        if alone := sorted(set(self.increments_betas) - set(self.betas)):
            raise ValueError(f"increments_betas: {alone[0]:g} is not one of betas")
        return self

    def work(self) -> float:
        """Return entries of weights of both kinds; either takes one product for each."""
        kinds = (len(self.betas) + len(self.increments_betas)) / len(self.betas)
        return kinds * super().work()


class MarionFig5(FigureSection):
    shows = "‖p_0 − p_L‖/‖p_L‖ against depth, smooth weights; reads the table of fig4"
    label = "smooth weights: change of the gradient"
    reads = ("fig4",)

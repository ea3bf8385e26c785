"""Settings of Figure 4: change of the output against depth, weights smooth in the layer index."""

from typing import Annotated, Self

from pydantic import AfterValidator, model_validator

from papers.marion2025.depth_settings import AgainstDepth
from study.points import Point, chosen, published
from study.settings import Betas, each_once


class Settings(AgainstDepth):
    shows = "‖h_L − h_0‖/‖h_0‖ against depth, weights smooth in the layer index"
    label = "smooth weights: change of the output"
    reads = ("means",)
    chooses_points = (*AgainstDepth.chooses_points, "increments_betas")

    betas: Betas = published([2.0, 0.5, 1.0], "β")
    increments_betas: Annotated[list[float], AfterValidator(each_once)] = chosen(
        [1.0], "β of betas at which the released code's weights are drawn too"
    )

    @model_validator(mode="after")
    def _increments_beside_the_process(self) -> Self:
        if alone := sorted(set(self.increments_betas) - set(self.betas)):
            raise ValueError(f"increments_betas: {alone[0]:g} is not one of betas")
        return self

    def places(self) -> list[Point]:
        kinds = (("process", self.betas), ("increments", self.increments_betas))
        return [{"weights": weights, "beta": beta} for weights, betas in kinds for beta in betas]

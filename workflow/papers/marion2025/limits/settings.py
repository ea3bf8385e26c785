"""Settings of the figure on rates of convergence in depth, which the paper states and does not draw."""

from typing import Self

from pydantic import Field, PositiveInt, model_validator

from study.points import Point, PointSettings, chosen, published
from study.settings import Counts, Replicates, Width, Widths


class Settings(PointSettings):
    shows = "distance of networks of depth L to their limit at infinite depth: SDE and ODE"
    label = "rates of convergence in depth"
    chooses_points = (
        "reference", "smooth_reference", "widths", "networks", "smooth_width", "smooth_networks"
    )  # fmt: skip

    depths: Counts = chosen([8, 16, 32, 64, 128, 256, 512], "L; each divides the next")
    reference: PositiveInt = chosen(
        4096, "L′ that stands for the limit, iid weights; a multiple of all L"
    )
    smooth_reference: PositiveInt = chosen(2048, "L′ for smooth weights")
    widths: Widths = Field([10, 40], description="d, iid weights; published: 40; 10 added")
    networks: Replicates = chosen(400, "networks with iid weights per width")
    smooth_width: Width = published(40, "d, smooth weights")
    smooth_networks: Replicates = chosen(100, "networks with smooth weights")
    variance: float = published(0.01, "kernel exp(−(x−x′)²/(2·variance))", ge=1e-3)

    @model_validator(mode="after")
    def _nested(self) -> Self:
        ordered = sorted(self.depths)
        for reference in (self.reference, self.smooth_reference):
            for shallow, deep in zip(ordered, [*ordered[1:], reference], strict=True):
                if deep % shallow or deep == shallow:
                    raise ValueError(
                        f"depths must divide one another and the references: {shallow} does not "
                        f"divide {deep}; write, say, powers of two"
                    )
        return self

    def grid_points(self) -> list[Point]:
        cases = [("independent", width, self.reference, self.networks) for width in self.widths]
        cases.append(("smooth", self.smooth_width, self.smooth_reference, self.smooth_networks))
        keys = ("law", "width", "reference", "networks")
        return [dict(zip(keys, case, strict=True)) for case in cases]

    def job_of(self, point: Point) -> str:
        return point["law"]

    def work(self) -> float:
        """Return entries of weights at the references; a smooth one costs 3 (measured)."""
        independent = self.networks * self.reference * sum(width**2 for width in self.widths)
        smooth = self.smooth_networks * self.smooth_reference * self.smooth_width**2
        return float(independent + 3 * smooth)

"""Settings of the empirical variance over layers, failure mode 2."""

from typing import Annotated

from pydantic import Field

from papers.hanin2018.settings import ALL_PATTERNS, Bases, Endings, Patterns
from study.points import Point, PointSettings, chosen
from study.settings import EachOnce, Replicates, Width

# The empirical variance needs two layers.
Depths = EachOnce[Annotated[int, Field(ge=2)]]


class Settings(PointSettings):
    shows = "FM2: empirical variance of the lengths over layers, by architecture"
    label = "empirical variance over layers"
    missing = {"log10_variance": "flat", "exact_log10_mean": "exact_unknown"}
    chooses_points = ("patterns", "residual_bases", "residual_endings")

    patterns: Patterns = Field(
        ALL_PATTERNS,
        description="hidden widths over depth; the first five published, the others added",
    )
    depths: Depths = chosen([5, 10, 20, 40, 60, 80, 100], "d, 2 or more")
    networks: Replicates = chosen(2000, "networks per point")
    tilted: Replicates = chosen(1000, "weighted networks per point, for the mean")
    residual_width: Width = chosen(15, "width of stream and modules of the residual networks")
    residual_bases: Bases = Field([0.9, 0.5], description="b of η_l = b^l; from fig2a")
    residual_endings: Endings = Field(
        ["relu", "linear"], description="kinds of residual module; from fig2a"
    )

    def grid_points(self) -> list[Point]:
        """Return architectures; all depths belong to the same networks, or share their widths."""
        return [
            *(
                {"family": "fully_connected", "pattern": name, "base": 1.0}
                for name in self.patterns
            ),
            *(
                {"family": "residual", "pattern": ending, "base": base}
                for ending in self.residual_endings
                for base in self.residual_bases
            ),
        ]

    def job_of(self, point: Point) -> str:
        return point["family"]

    def unused(self, point: Point) -> set[str]:
        return {"residual_width"} if point["family"] == "fully_connected" else {"tilted"}

    def work(self) -> float:
        """Return layers of all networks, each of which costs one random number or a few."""
        plain = len(self.patterns) * (self.networks + self.tilted) * sum(self.depths)
        kinds = len(self.residual_endings) * len(self.residual_bases)
        return float(plain + kinds * self.networks * max(self.depths))

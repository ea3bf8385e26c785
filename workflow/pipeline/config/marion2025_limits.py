"""Configuration of the figures that test the theorems of Marion et al. (2025) themselves.

The paper states them and draws none of these figures.
"""

from pydantic import Field, PositiveInt, field_validator

from study.settings import Betas, Counts, FigureSection, Parts, Replicates, Width, Widths

#: What a layer of the fast sampler costs, in neurons of the joint one (measured).
_LAYER_OF_LENGTHS = 3


class MarionBounds(FigureSection):
    shows = "the bounds in probability against the law of the change: coverage and looseness"
    label = "coverage and looseness of the bounds"
    missing = {
        "log10_output_change": "unmoved",
        "log10_gradient_change": "no_gradient_change",
    }

    depths: Counts = Field([1, 10, 100, 1000], description="L; chosen")
    widths: Widths = Field([10, 100, 1000], description="d; chosen")
    betas: Betas = Field([0.5, 1.0], description="β with L α² ≤ 1; published")
    networks: Replicates = Field(16_000, description="networks a point; chosen")
    joint_width: Width = Field(40, description="d of the networks with gradients; chosen")
    joint_depth: PositiveInt = Field(100, description="L of the networks with gradients; chosen")
    joint_networks: Replicates = Field(4000, description="networks with gradients a β; chosen")

    @field_validator("betas")
    @classmethod
    def _where_the_bounds_are(cls, betas: list[float]) -> list[float]:
        if 0.5 not in betas or min(betas) < 0.5:
            raise ValueError("0.5 must be among them, and none below it: the bounds need L α² ≤ 1")
        return betas

    def work(self) -> float:
        """Return neurons of the joint sampler, what the fast one costs among them."""
        layers = self.networks * len(self.widths) * sum(self.depths)
        neurons = self.joint_networks * self.joint_depth * self.joint_width
        return float(len(self.betas) * (_LAYER_OF_LENGTHS * layers + neurons))

    def parts(self) -> Parts:
        shared = {"betas": self.betas}
        return {
            "outputs": {
                "sampler": "lengths",
                "depths": self.depths,
                "widths": self.widths,
                "networks": self.networks,
                **shared,
            },
            "gradients": {
                "sampler": "joint",
                "depths": [self.joint_depth],
                "widths": [self.joint_width],
                "networks": self.joint_networks,
                **shared,
            },
        }


class MarionLogNormal(FigureSection):
    shows = "how the law of the ratios at β = 1/2 approaches its log-normal limit"
    label = "approach to the log-normal limit"
    missing = {"log10_gradient_norm": "no_gradient"}
    reads = ("fig2",)

    widths: Widths = Field([10, 100, 1000], description="d; chosen")
    depths: Counts = Field([10, 30, 100, 300, 1000], description="L; chosen")
    networks: Replicates = Field(20_000, description="networks a point; chosen")
    deepest: PositiveInt = Field(10_000, description="L of one more point at the largest d; chosen")
    deepest_networks: Replicates = Field(10_000, description="networks at that point; chosen")
    joint_width: Width = Field(
        10, description="d of the networks with gradients; chosen, small to show the correlation"
    )
    joint_depth: PositiveInt = Field(100, description="L of the networks with gradients; chosen")
    joint_networks: Replicates = Field(20_000, description="networks with gradients; chosen")

    def work(self) -> float:
        """Return neurons of the joint sampler, what the fast one costs among them."""
        layers = self.networks * len(self.widths) * sum(self.depths)
        layers += self.deepest_networks * self.deepest
        neurons = self.joint_networks * self.joint_depth * self.joint_width
        return float(_LAYER_OF_LENGTHS * layers + neurons)

    def parts(self) -> Parts:
        return {
            "outputs": {
                "sampler": "lengths",
                "depths": self.depths,
                "widths": self.widths,
                "networks": self.networks,
            },
            "deepest": {
                "sampler": "lengths",
                "depths": [self.deepest],
                "widths": [max(self.widths)],
                "networks": self.deepest_networks,
            },
            "gradients": {
                "sampler": "joint",
                "depths": [self.joint_depth],
                "widths": [self.joint_width],
                "networks": self.joint_networks,
            },
        }

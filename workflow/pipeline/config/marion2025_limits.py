"""Configuration of the figures that test the theorems of Marion et al. (2025) themselves.

The paper states them and draws none of these figures.
"""

from pydantic import Field, PositiveInt

from study.settings import Counts, FigureSection, Parts, Replicates, Width, Widths

#: What a layer of the fast sampler costs, in neurons of the joint one (measured).
_LAYER_OF_LENGTHS = 3


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

"""Configuration of the remaining figures at initialisation of Luther & Seung (2019)."""

from typing import Annotated

from pydantic import Field, PositiveInt

from study.settings import Counts, EachOnce, FigureSection, Parts, Replicates, Width

Fraction = Annotated[float, Field(ge=0, le=1)]


class LutherHistograms(FigureSection):
    shows = "histograms of pre-activations over inputs, networks and units"
    label = "pre-activation histograms"
    missing = {
        "expected": "no_law",
        "ks_exact": "no_law",
        "ks_normal": "no_law",
        "log_square": "no_law",
        "log_square_error": "no_law",
        "net_sd": "no_net",
        "net_apart": "no_net",
    }

    width: Width = Field(1024, description="N; published")
    layers: Counts = Field(
        [1, 5, 10, 50],
        description="published; layer 1 is the first pre-activation, y_1 = W_1 x_0 (chosen)",
    )
    inputs: int = Field(1024, ge=3, description="inputs of the rows over inputs; published")
    networks: int = Field(1024, ge=3, description="networks of the row over networks; published")
    drawn_networks: PositiveInt = Field(
        3, description="networks with all weights drawn, one colour each; published"
    )
    bins: PositiveInt = Field(60, description="of equal size, over the range; chosen")
    limit: float = Field(3.0, gt=0, description="the range is −limit … limit; published")

    def parts(self) -> Parts:
        return {"histograms": self.model_dump()}

    def work(self) -> float:
        """Return multiply–adds of the networks that are drawn; the others take a fraction of them."""
        return float(self.drawn_networks * self.inputs * max(self.layers) * self.width**2)


class LutherBatchNorm(FigureSection):
    shows = "m and v by layer with batch norm, layer norm and neither"
    label = "m and v with normalisation"

    width: Width = Field(1000, description="N; chosen")
    batch: int = Field(128, ge=2, description="T, inputs in the batch; chosen")
    layers: int = Field(51, ge=2, description="layers 0 … layers − 1; chosen")
    networks: Replicates = Field(20, description="networks of each kind; chosen")

    def parts(self) -> Parts:
        return {"batch_norm": self.model_dump()}

    def work(self) -> float:
        """Return multiply–adds of one kind of network."""
        return float(self.networks * self.layers * self.batch * self.width**2)


class LutherActivations(FigureSection):
    shows = "v by layer for leaky ReLU, tanh, erf and GELU"
    label = "sample variance of other activations"

    slopes: EachOnce[Fraction] = Field(
        [0.0, 0.1, 0.3, 0.5, 1.0],
        description="slopes of leaky ReLU; 0 is ReLU, 1 linear; chosen",
    )
    starts: EachOnce[Fraction] = Field(
        [0.0, 0.5],
        description="correlations c_0 of the inputs of tanh, erf and GELU, which keep 0 if odd; chosen",
    )
    width: Width = Field(1000, description="N; chosen")
    samples: int = Field(64, ge=2, description="T, inputs per network; chosen")
    layers: int = Field(51, ge=2, description="layers 0 … layers − 1; chosen")
    networks: Replicates = Field(16, description="networks a curve; chosen")

    def parts(self) -> Parts:
        return {"activations": self.model_dump()}

    def work(self) -> float:
        """Return multiply–adds: a curve for each slope, and for each start of the other three."""
        curves = len(self.slopes) + 3 * len(self.starts)
        return float(curves * self.networks * self.layers * self.samples * self.width**2)


class LutherGradients(FigureSection):
    shows = "size and sample mean of gradients by layer: plain, sample-initialised, batch norm"
    label = "gradients by layer"

    width: Width = Field(512, description="N; chosen")
    batch: int = Field(128, ge=4, description="T, inputs in the batch; chosen")
    depth: int = Field(50, ge=2, description="L, layers with a ReLU; chosen")
    networks: Replicates = Field(16, description="networks of each kind; chosen")

    def parts(self) -> Parts:
        return {"gradients": self.model_dump()}

    def work(self) -> float:
        """Return multiply–adds of one pass through one kind of network."""
        return float(self.networks * self.depth * self.batch * self.width**2)

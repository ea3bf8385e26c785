"""Configuration of the remaining figures at initialisation of Luther & Seung (2019)."""

from pydantic import Field, PositiveInt

from study.settings import Counts, FigureSection, Parts, Width


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

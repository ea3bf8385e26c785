"""The typed configuration: every key, its default (the `laptop` preset), meaning and source.

Each figure is one class: its fields are the configuration's keys under <paper>.<figure>, and
`parts` cuts its work into jobs. "Source" in a description tells where a value comes from:
published (read in the paper), code (the authors' released code), recalled (not confirmed) or
chosen (by this project, because the paper does not say).
"""

from collections.abc import Iterator
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PositiveInt, field_validator

from pipeline.grids import Grid

Parts = dict[str, dict[str, Any]]


def _each_once(values: list) -> list:
    if repeated := sorted({value for value in values if values.count(value) > 1}):
        raise ValueError(f"each value once, please: {repeated[0]} is listed twice")
    return values


Counts = Annotated[list[PositiveInt], Field(min_length=1), AfterValidator(_each_once)]
LawName = Literal[
    "he_normal",
    "he_normal_truncated",
    "he_uniform",
    "twice_he_normal",
    "xavier_normal",
    "xavier_uniform",
    "lecun_normal",
    "orthogonal",
    "pytorch_default",
]
ALL_LAWS: list[LawName] = list(LawName.__args__)
Laws = Annotated[list[LawName], Field(min_length=1), AfterValidator(_each_once)]
Betas = Annotated[list[float], Field(min_length=1), AfterValidator(_each_once)]


class Section(BaseModel):
    """A part of the configuration; unknown keys are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class FigureSection(Section):
    """The configuration of one figure.

    Attributes:
        shows: a line for the menu.
        random: whether its parts draw random numbers.
        missing: columns of its table that may lack a value ↦ the column that says so.
    """

    shows: ClassVar[str]
    random: ClassVar[bool] = True
    missing: ClassVar[dict[str, str]] = {}

    def parts(self) -> Parts:
        """Return name ↦ specification of the jobs that make the figure's table."""
        raise TypeError(f"{type(self).__name__} does not say how its work is cut into jobs")


def blocks(replicates: int, size: int) -> Iterator[tuple[int, int]]:
    """Yield (block index, replicates in the block).

    Blocks before the last are full, so more replicates add blocks and leave the full ones as
    they are.
    """
    for block in range(-(-replicates // size)):
        yield block, min(size, replicates - block * size)


# ------------------------------------------------------------------------------- luther2019
class LutherTheory(FigureSection):
    shows = "m, v and σ of the pre-activations by layer, infinite width"
    random = False

    depth: PositiveInt = Field(50, description="last layer drawn; published: 50")

    def parts(self) -> Parts:
        return {"theory": {"depth": self.depth}}


class FiniteWidthPoint(Section):
    width: PositiveInt = Field(description="N, units in every layer")
    samples: int = Field(ge=2, description="T, white-noise inputs per network")
    networks: PositiveInt = Field(description="independent networks")
    block: PositiveInt = Field(description="networks in one job; another size draws other numbers")


class LutherFiniteWidth(FigureSection):
    shows = "ratio m/v by layer at several widths, against the infinite width"

    layers: PositiveInt = Field(50, description="layers 0 … layers − 1; published: 50")
    points: list[FiniteWidthPoint] = Field(
        [
            FiniteWidthPoint(width=30, samples=100, networks=2000, block=2000),
            FiniteWidthPoint(width=100, samples=100, networks=1000, block=1000),
            FiniteWidthPoint(width=300, samples=100, networks=400, block=400),
            FiniteWidthPoint(width=1000, samples=100, networks=240, block=120),
            FiniteWidthPoint(width=3000, samples=100, networks=60, block=30),
        ],
        min_length=1,
        description="widths: published; samples and networks: chosen, the paper does not say; fewer "
        "samples widen the bands over networks",
    )

    @field_validator("points")
    @classmethod
    def _each_width_once(cls, points: list[FiniteWidthPoint]) -> list[FiniteWidthPoint]:
        _each_once([point.width for point in points])
        return points

    def parts(self) -> Parts:
        return {
            f"width{p.width:05d}_block{block:02d}": {
                "width": p.width,
                "samples": p.samples,
                "layers": self.layers,
                "block": block,
                "networks": count,
            }
            for p in self.points
            for block, count in blocks(p.networks, p.block)
        }


class Luther2019(Section):
    theory: LutherTheory = LutherTheory()
    finite_width: LutherFiniteWidth = LutherFiniteWidth()


# -------------------------------------------------------------------------------- hanin2018
class HaninFig1a(FigureSection):
    shows = "mean squared activation length against depth, by initialisation"
    missing = {"log10_length": "dead"}

    depths: Counts = Field(
        [5, *range(10, 101, 10)],
        description="depth = width; the grid is chosen, to 100 as recalled",
    )
    laws: Laws = Field(ALL_LAWS, description="initialisations; recalled, three added")
    networks: PositiveInt = Field(1000, description="networks a point; chosen")
    block: PositiveInt = Field(
        1000, description="networks in one job; another size draws other numbers"
    )

    def parts(self) -> Parts:
        return {
            f"depth{depth:04d}_block{block:02d}": {
                "depth": depth,
                "laws": self.laws,
                "block": block,
                "networks": count,
            }
            for depth in self.depths
            for block, count in blocks(self.networks, self.block)
        }


class HaninFig1b(FigureSection):
    shows = "epochs to a given MNIST test accuracy against depth, by initialisation"
    missing = {
        "initial_accuracy": "no_initial_accuracy",
        "final_accuracy": "no_final_accuracy",
    }

    depths: Counts = Field([5, 10, 20, 30], description="depth = width; chosen (paper: to 100)")
    laws: Laws = Field(ALL_LAWS, description="initialisations; recalled, three added")
    runs: PositiveInt = Field(5, description="training runs a point; published")
    data: Literal["carried", "full"] = Field(
        "carried", description="carried: 10,000 + 2,000 images; full: 60,000 + 10,000"
    )
    batch_size: PositiveInt = Field(
        171,
        description="gives the paper's 59 steps an epoch on 10,000 images; paper: 1024, recalled",
    )
    learning_rate: float = Field(0.01, gt=0, description="of plain SGD; recalled")
    max_epochs: PositiveInt = Field(100, description="a run that has not started by then; recalled")
    target_accuracy: float = Field(0.2, gt=0, le=1, description="test accuracy; published")

    def parts(self) -> Parts:
        shared = self.model_dump(exclude={"depths", "runs"})
        return {
            f"depth{depth:04d}": {"depth": depth, "runs": self.runs, **shared}
            for depth in self.depths
        }


class Hanin2018(Section):
    fig1a: HaninFig1a = HaninFig1a()
    fig1b: HaninFig1b = HaninFig1b()


# ------------------------------------------------------------------------------- marion2025
class MarionFig1(FigureSection):
    shows = "‖h_L − h_0‖/‖h_0‖ against depth, iid weights, one panel a β"

    depths: Counts = Field(
        [10, 16, 27, 46, 77, 129, 215, 359, 599, 1000], description="L; published"
    )
    betas: Betas = Field([1.0, 0.25, 0.5], description="β; published")
    width: PositiveInt = Field(40, description="d; published")
    networks: PositiveInt = Field(50, description="networks a point; published")
    block: PositiveInt = Field(
        50, description="networks in one job; another size draws other numbers"
    )
    inputs: Literal["uniform", "gaussian"] = Field(
        "uniform", description="U[0,1) as in the code, or Gaussian as in the text"
    )

    def parts(self) -> Parts:
        shared = self.model_dump(include={"betas", "width", "inputs"})
        return {
            f"depth{depth:05d}_block{block:02d}": {
                "depth": depth,
                **shared,
                "block": block,
                "networks": count,
            }
            for depth in self.depths
            for block, count in blocks(self.networks, self.block)
        }


class MarionFig2(FigureSection):
    shows = "histograms of ‖h_L‖/‖h_0‖ and ‖p_0‖/‖p_L‖, iid weights"

    depth: PositiveInt = Field(1000, description="L; published")
    width: PositiveInt = Field(100, description="d; published")
    beta: float = Field(0.5, description="β; published")
    delta: float = Field(0.5, gt=0, lt=1, description="δ of the bounds drawn; derived from them")
    networks: PositiveInt = Field(
        10_000, description="Gaussian weights, reduced sampler; published"
    )
    block: PositiveInt = Field(2500, description="networks of the reduced sampler in one job")
    explicit_networks: PositiveInt = Field(
        1000, description="the paper's uniform weights, all drawn; chosen (paper: 10,000)"
    )
    explicit_block: PositiveInt = Field(250, description="networks with drawn weights in one job")
    inputs: Literal["uniform", "gaussian"] = Field("uniform", description="as in fig1")

    def parts(self) -> Parts:
        shared = self.model_dump(include={"depth", "width", "beta", "inputs"})
        samplers = (
            ("reduced", self.networks, self.block),
            ("explicit", self.explicit_networks, self.explicit_block),
        )
        return {
            f"{sampler}_block{block:02d}": {
                "sampler": sampler,
                **shared,
                "block": block,
                "networks": count,
            }
            for sampler, networks, size in samplers
            for block, count in blocks(networks, size)
        }


class MarionFig7(FigureSection):
    shows = "heat maps of log10 of both ratios over β and Hurst index H, fractional noise"

    depth: PositiveInt = Field(1000, description="L; published")
    width: PositiveInt = Field(40, description="d; published")
    betas: Grid = Field(Grid(start=0.2, stop=1.3, count=56), description="β; published")
    hursts: Grid = Field(Grid(start=0.05, stop=0.97, count=51), description="H; published")
    draws: int = Field(5, ge=2, description="weight draws per H; published")
    inputs_per_draw: PositiveInt = Field(10, description="inputs per weight draw and β; published")
    hursts_per_job: PositiveInt = Field(6, description="rows of the map in one job")
    inputs: Literal["uniform", "gaussian"] = Field("uniform", description="as in fig1")

    @field_validator("hursts")
    @classmethod
    def _inside_unit_interval(cls, hursts: Grid) -> Grid:
        if not (0 < hursts.start < 1 and 0 < hursts.stop < 1):
            raise ValueError("start and stop must lie strictly between 0 and 1")
        if hursts.count > 1 and abs(hursts.stop - hursts.start) / (hursts.count - 1) < 1e-4:
            raise ValueError("neighbouring values must be 0.0001 apart or more")
        return hursts

    def parts(self) -> Parts:
        hursts = self.hursts.values()
        shared = self.model_dump(include={"depth", "width", "draws", "inputs_per_draw", "inputs"})
        size = self.hursts_per_job
        return {
            f"hurst{round(1e4 * hursts[first]):05d}": {
                "hursts": hursts[first : first + size],
                "betas": self.betas.values(),
                **shared,
            }
            for first in range(0, len(hursts), size)
        }


class Marion2025(Section):
    fig1: MarionFig1 = MarionFig1()
    fig2: MarionFig2 = MarionFig2()
    fig7: MarionFig7 = MarionFig7()


# ------------------------------------------------------------------------------------ whole
class Config(Section):
    """Everything that decides what the workflow computes."""

    preset: str = Field(
        "laptop",
        pattern=r"^[a-z][a-z0-9_-]*$",
        description="name of the preset and of its folder results/<preset>",
    )
    root_seed: int = Field(20190211, ge=0, description="every random number follows from it")
    device: Literal["auto", "cpu", "cuda"] = Field(
        "auto", description="where tensors are computed; auto takes a GPU if there is one"
    )

    @field_validator("preset")
    @classmethod
    def _not_the_folder_of_data(cls, preset: str) -> str:
        if preset == "data":
            raise ValueError("'data' is the folder of downloaded data; choose another name")
        return preset

    mnist_folder: str | None = Field(
        None,
        description="a folder that has the complete MNIST (idx files or torchvision's layout); "
        "null downloads it where a figure needs it",
    )
    luther2019: Luther2019 = Luther2019()
    hanin2018: Hanin2018 = Hanin2018()
    marion2025: Marion2025 = Marion2025()

    def figures(self) -> dict[str, dict[str, FigureSection]]:
        """Return paper ↦ figure key ↦ section, in the order of the papers."""
        return {
            paper: {key: getattr(section, key) for key in type(section).model_fields}
            for paper in ("luther2019", "hanin2018", "marion2025")
            for section in [getattr(self, paper)]
        }

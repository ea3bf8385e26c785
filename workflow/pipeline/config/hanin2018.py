"""Configuration of the figures of Hanin & Rolnick (2018)."""

from typing import ClassVar, Literal

from pydantic import Field, PositiveInt

from pipeline.config.sections import ALL_LAWS, Counts, FigureSection, Laws, Parts, Section, blocks


class HaninFig1a(FigureSection):
    shows = "mean squared activation length against depth, by initialisation"
    label = "squared length against depth"
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
    label = "epochs to a given test accuracy"
    priority = 10
    memory_mb = 2000
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

    def data_set(self) -> Literal["carried", "full"]:
        return self.data

    @property
    def minutes(self) -> int:
        # One thread trains 100 layers on 60,000 images for a day or more.
        return 60 if self.data == "carried" else 2880


class Hanin2018(Section):
    title: ClassVar[str] = "Failure modes (Hanin & Rolnick 2018)"

    fig1a: HaninFig1a = HaninFig1a()
    fig1b: HaninFig1b = HaninFig1b()

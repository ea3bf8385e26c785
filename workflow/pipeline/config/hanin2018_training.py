"""Configuration of the figures of Hanin & Rolnick (2018) that train networks on MNIST."""

from typing import Any, ClassVar, Literal

from pydantic import Field, PositiveInt

from pipeline.config.hanin2018_architectures import (
    ALL_PATTERNS,
    PatternName,
    Patterns,
    ScaledModules,
)
from study.settings import (
    ALL_LAWS,
    IMAGES,
    Counts,
    FigureSection,
    Laws,
    Parts,
    Replicates,
)

_PIXELS, _CLASSES = 784, 10
_TRAINING = ("data", "batch_size", "learning_rate", "max_epochs", "target_accuracy")


class TrainingSection(FigureSection):
    """What figures that train networks until they start have in common."""

    priority = 10
    memory_mb = 2000
    missing: ClassVar[dict[str, str]] = {
        "first_reached": "never_reached",
        "initial_accuracy": "no_initial_accuracy",
        "final_accuracy": "no_final_accuracy",
    }

    data: Literal["mnist_subset", "mnist"] = Field(
        "mnist_subset", description="10,000 + 2,000 images of MNIST; paper: all, 60,000 + 10,000"
    )
    batch_size: PositiveInt = Field(
        171,
        description="gives the paper's 59 steps an epoch on 10,000 images; paper: 1024",
    )
    learning_rate: float = Field(0.01, gt=0, description="of plain SGD; published")
    max_epochs: PositiveInt = Field(
        100, description="a run that has not started by then; published"
    )
    target_accuracy: float = Field(0.2, gt=0, le=1, description="test accuracy; published")

    def training(self) -> dict[str, Any]:
        """Return the specification of the training itself."""
        return self.model_dump(include=set(_TRAINING))

    def epoch_work(self, weights: float, checks: int = 1) -> float:
        """Return the multiply–adds of one epoch of one network with so many weights.

        A training image passes each weight three times (forward, and backward to the layer below
        and to the weight), a test image once a check.
        """
        train, test = IMAGES[self.data]
        return (3 * train + checks * test) * weights

    @property
    def minutes(self) -> int:
        # One thread trains 100 layers on 60,000 images for a day or more.
        return 60 if self.data == "mnist_subset" else 2880


class HaninFig1b(TrainingSection):
    shows = "epochs to a given MNIST test accuracy against depth, by initialisation"
    label = "epochs to a given test accuracy"

    depths: Counts = Field([5, 10, 20, 30], description="depth = width; chosen (paper: to 100)")
    laws: Laws = Field(
        ALL_LAWS,
        description="initialisations; published in Figure 4 (Xavier normal truncated there), three added",
    )
    runs: Replicates = Field(5, description="training runs a point; published")

    def parts(self) -> Parts:
        shared = {"runs": self.runs, "laws": self.laws, **self.training()}
        return {f"depth{depth:04d}": {"depth": depth, **shared} for depth in self.depths}

    def work(self) -> float:
        """Return multiply–adds if every network trained to the cap: those that start need fewer."""
        weights = sum(_PIXELS * d + (d - 1) * d**2 + _CLASSES * d for d in self.depths)
        return len(self.laws) * self.runs * self.max_epochs * self.epoch_work(weights)


class HaninFig2b(ScaledModules, TrainingSection):
    shows = "epochs to a given MNIST test accuracy against the number of modules, by scale"
    label = "epochs of residual networks"

    modules: Counts = Field(
        [1, 5, 10, 15, 20, 30, 60, 100], description="L, residual modules; chosen"
    )
    hidden: PositiveInt = Field(5, description="width of a module's hidden layer; published")
    width: PositiveInt = Field(5, description="n, width of the stream x; chosen, as in fig2a")
    runs: Replicates = Field(20, description="training runs a point; chosen (paper: 100)")
    checks_per_epoch: PositiveInt = Field(
        10, description="measurements of the test accuracy an epoch; chosen (paper: 1)"
    )

    def parts(self) -> Parts:
        shared = self.model_dump(exclude={"modules"})
        return {f"modules{modules:04d}": {**shared, "modules": modules} for modules in self.modules}

    def work(self) -> float:
        """Return multiply–adds of one epoch of every network: most start, or diverge, in the first.

        The small products of a module cost about four times their multiply–adds (measured).
        """
        module = 4 * 2 * self.width * self.hidden
        weights = sum(
            (_PIXELS + _CLASSES) * self.width + modules * module for modules in self.modules
        )
        networks = len(self.bases) * len(self.endings) * self.runs
        return networks * self.epoch_work(weights, self.checks_per_epoch)


_DRAWN_PATTERNS: list[PatternName] = [name for name in ALL_PATTERNS if name != "depth"]


class HaninFig3a(TrainingSection):
    shows = "epochs to a given MNIST test accuracy against depth, by width pattern"
    label = "epochs by architecture, against depth"

    patterns: Patterns = Field(
        _DRAWN_PATTERNS,
        description="hidden widths over depth; the first five published, the others added",
    )
    depths: Counts = Field(
        [4, 8, 12, 16, 20, 24],
        description="d; chosen, even: patterns of one mean width then share β (paper: not known)",
    )
    runs: Replicates = Field(10, description="training runs a point; chosen (paper: 100)")

    def parts(self) -> Parts:
        shared = {"depths": self.depths, "runs": self.runs, **self.training()}
        return {name: {"pattern": name, **shared} for name in self.patterns}

    def work(self) -> float:
        """Return multiply–adds if every network trained to the cap: most need a part of that.

        Every layer counts as 20 wide, the mean width of most patterns.
        """
        width = 20
        weights = sum((_PIXELS + _CLASSES) * width + depth * width**2 for depth in self.depths)
        networks = len(self.patterns) * self.runs
        return networks * self.max_epochs * self.epoch_work(weights)


class HaninFig3b(FigureSection):
    shows = (
        "epochs to a given MNIST test accuracy against β = Σ 1/n_j, where width patterns collapse"
    )
    label = "epochs by architecture, against β"
    reads = ("fig3a",)

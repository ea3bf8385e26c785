"""What the configurations of all figures share: the base classes and the types of values."""

from typing import Annotated, Any, ClassVar, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PositiveInt

from deepinit.initialisers import WEIGHT_LAWS

Parts = dict[str, dict[str, Any]]


def each_once(values: list) -> list:
    """Return `values`.

    Raises:
        ValueError: one of them is listed twice.
    """
    for value in values:
        if values.count(value) > 1:
            raise ValueError(f"{value} is listed twice")
    return values


Value = TypeVar("Value")
#: A list of at least one value, each listed once.
EachOnce = Annotated[list[Value], Field(min_length=1), AfterValidator(each_once)]
Counts = EachOnce[PositiveInt]
LawName = Literal[*WEIGHT_LAWS]
#: The carried 10,000 + 2,000 images of MNIST, the whole of it, and CIFAR-10.
DataSetName = Literal["mnist_subset", "mnist", "cifar10"]
#: Images to train on, images to test on.
IMAGES: dict[DataSetName, tuple[int, int]] = {
    "mnist_subset": (10_000, 2_000),
    "mnist": (60_000, 10_000),
    "cifar10": (50_000, 10_000),
}
Laws = EachOnce[LawName]
Betas = EachOnce[Annotated[float, Field(gt=0)]]
#: Independent replicates behind an interval, and units of a layer.
Replicates = Annotated[int, Field(ge=2)]
Width = Annotated[int, Field(ge=2)]
Widths = EachOnce[Width]


class Section(BaseModel):
    """A part of the configuration; unknown keys are errors."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, allow_inf_nan=False, validate_default=True
    )


class FigureSection(Section):
    """The configuration of one figure, and what its two rules need to know.

    Attributes:
        shows: a line for the menu.
        label: a few words that stand beside its number in the pages.
        random: whether its parts draw random numbers.
        missing: columns of its table that may lack a value ↦ the column that says so.
        reads: keys of other figures of the same paper whose tables the drawing reads too.
        reads_published: keys of other figures whose published values it reads too.
        memory_mb: what one part needs, MB.
        minutes: the longest that one part may take on a slow machine.
        priority: parts of a higher priority start first.
    """

    shows: ClassVar[str]
    label: ClassVar[str]
    random: ClassVar[bool] = True
    missing: ClassVar[dict[str, str]] = {}
    reads: ClassVar[tuple[str, ...]] = ()
    reads_published: ClassVar[tuple[str, ...]] = ()
    memory_mb: ClassVar[int] = 1500
    minutes: ClassVar[int] = 20
    priority: ClassVar[int] = 0

    def parts(self) -> Parts:
        """Return name ↦ specification of the jobs that make the figure's table.

        None for a figure that only draws tables of others. A part whose specification has the
        key `data`, a `DataSetName`, gets that data set as its input `data`.
        """
        return {}

    def work(self) -> float | None:
        """Return a number that the cost of all parts is proportional to; None if none is known.

        Its unit is the figure's own, such as multiply–adds: the menu only takes ratios, to
        predict from the measured cost of one preset that of another.
        """
        return None

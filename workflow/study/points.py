"""Settings of figures that are computed grid point by grid point, and the jobs that follow.

workflow/README.md shows one: "Add your own figure".
"""

from collections.abc import Callable, Collection
from itertools import groupby
from typing import Any, ClassVar

from pydantic import Field

from study.errors import UserError
from study.grids import Fractions, Grid
from study.settings import FigureSection, Parts

Point = dict[str, Any]


def _sourced(source: str) -> Callable[..., Any]:
    def field(default: Any, description: str, **constraints: Any) -> Any:
        return Field(default, description=f"{description}; {source}", **constraints)

    field.__doc__ = f"Return a field of the settings whose default is {source}."
    return field


#: Fields of settings by the source of their default: read in the paper, in the authors' code, or
#: chosen by this project because the paper does not say.
published, code, chosen = map(_sourced, ("published", "code", "chosen"))

#: What the specification of a job has beside settings and the names of paper and figure.
BESIDE_SETTINGS = {"points", "missing", "root_seed", "device"}


class PointSettings(FigureSection):
    """The settings of a figure, and which grid points there are.

    Attributes:
        job: name of the job, where one computes all points.
        points_per_job: neighbouring points, equal but for their last key, that share a job.
        chooses_points: fields that decide which points there are or how they are drawn, and on which
            the numbers of no point depend: jobs do not see them, and do not run again when they change.
    """

    job: ClassVar[str | None] = None
    points_per_job: ClassVar[int] = 1
    chooses_points: ClassVar[tuple[str, ...]] = ()

    @classmethod
    def __pydantic_init_subclass__(cls, **keywords: Any) -> None:
        """Check what would be ignored, or take another's place, without a word.

        Raises:
            TypeError: a key is called as what a specification has itself, or `chooses_points` names no key.
        """
        keys = cls.model_fields.keys()
        unknown = set(cls.chooses_points) - keys if cls.__name__ == "Settings" else ()
        if wrong := sorted({*unknown, *((BESIDE_SETTINGS | {"paper", "figure"}) & keys)}):
            raise TypeError(
                f"{cls.__module__}: not a key, or a name that jobs need: {', '.join(wrong)}"
            )

    def grid_points(self) -> list[Point]:
        """Return the grid points in the order of the table; none for a figure that draws others'."""
        return []

    def job_of(self, point: Point) -> str | None:
        """Return the name of the job that computes a point; None: neighbours share one, see above."""
        return self.job

    def unused(self, point: Point) -> Collection[str]:
        """Return the fields that a point does not use; a job does not see what none of its points uses."""
        return ()

    def parts(self) -> Parts:
        """Return job ↦ its points and the settings that they depend on.

        Raises:
            UserError: a point is there twice, which would count its replicates twice, or has a value that
                is no text or number of Python's own.
        """
        shared = self.model_dump(mode="json", exclude=set(self.chooses_points))
        for name in shared:
            if isinstance(grid := getattr(self, name), Grid | Fractions):
                shared[name] = grid.values()
        points, before = self.grid_points(), []
        for point in points:
            if point in before:
                raise UserError(f"{type(self).__module__}: the grid point {point} is there twice")
            if not all(isinstance(value, str | int | float) for value in point.values()):
                raise UserError(
                    f"{type(self).__module__}: the grid point {point} has a value that is neither a text "
                    "nor a number of Python's own (int(…) makes one of numpy's)"
                )
            before.append(point)
        jobs: dict[str, list[Point]] = {}
        for _, near in groupby(points, key=lambda point: list(point.values())[:-1]):
            neighbours = list(near)
            for number, point in enumerate(neighbours):
                first = neighbours[number - number % self.points_per_job]
                jobs.setdefault(self.job_of(point) or point_name(first), []).append(point)
        specs: Parts = {}
        for name, points in jobs.items():
            unused = set.intersection(*(set(self.unused(point)) for point in points))
            seen = {key: value for key, value in shared.items() if key not in unused}
            specs[name] = {"points": points, **seen, "missing": self.missing}
        return specs


def point_name(point: Point) -> str:
    """Return a name for a job that begins with a point, of lower-case letters and digits.

    Numbers follow their key, with five digits; those that are not whole in units of 0.0001.
    """
    words = []
    for key, value in point.items():
        if isinstance(value, str | bool):
            words.append(f"{value}".lower())
        else:
            number = value if isinstance(value, int) else round(1e4 * value)
            words.append(f"{key}{number:05d}")
    return "_".join(words)

"""A figure's computation: the function of one grid point, and what follows from it.

`papers/<paper>/<figure>/compute.py`:

    figure = Figure()

    @figure.point(address=lambda s, hurst: {"hurst": hurst, "depth": s.depth})
    def ratios(s, stream, hurst):
        return {"log10_output_change": …}

Streams, index columns, progress, the table and its checks, and the checkpoint are the engine's. A
function is given what its parameters name:

    the keys of the grid point
    s           the settings on which jobs depend
    stream      the random stream at the point's address, on the job's device
    seeds       the seed sequence there, for a generator of numpy's without torch
    streams     a function: the stream at any address of the figure
    images      the data set that the settings' `data` names
    missing     column that may lack a value ↦ the column that says so, see the settings
    checkpoint  where to save the state; deleted once the table is written
    progress    a function (done, total), in place of counting points
    job         the job itself, for what has no name here
"""

import inspect
from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any

import pandas as pd

from study.errors import UserError
from study.job import Job

#: What there is beside the keys of the point, see above.
_GIVEN = ("s", "stream", "seeds", "streams", "images", "missing", "checkpoint", "progress", "job")


class Figure:
    """Computes the parts of a figure's table.

    Args:
        unit: what progress counts.
    """

    def __init__(self, unit: str = "points") -> None:
        self.unit = unit
        self._compute: Callable[..., Any] | None = None
        self._address: Callable[..., Any] | None = None
        self._index: tuple[str, ...] | None = None
        self._at_once = False

    def point(
        self, address: Callable[..., Any] | None = None, index: tuple[str, ...] | None = None
    ) -> Callable[[Callable], Callable]:
        """Register the function of one grid point, which returns column ↦ values, or a frame.

        The point's keys become the first columns.

        Args:
            address: from the settings and the point's keys to the address of its stream within the
                figure: one part, or a list of parts. None: the point itself.
            index: those of the point's keys that become columns; None: all.
        """

        def register(function: Callable) -> Callable:
            self._compute, self._address, self._index = function, address, index
            return function

        return register

    def points(self, function: Callable) -> Callable:
        """Register a function of all points of a job at once, given as `points`; it returns the frame."""
        self._compute, self._at_once = function, True
        return function

    def address(self, spec: Mapping[str, Any], point: Mapping[str, Any]) -> list[Any]:
        """Return the address of a point's stream within the figure."""
        if self._address is None:
            return [dict(point)]
        found = self._address(_settings(spec), **point)
        return found if isinstance(found, list) else [found]

    def run(self, job: Job) -> None:
        """Compute the points of a job's specification and write their rows."""
        points, given = job.spec["points"], _Given(job, self.unit)
        if self._compute is None:
            raise UserError(
                f"{job.script}: no function computes its points: write @figure.point() above one"
            )
        wanted = inspect.signature(self._compute).parameters
        if self._at_once:
            frame = self._compute(**given.named(wanted, {"points": points}, []))
        else:
            progress = None if "progress" in wanted else job.progress(self.unit)
            frames = []
            for done, point in enumerate(points, 1):
                address = self.address(job.spec, point)
                found = pd.DataFrame(self._compute(**given.named(wanted, point, address)))
                kept = point if self._index is None else {key: point[key] for key in self._index}
                place = {key: value for key, value in kept.items() if key not in found}
                frames.append(pd.DataFrame({**place, **found}, found.index))
                if progress:
                    progress(done, len(points))
            frame = pd.concat(frames, ignore_index=True)
        job.write_table(frame, job.spec["missing"])
        if given.checkpoint is not None:
            given.checkpoint.clear()


def _settings(spec: Mapping[str, Any]) -> SimpleNamespace:
    own = {"paper", "figure", "root_seed", "device", "points", "missing"}
    return SimpleNamespace(**{key: value for key, value in spec.items() if key not in own})


class _Given:
    """What the functions of a figure are given by name."""

    def __init__(self, job: Job, unit: str) -> None:
        self.job, self.unit, self.checkpoint = job, unit, None
        self.s = _settings(job.spec)

    def named(
        self, wanted: Mapping[str, Any], point: Mapping[str, Any], address: list[Any]
    ) -> dict[str, Any]:
        """Return the values of the parameters `wanted`."""
        return {
            name: point[name] if name in point else self._value(name, address) for name in wanted
        }

    def _value(self, name: str, address: list[Any]) -> Any:
        # What needs torch is imported only where it is asked for.
        job = self.job
        match name:
            case "s":
                return self.s
            case "job":
                return job
            case "missing":
                return job.spec["missing"]
            case "progress":
                return job.progress(
                    self.unit, lambda: self.checkpoint is not None and self.checkpoint.used
                )
            case "seeds":
                return job.seeds(*address)
            case "images":
                from study.data_sets import images_of

                return images_of(job)
            case "checkpoint":
                from study.checkpoint import checkpoint_of

                self.checkpoint = self.checkpoint or checkpoint_of(job)
                return self.checkpoint
            case "stream":
                return self._stream(*address)
            case "streams":
                return self._stream
        raise UserError(
            f"{job.script}: there is nothing of the name '{name}' to give; there are "
            f"{', '.join(_GIVEN)} and the keys of the point"
        )

    def _stream(self, *address: Any) -> Any:
        from study.streams import random_stream

        return random_stream(self.job, *address)

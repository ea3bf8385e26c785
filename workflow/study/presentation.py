"""A figure's presentation: summaries computed once, the drawing, what its claims measure.

`papers/<paper>/<figure>/present.py`:

    figure = Presentation()

    @figure.summary
    def contours(table): ...

    @figure.draw
    def draw(s, table, contours, published): ...

    @figure.measure
    def contour_at(contours, hurst): ...

and `claims.yaml` beside it names the measurements, which may also stand in modules of their own:
`Presentation(measures)`. A function is given what its parameters name:

    s          the figure's settings
    table      the figure's table
               (both are those of the first figure that it reads, if it has no table of its own)
    tables     those of all figures that it reads, its own included, by key
    published  the CSV files beside it, by stem
    preset     the name of the preset
    recorded   the figure as it was recorded at the papers' scale (`Recorded`), or None
    data       all of this as one (`FigureData`)
    …          any summary, the arguments of a claim, and what a presentation was given:

    figure = Presentation(measures, column="output")

Settings that are not the paper's own make published statements "reproduced, with a stated difference":

    figure = Presentation(measures, papers={"data": "mnist", "epochs": 10})

and one of the same figure for something else, in another folder:

    figure = present.figure.given(column="gradient")

One job draws and judges, so that a summary is computed once; it imports no torch.
"""

import inspect
from collections.abc import Callable, Iterator, Mapping
from copy import copy
from dataclasses import replace
from types import ModuleType, SimpleNamespace
from typing import Any

from matplotlib.figure import Figure as Page

from deepinit.stats.intervals import TooFewReplicates
from study.drawing import draw_and_write
from study.errors import UserError
from study.figure_data import FigureData
from study.job import Job
from study.judging import of_record, write_verdicts
from study.recorded import Recorded, recorded_data
from study.verdicts import ADDED, Claim, Measurement, judge


class Presentation:
    """Draws a figure and judges its claims.

    Args:
        measures: modules whose functions are measurements that claims name.
        papers: setting ↦ the paper's value, those of a section in a mapping of their own.
        given: values by name, for functions that have such a parameter and claims that do not
            set it.
    """

    def __init__(
        self,
        *measures: ModuleType,
        papers: Mapping[str, Any] | None = None,
        **given: Any,
    ) -> None:
        self._given, self.papers = given, papers or {}
        self.summaries: dict[str, Callable] = {}
        self.measures: dict[str, Callable[..., Measurement]] = {}
        self.drawing: Callable[..., Page] | None = None
        for module in measures:
            functions = inspect.getmembers(module, inspect.isfunction)
            # What a module imports is not its own to measure.
            self.measures |= {n: f for n, f in functions if f.__module__ == module.__name__}

    def given(self, **values: Any) -> "Presentation":
        """Return the same presentation with other values given."""
        other = copy(self)
        other._given = {**self._given, **values}
        return other

    def summary(self, function: Callable) -> Callable:
        """Register a summary under its function's name."""
        self.summaries[function.__name__] = function
        return function

    def measure(self, function: Callable[..., Measurement]) -> Callable[..., Measurement]:
        """Register a measurement under its function's name."""
        self.measures[function.__name__] = function
        return function

    def draw(self, function: Callable[..., Page]) -> Callable[..., Page]:
        """Register the drawing."""
        self.drawing = function
        return function

    def of(
        self, data: FigureData, preset: str = "", recorded: Recorded | None = None
    ) -> "Presented":
        """Return what this presentation makes of tables.

        Args:
            recorded: what there is of the figure at the papers' scale.
        """
        known = {
            "data": data,
            "recorded": recorded,
            "s": SimpleNamespace(**data.settings[data.drawn] | data.settings[data.figure]),
            "tables": data.tables,
            "published": data.published,
            "preset": preset,
            **self._given,
        }
        if data.drawn in data.tables:
            known["table"] = data.tables[data.drawn]
        return Presented(self, known)

    def run(self, job: Job) -> None:
        """Draw the figure, and write a row per claim where the job has an output for them."""
        data, known = FigureData.of_job(job), job.spec.get("recorded")
        recorded = recorded_data(known, job.inputs["recorded"], data) if known else None
        here = self.of(data, job.spec["preset"], recorded)
        at_papers_scale = recorded and self.of(recorded.data, recorded.preset)

        def judged(claim: Claim) -> dict[str, Any]:
            row = here.judged(claim)
            if recorded:
                row |= of_record(at_papers_scale.judged(claim), recorded.how)
            return row

        # First, so that a drawing that fits what was read has its verdicts beside it.
        for path in job.outputs:
            if path.suffix == ".csv":
                write_verdicts(job, path, judged)
        pages = [path for path in job.outputs if path.suffix != ".csv"]
        draw_and_write(job, here.page, pages)


def _other_settings(
    own: Mapping[str, Any], papers: Mapping[str, Any], section: str = ""
) -> Iterator[str]:
    """Yield what differs from the paper's settings, in words."""
    for key, value in papers.items():
        if isinstance(value, Mapping):
            yield from _other_settings(own[key], value, f"{key}.")
        elif own[key] != value:
            yield f"{section}{key} {own[key]} instead of {value}"


class Presented:
    """A presentation of certain tables; a summary is computed when it is first asked for.

    Args:
        presentation: whose functions are called.
        known: what there is by name, to which summaries are added.
    """

    def __init__(self, presentation: Presentation, known: dict[str, Any]) -> None:
        self._of, self._known = presentation, known

    def page(self) -> Page:
        """Return the drawing, in the style that is in force.

        Raises:
            UserError: there are too few replicates for an interval.
        """
        if self._of.drawing is None:
            raise UserError("no function of this figure draws: write @figure.draw above one")
        try:
            return self._call(self._of.drawing)
        except TooFewReplicates as reason:
            sentence = f"{reason}: raise the number of networks, draws or runs of this figure"
            raise UserError(sentence) from None

    def measured(self, claim: Claim) -> Measurement:
        """Return what a claim measures."""
        measure = self._of.measures.get(claim.measure)
        if measure is None:
            raise UserError(
                f"claim {claim.claim}: there is no measurement '{claim.measure}'; there are "
                f"{', '.join(self._of.measures) or 'none'}"
            )
        if other := claim.arguments.keys() - inspect.signature(measure).parameters:
            raise UserError(
                f"claim {claim.claim}: '{claim.measure}' takes no {', '.join(sorted(other))}"
            )
        return self._call(measure, claim.arguments)

    def judged(self, claim: Claim) -> dict[str, Any]:
        """Return the row of a claim (`study.verdicts.judge`)."""
        # What this project adds has no setting of the paper's to differ from.
        if not claim.must_hold and not claim.statement.startswith(ADDED):
            other = ", ".join(_other_settings(vars(self._known["s"]), self._of.papers))
            claim = replace(claim, difference="; ".join(filter(None, (claim.difference, other))))
        return judge(claim, lambda: self.measured(claim))

    def _call(self, function: Callable, arguments: Mapping[str, Any] | None = None) -> Any:
        """Return what a function gives, parameters that are no arguments filled in by name."""
        given = dict(arguments or {})
        for name, parameter in inspect.signature(function).parameters.items():
            there = name in self._known or name in self._of.summaries
            if name not in given and (there or parameter.default is parameter.empty):
                given[name] = self._value(name, function.__name__)
        return function(**given)

    def _value(self, name: str, asks: str) -> Any:
        if name not in self._known:
            if name not in self._of.summaries:
                there = ", ".join(dict.fromkeys([*self._known, *self._of.summaries]))
                raise UserError(
                    f"'{asks}' asks for '{name}', which does not exist; there are {there} and the arguments "
                    "of a claim"
                )
            self._known[name] = self._call(self._of.summaries[name])
        return self._known[name]

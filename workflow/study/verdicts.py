"""A verdict on each published statement: what was published, what came out, what follows.

A claim names a measurement, a function that turns tables into an `Estimate` with an interval
of level 99.9 %, and a test. A test has three outcomes: it holds, it fails, or the preset's data
cannot decide, because a grid point is missing or the interval is wider than the difference
that would matter. What depends on data of the paper's that are not known cannot be tested at any preset.

Were all statements true, about one set of seeds in ten would still bring a false alarm at the laptop
preset: a little over a hundred of them can fail by chance once in a thousand (skewed ones up to three
times), being judged on a two-sided interval or on a largest score. The others are bounds, which fail only
if the whole interval lies beyond them, statements that must hold, which fail by chance once in a million
(for few replicates, or skewed ones, up to once in 10,000), and numbers without chance; or they are not
tested.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np
from pydantic import ConfigDict
from pydantic.dataclasses import dataclass as checked_dataclass

from deepinit.stats.intervals import Estimate, TooFewReplicates
from deepinit.stats.scores import normal_score
from study.errors import UserError

LEVEL = 0.999
#: Half the width of a two-sided interval of that level, in standard errors of a normal estimate.
SCORE = float(normal_score((1 - LEVEL) / 2))
# A statement that must hold stops the build when it fails, so its interval is stretched by the ratio of
# the normal quantiles of 99.9999 % and 99.9 %, and has to be narrow enough as it is then. For few
# replicates it has a lower level: 99.998 % for Student's of sixteen.
_STRETCH = float(normal_score(0.5e-6) / SCORE)
# A one-sided statement is judged on one end, of level 99.9 % by itself: that of a two-sided interval of
# 99.8 %, here by the ratio of normal quantiles, which shortens Student's intervals less than they might be.
_ONE_SIDED = float(normal_score(1 - LEVEL) / SCORE)

REPRODUCED = "reproduced"
DIFFERENT = "reproduced, with a stated difference"
NOT_REPRODUCED = "not reproduced"
NOT_AS_CAPTIONED = "not reproducible as captioned"
NOT_TESTED = "not tested at this preset"
NOT_TESTABLE = "cannot be tested"
#: Why a statement is not tested, where there is a number.
TOO_WIDE = "the interval is too wide to decide"
#: What a row has of the measured and of the published value; None where there is no such end.
NUMBERS = ("measured", "low", "high", "allowed_low", "allowed_high")
#: How statements begin that the papers do not make.
ADDED = "Added here"
VERDICTS = (REPRODUCED, DIFFERENT, NOT_REPRODUCED, NOT_AS_CAPTIONED, NOT_TESTED, NOT_TESTABLE)


class NotTested(Exception):
    """The preset's tables do not have what a claim needs; the message says what."""


class NotTestable(Exception):
    """No preset can have what a claim needs; the message says why."""


@dataclass(frozen=True)
class Measurement:
    """What came out.

    Attributes:
        estimate: value and interval of level `LEVEL`.
        expected: the value to compare with, where it follows from theory.
        slack: what the published value is uncertain by beside its reading error, such as the
            published mean's own sampling error.
        allowance: what the finite width, batch or depth of this project's own computation may add
            to the value, from theory. What agrees only with it is a stated difference.
        note: what the reader of the verdict should know.
    """

    estimate: Estimate
    expected: float | None = None
    slack: float = 0.0
    allowance: float = 0.0
    note: str = ""


@checked_dataclass(frozen=True, config=ConfigDict(extra="forbid", strict=True))
class Claim:
    """A published statement and how it is tested; one entry of a figure's claims.yaml.

    Attributes:
        claim: identifier.
        figure: key of the figure whose table it is measured on.
        statement: what was published, in words.
        measure: name of the measurement.
        test: "agrees", "at_least" or "at_most".
        published: published number, or the bound of an inequality; None if it comes with the
            measurement, from theory.
        reading_error: of a number read off a figure, or half a unit of its last digit.
        precision: the interval's largest half-width that still decides "agrees"; None means
            what the published value may be off by (reading error, slack and allowance), or a
            tenth of it, whichever is larger.
        arguments: passed to the measurement.
        ours: the bound of an inequality is not published but chosen by this project.
        must_hold: a failure is this project's mistake and stops the build; judged on a stretched
            interval.
        difference: set where the preset or the method differs from the paper's, in words.
        as_captioned: set where the caption itself is what fails, with the reason.
        note: a sentence for the reader.
    """

    claim: str
    figure: str
    statement: str
    measure: str
    test: Literal["agrees", "at_least", "at_most"]
    published: float | None = None
    reading_error: float = 0.0
    precision: float | None = None
    arguments: dict[str, Any] = field(default_factory=dict)
    ours: bool = False
    must_hold: bool = False
    difference: str = ""
    as_captioned: str = ""
    note: str = ""


def _factor(claim: Claim) -> float:
    """Return what the interval is stretched by before it is judged."""
    if claim.must_hold:
        return _STRETCH
    return 1.0 if claim.test == "agrees" else _ONE_SIDED


def _target(claim: Claim, measured: Measurement) -> float | None:
    """Return the published value or bound, or what theory expects in its place."""
    return claim.published if measured.expected is None else measured.expected


def _off(claim: Claim, measured: Measurement) -> float:
    """Return by how much the published value and our finite size may be off together."""
    return claim.reading_error + measured.slack + measured.allowance


def holds(claim: Claim, measured: Measurement) -> bool | None:
    """Return whether the test holds; None if the interval cannot decide.

    "agrees": the interval, widened by reading error, slack and allowance, contains the value, and is
    no wider than the claim's precision.
    "at_least", "at_most": the whole interval, of level 99.8 %, lies on one side of the bound.

    Raises:
        UserError: there is nothing to compare with.
    """
    target = _target(claim, measured)
    if target is None:
        raise UserError(
            f"claim {claim.claim} has no value to compare with: write `published` in claims.yaml, or let "
            f"the measurement '{claim.measure}' return one as `expected`"
        )
    value, low, high = measured.estimate
    if np.isnan([value, low, high]).any():
        return None
    if (factor := _factor(claim)) != 1 and low < high:
        low, high = value - factor * (value - low), value + factor * (high - value)
    if claim.test == "agrees":
        widened = _off(claim, measured)
        if not low - widened <= target <= high + widened:
            return False
        own = max(0.1 * abs(target), widened)
        precision = own if claim.precision is None else claim.precision
        return True if (high - low) / 2 <= precision else None
    if claim.test == "at_least":
        return True if low >= target else False if high < target else None
    return True if high <= target else False if low > target else None


def describe_test(claim: Claim, measured: Measurement) -> str:
    """Return the test in words."""
    target = _target(claim, measured)
    _, low, high = measured.estimate
    if claim.test == "agrees":
        error = _off(claim, measured)
        level = f"{_STRETCH:.2f} times the 99.9 %" if claim.must_hold else "99.9 %"
        words = "equals" if low == high else f"{level} interval contains"
        return f"{words} {target:.4g}" + (f" ± {error:.2g}" if error else "")
    whose = " (threshold ours)" if claim.ours else ""
    if low == high:
        return f"{claim.test.replace('_', ' ')} {target:.4g}{whose}"
    level = (
        f"{_STRETCH:.2f} times the 99.9 % interval" if claim.must_hold else "one-sided 99.9 % limit"
    )
    return f"{level} lies {'above' if claim.test == 'at_least' else 'below'} {target:.4g}{whose}"


def would_show(claim: Claim, measured: Measurement) -> float | None:
    """Return how far from the published value ours would have to lie for the test to fail, in its unit.

    Half of the interval as it is judged, and what the published value and our finite size may be off by. None
    for numbers without an interval that are compared with a bound, such as scores.
    """
    reach = _factor(claim) * measured.estimate.half_width
    if claim.test == "agrees":
        reach += _off(claim, measured)
    return reach if np.isfinite(reach) and reach else None


def allowed(claim: Claim, measured: Measurement) -> tuple[float, float]:
    """Return where the published value may lie, or the side of the bound that is stated."""
    target = _target(claim, measured)
    error = _off(claim, measured)
    return {
        "agrees": (target - error, target + error),
        "at_least": (target, np.inf),
        "at_most": (-np.inf, target),
    }[claim.test]


def judge(claim: Claim, measure: Callable[[], Measurement]) -> dict[str, Any]:
    """Return one row of the verdicts: all columns but the paper, and whether it stops the build."""
    row: dict[str, Any] = {
        **dict.fromkeys((*NUMBERS, "would_show")),
        "claim": claim.claim,
        "figure": claim.figure,
        "statement": claim.statement,
        "published": claim.published,
        "test": claim.test,
        "stops": False,
    }
    try:
        measured = measure()
    except ZeroDivisionError:
        return {**row, "verdict": NOT_TESTED, "note": "these settings leave nothing to divide by"}
    except (NotTested, TooFewReplicates) as reason:
        return {**row, "verdict": NOT_TESTED, "note": f"{reason}".strip()}
    except NotTestable as reason:
        return {**row, "verdict": NOT_TESTABLE, "note": f"{reason}"}
    outcome = holds(claim, measured)
    notes = [claim.note, measured.note]
    if outcome is None:
        verdict = NOT_TESTED
        notes.append(TOO_WIDE)
    elif outcome:
        needs_allowance = holds(claim, replace(measured, allowance=0.0)) is False
        verdict = DIFFERENT if claim.difference or needs_allowance else REPRODUCED
        if needs_allowance:
            notes.append(
                f"agrees only with the {measured.allowance:.2g} allowed for the finite size computed here"
            )
        notes.append(claim.difference)
    else:
        verdict = NOT_AS_CAPTIONED if claim.as_captioned else NOT_REPRODUCED
        notes.append(claim.as_captioned)
    numbers = [*measured.estimate, *allowed(claim, measured)]
    row |= {
        name: number if np.isfinite(number) else None
        for name, number in zip(NUMBERS, numbers, strict=True)
    }
    row |= {"test": describe_test(claim, measured), "would_show": would_show(claim, measured)}
    row["stops"] = claim.must_hold and outcome is False
    if claim.published is None:
        row["published"] = measured.expected
    return {**row, "verdict": verdict, "note": "; ".join(note for note in notes if note)}

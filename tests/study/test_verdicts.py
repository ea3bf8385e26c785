"""Verdicts: every outcome of a test, and nothing decided that the data cannot decide."""

from dataclasses import replace

import pytest
from scipy import stats

from deepinit.stats.intervals import Estimate, mean_interval
from study.errors import UserError
from study.verdicts import (
    DIFFERENT,
    NOT_AS_CAPTIONED,
    NOT_REPRODUCED,
    NOT_TESTABLE,
    NOT_TESTED,
    REPRODUCED,
    VERDICTS,
    Claim,
    Measurement,
    NotTestable,
    NotTested,
    describe_test,
    holds,
    judge,
    would_show,
)

CLAIM = Claim("c1", "fig1", "it is one", "ratio", "agrees", published=1.0)


def measured(low: float, high: float, **options: object) -> Measurement:
    """Return a measurement with the given interval."""
    return Measurement(Estimate((low + high) / 2, low, high), **options)


@pytest.mark.parametrize(
    ("claim", "interval", "outcome"),
    [
        ({}, (0.95, 1.05), True),
        ({}, (1.01, 1.05), False),
        ({}, (0.5, 0.99), False),
        ({}, (0.5, 1.5), None),
        ({}, (0.89, 1.11), None),
        ({}, (1.2, 9.0), False),
        ({"reading_error": 0.02}, (1.01, 1.05), True),
        ({"reading_error": 0.005}, (1.01, 1.05), False),
        ({"precision": 0.6}, (0.5, 1.5), True),
        ({"precision": 0.01}, (0.95, 1.05), None),
        ({"published": -1.0}, (-1.05, -0.95), True),
        ({"published": 0.0, "precision": 0.1}, (-0.05, 0.05), True),
        ({"test": "at_least"}, (1.0, 2.0), True),
        ({"test": "at_least"}, (0.9, 2.0), None),
        ({"test": "at_least"}, (0.1, 0.9), False),
        ({"test": "at_most"}, (0.1, 1.0), True),
        ({"test": "at_most"}, (0.1, 1.1), None),
        ({"test": "at_most"}, (1.1, 1.2), False),
    ],
)
def test_a_test_holds_fails_or_cannot_decide(claim, interval, outcome):
    assert holds(replace(CLAIM, **claim), measured(*interval)) is outcome


def test_slack_of_the_published_mean_widens_the_interval():
    assert holds(CLAIM, measured(1.01, 1.05)) is False
    assert holds(CLAIM, measured(1.01, 1.05, slack=0.011)) is True
    # An interval need not be more precise than the published value, unless the claim says so.
    assert holds(CLAIM, measured(0.7, 1.3, slack=0.31)) is True
    assert holds(CLAIM, measured(0.7, 1.3, slack=0.29)) is None
    assert holds(replace(CLAIM, reading_error=0.31), measured(0.7, 1.3)) is True
    assert holds(replace(CLAIM, precision=0.2), measured(0.7, 1.3, slack=0.31)) is None


@pytest.mark.parametrize(
    ("interval", "options", "verdict", "note"),
    [
        ((0.99, 1.05), {"allowance": 0.02}, REPRODUCED, ""),
        ((1.01, 1.05), {"allowance": 0.02}, DIFFERENT, "agrees only with the 0.02 allowed"),
        ((0.95, 0.99), {"allowance": 0.02}, DIFFERENT, "agrees only with the 0.02 allowed"),
        ((1.01, 1.05), {"allowance": 0.005}, NOT_REPRODUCED, ""),
        # The published value's own error needs no allowance; it adds to one.
        ((1.01, 1.05), {"allowance": 0.02, "slack": 0.011}, REPRODUCED, ""),
        ((1.03, 1.05), {"allowance": 0.02, "slack": 0.011}, DIFFERENT, "agrees only with the 0.02"),
        ((0.7, 1.3), {"allowance": 0.02}, NOT_TESTED, "the interval is too wide to decide"),
    ],
)
def test_what_agrees_only_with_the_allowance_for_finite_size_is_a_stated_difference(
    interval, options, verdict, note
):
    row = judge(CLAIM, lambda: measured(*interval, **options))
    assert row["verdict"] == verdict and row["note"].startswith(note)
    assert bool(row["note"]) == bool(note)


def test_a_bound_needs_no_allowance():
    row = judge(replace(CLAIM, test="at_most"), lambda: measured(0.5, 0.9, allowance=0.2))
    assert row["verdict"] == REPRODUCED


@pytest.mark.parametrize(
    ("test", "errors", "usual", "strict"),
    [
        ("agrees", 3, True, True),
        ("agrees", 4, False, True),
        ("agrees", 5, False, False),
        ("at_least", 3, None, None),
        ("at_least", 4, True, None),
        ("at_least", 5, True, True),
    ],
)
def test_what_must_hold_is_judged_at_six_nines(test, errors, usual, strict):
    """The value lies `errors` standard errors above: 3.29 are 99.9 %, 4.89 are 99.9999 %."""
    half = 0.01 * stats.norm.isf(0.5e-3)
    value = 1 + 0.01 * errors
    found = Measurement(Estimate(value, value - half, value + half))
    claim = replace(CLAIM, test=test, precision=0.05)
    assert holds(claim, found) is usual
    assert holds(replace(claim, must_hold=True), found) is strict


def test_an_interval_has_to_be_narrow_enough_as_it_is_judged_and_only_what_must_hold_stops_a_build():
    claim, found = replace(CLAIM, precision=0.1), measured(0.91, 1.09)
    assert holds(claim, found) is True
    assert holds(replace(claim, must_hold=True), found) is None
    for must_hold in (False, True):
        row = judge(replace(claim, must_hold=must_hold), lambda: measured(2.0, 2.1))
        assert (row["verdict"], row["stops"]) == (NOT_REPRODUCED, must_hold)


@pytest.mark.parametrize(("errors", "outcome"), [(3.0, None), (3.2, True), (-3.2, False)])
def test_a_one_sided_statement_is_judged_at_one_in_a_thousand(errors, outcome):
    """3.09 standard errors are 99.9 % on one side; those of the interval itself are 3.29."""
    half = 0.01 * stats.norm.isf(0.5e-3)
    value = 1 + 0.01 * errors
    found = Measurement(Estimate(value, value - half, value + half))
    assert holds(replace(CLAIM, test="at_least"), found) is outcome


@pytest.mark.parametrize("test", ["agrees", "at_least", "at_most"])
@pytest.mark.parametrize("must_hold", [False, True])
def test_a_row_fails_just_beyond_the_difference_that_it_would_show(test, must_hold):
    claim = replace(CLAIM, test=test, must_hold=must_hold, reading_error=0.01)
    reach = would_show(claim, measured(0.9, 1.1, slack=0.02, allowance=0.03))
    for share in (0.999, 1.001):
        value = 1 - share * reach if test == "at_least" else 1 + share * reach
        found = measured(value - 0.1, value + 0.1, slack=0.02, allowance=0.03)
        assert (holds(claim, found) is False) == (share > 1)
    exact = Measurement(Estimate.exactly(-float("inf")))
    assert would_show(replace(CLAIM, test="at_most"), exact) is None
    assert holds(replace(CLAIM, test="at_most"), exact) is True


def test_a_threshold_that_is_not_published_is_marked():
    claim = replace(CLAIM, test="at_least")
    assert "ours" not in describe_test(claim, measured(1, 2))
    for interval in ((1, 1), (1, 2)):
        words = describe_test(replace(claim, ours=True), measured(*interval))
        assert words.endswith("1 (threshold ours)")


def test_what_no_preset_can_test_is_a_verdict_of_its_own():
    def unknown() -> Measurement:
        raise NotTestable("the data are not known")

    row = judge(CLAIM, unknown)
    assert row["verdict"] == NOT_TESTABLE and row["note"] == "the data are not known"


def test_a_theoretical_value_takes_precedence_over_the_published_one():
    assert holds(CLAIM, measured(1.95, 2.05, expected=2.0)) is True
    assert holds(CLAIM, measured(0.95, 1.05, expected=2.0)) is False


def test_a_claim_without_a_value_is_refused():
    with pytest.raises(UserError, match=r"c1 .*`published`"):
        holds(replace(CLAIM, published=None), measured(1, 1))


@pytest.mark.parametrize(
    ("options", "interval", "verdict", "note"),
    [
        ({}, (0.99, 1.01), REPRODUCED, ""),
        ({"difference": "fewer runs"}, (0.99, 1.01), DIFFERENT, "fewer runs"),
        ({"difference": "fewer runs"}, (2.0, 2.1), NOT_REPRODUCED, ""),
        ({}, (2.0, 2.1), NOT_REPRODUCED, ""),
        ({"as_captioned": "ReLU drifts"}, (2.0, 2.1), NOT_AS_CAPTIONED, "ReLU drifts"),
        ({"as_captioned": "ReLU drifts"}, (0.99, 1.01), REPRODUCED, ""),
        ({}, (0.0, 2.0), NOT_TESTED, "the interval is too wide to decide"),
        (
            {"difference": "d", "as_captioned": "c"},
            (0.0, 2.0),
            NOT_TESTED,
            "the interval is too wide to decide",
        ),
    ],
)
def test_each_outcome_has_its_verdict_and_its_reason(options, interval, verdict, note):
    row = judge(replace(CLAIM, **options), lambda: measured(*interval))
    assert row["verdict"] == verdict and row["note"] == note
    assert (row["low"], row["high"]) == interval and row["published"] == 1.0
    assert verdict in VERDICTS


def test_missing_data_are_a_verdict_and_other_errors_are_errors():
    def absent() -> Measurement:
        raise NotTested("depth 1000 is not in the table")

    def wrong() -> Measurement:
        return {}["missing"]

    row = judge(CLAIM, absent)
    assert row["verdict"] == NOT_TESTED and row["note"] == "depth 1000 is not in the table"
    assert row["measured"] is row["low"] is row["high"] is None
    with pytest.raises(KeyError):
        judge(CLAIM, wrong)


def test_too_few_replicates_are_not_a_verdict():
    row = judge(CLAIM, lambda: Measurement(mean_interval([1.0], 0.95)))
    assert row["verdict"] == NOT_TESTED and "two independent replicates" in row["note"]


def test_every_row_has_the_same_columns():
    def absent() -> Measurement:
        raise NotTested("no")

    assert list(judge(CLAIM, absent)) == list(judge(CLAIM, lambda: measured(1, 1)))


def test_notes_of_claim_and_measurement_are_joined():
    claim = replace(CLAIM, note="at width 40", published=None)
    found = measured(1.0, 1.5, expected=1.2, note="one input", slack=0.01)

    row = judge(replace(claim, precision=0.3), lambda: found)
    assert row["note"] == "at width 40; one input"
    assert row["published"] == 1.2 and row["measured"] == 1.25
    assert row["test"] == describe_test(claim, found)
    assert "contains 1.2 ± 0.01" in row["test"]

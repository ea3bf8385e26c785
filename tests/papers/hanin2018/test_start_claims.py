"""Measurements on when networks start: right on tables whose answer is known."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from deepinit.stats.intervals import fraction_interval
from deepinit.widths import PUBLISHED_PATTERNS
from papers.hanin2018.architectures import (
    difference_of_depths,
    largest_difference,
    least_difference,
)
from papers.hanin2018.fig1b import measures
from papers.hanin2018.fig1b.measures import started as started_by_law
from papers.hanin2018.fig2b.measures import gap, length_predicts_start, slowing, started
from papers.hanin2018.fig3b.present import figure as fig3b
from papers.hanin2018.starts import difference_of_scores
from study.figure_data import FigureData
from study.verdicts import LEVEL, Claim, NotTested, holds

SETTINGS = {"data": "mnist_subset", "max_epochs": 100}
S = SimpleNamespace(**SETTINGS)


def data_of(figure: str, frame: pd.DataFrame) -> FigureData:
    """Return what the measurements on the table of a figure read."""
    return FigureData(figure, {figure: frame}, {figure: SETTINGS}, {})


def of_patterns(shifts: dict[str, float], runs: int, seed: int) -> FigureData:
    """Return log-normal epochs of patterns at three depths, each later by its shift in ln."""
    generator = np.random.default_rng(seed)
    rows = [
        {"pattern": pattern, "depth": depth, "beta": depth / 15, "run": run, "status": "reached",
         "biases": "trained", "epochs": np.exp(0.1 * depth + shift + 0.8 * generator.normal())}
        for pattern, shift in shifts.items()
        for depth in (4, 8, 12)
        for run in range(runs)
    ]  # fmt: skip
    return data_of("fig3a", pd.DataFrame(rows))


def test_the_interval_of_a_difference_is_welchs():
    table = of_patterns({"constant_20": 0, "constant_15": 0.5}, 10, 1).tables["fig3a"]
    sides = [table[table["pattern"] == name] for name in ("constant_15", "constant_20")]
    at = [side[side["depth"] == 8] for side in sides]
    welch = stats.ttest_ind(*(np.log(side["epochs"]) for side in at), equal_var=False)
    found = difference_of_scores(*at, "depth", 0.95)
    low, high = welch.confidence_interval(0.95)
    # Both formulas for the degrees of freedom, Satterthwaite's and Welch's, are near to each other.
    assert found.low == pytest.approx(low, abs=0.02) and found.high == pytest.approx(high, abs=0.02)
    whole = difference_of_scores(*sides, "depth", 0.95)
    scores = [np.log(side["epochs"]).groupby(side["depth"]).mean() for side in sides]
    assert whole.value == pytest.approx((scores[0] - scores[1]).mean())
    assert whole.half_width < found.half_width


def test_a_difference_of_depths_is_that_of_the_two_ends():
    data = of_patterns({"constant_20": 0.0}, 400, 1)
    value, low, high = difference_of_depths(data, "constant_20").estimate
    assert low < 0.8 < high and high - low < 0.5
    assert value == pytest.approx((low + high) / 2)


def test_the_least_of_several_differences_decides_and_only_one_that_is_sure_refutes():
    shifts = {"constant_20": 0, "constant_15": 0.5, "alternating": 0.2, "wide_first": 0.5}
    data, later = of_patterns(shifts, 200, 2), ["constant_15", "alternating", "wide_first"]
    found = least_difference(data, later, "constant_20")
    assert "alternating" in found.note and "of 3 differences 3 are positive" in found.note
    alone = least_difference(data, ["alternating"], "constant_20")
    assert found.estimate.value == alone.estimate.value and found.estimate.low == alone.estimate.low
    # To say that any of three is negative takes a longer interval than to say so of one.
    assert found.estimate.high > alone.estimate.high
    each = least_difference(data, later, "constant_20", by_depth=True)
    assert "of 9 differences" in each.note and each.estimate.low < found.estimate.low


def test_patterns_are_alike_only_if_the_largest_difference_is_within_the_margin():
    names = ("alternating", "wide_first", "narrow_first")
    for shift, outcome in ((0.0, True), (0.6, False)):
        data = of_patterns(dict(zip(names, (0, 0, shift), strict=True)), 1000, 3)
        claim = Claim("alike", "fig3a", "", "largest_difference", "at_most", 0.223)
        found = largest_difference(data, list(names))
        assert holds(claim, found) is outcome
        assert 0 <= found.estimate.low <= found.estimate.value <= found.estimate.high
    few = of_patterns(dict.fromkeys(names, 0.0), 10, 4)
    assert holds(claim, largest_difference(few, list(names))) is None


def test_patterns_that_were_not_trained_or_too_few_runs_are_not_tested():
    data = of_patterns({"constant_20": 0, "constant_15": 0.5}, 10, 1)
    with pytest.raises(NotTested, match="needs runs of alternating"):
        largest_difference(data, ["alternating", "constant_15"])
    with pytest.raises(NotTested, match="10 runs"):
        difference_of_depths(of_patterns({"constant_20": 0}, 9, 1), "constant_20")
    data = of_patterns(dict.fromkeys(PUBLISHED_PATTERNS, 0.0), 10, 1)
    none = replace(data, figure="fig3b", settings={**data.settings, "fig3b": {}})
    for measure in ("departure_from_curve", "chance_of_departure", "gain_over_depth"):
        claim = Claim("collapse", "fig3b", "", measure, "at_least")
        with pytest.raises(NotTested, match="24 architectures"):
            fig3b.of(none).measured(claim)


def of_modules(
    times: dict[int, float], runs: int = 20, base: float = 0.5, spread: float = 0.2
) -> pd.DataFrame:
    """Return ReLU-ended residual networks that start at about the given times by number of modules."""
    generator = np.random.default_rng(3)
    rows = [
        {"ending": "relu", "base": base, "modules": modules, "run": run,
         "status": "reached", "first_reached": time * np.exp(spread * generator.standard_normal())}
        for modules, time in times.items()
        for run in range(runs)
    ]  # fmt: skip
    return pd.DataFrame(rows)


def test_runs_that_diverged_count_as_the_cap_in_the_time_to_the_start():
    frame = of_modules({10: 0.5, 30: 0.5, 100: 0.5}, spread=0.0)
    frame.loc[(frame["modules"] == 100) & (frame["run"] % 2 == 0), "status"] = "diverged"
    data = data_of("fig2b", frame)
    # Half of the runs at ln(100/0.5) in place of 0, at one end of a line through three points.
    places = np.log10([10, 30, 100]) - np.log10([10, 30, 100]).mean()
    slope = places[2] * np.log(200) / 2 / np.sum(places**2)
    assert slowing(data, S, "relu", 0.5).estimate.value == pytest.approx(np.exp(slope))
    found = started(data, S, "relu", 0.5)
    assert found.estimate.value == 0.5 and "10 diverged" in found.note


def test_slowing_is_the_factor_for_ten_times_as_many_modules():
    times = {1: 9.0, 10: 0.2, 30: 0.2 * 3**0.5, 100: 0.2 * 10**0.5}
    found = slowing(data_of("fig2b", of_modules(times, 200)), S, "relu", 0.5).estimate
    assert found.low < 10**0.5 < found.high and found.half_width < 0.5
    with pytest.raises(NotTested, match="five times as many"):
        slowing(data_of("fig2b", of_modules({10: 1.0, 20: 1.0, 30: 1.0})), S, "relu", 0.5)


def test_the_gap_is_a_difference_at_the_same_numbers_of_modules():
    slow = of_modules({1: 0.2, 10: 0.4, 100: 0.8}, base=0.9)
    fast = of_modules({1: 0.2, 10: 0.2, 100: 0.2}, base=0.75)
    found = gap(data_of("fig2b", pd.concat([slow, fast])), S, 0.9, 0.75, 10).estimate
    assert found.low < 1.5 * np.log(2) < found.high and found.low > 0.5


def test_whether_the_mean_length_predicts_the_start_is_not_tested_with_few_kinds_of_network():
    lengths = [
        {"sampler": "population", "ending": "relu", "base": 1.0, "modules": m,
         "replicate": replicate, "log10_length": m + shift}
        for m in range(1, 9)
        for replicate, shift in enumerate([-0.1, 0.1])
    ]  # fmt: skip
    few = of_modules({m: 10.0**m for m in range(1, 9)}, base=1.0)
    with pytest.raises(NotTested, match="20 kinds"):
        length_predicts_start(few, {"fig2a": pd.DataFrame(lengths)}, S)


def of_depths(reached: dict[int, int], runs: int = 10) -> pd.DataFrame:
    """Return runs at several depths, of which the given numbers start."""
    rows = [
        {"law": "he_normal", "depth": depth, "biases": "trained", "run": run, "epochs": 5.0,
         "status": "reached" if run < hits else "cap"}
        for depth, hits in reached.items()
        for run in range(runs)
    ]  # fmt: skip
    return pd.DataFrame(rows)


def test_the_depth_at_which_fewest_networks_start_decides():
    """A pooled fraction, 38 of 40, would hide a depth at which half of the networks may fail."""
    table = of_depths({5: 8, 10: 10, 20: 10, 30: 10})
    found = started_by_law(S, table, ["he_normal"], 1)
    alone, any_of = (fraction_interval(8, 10, 1 - (1 - LEVEL) / number) for number in (1, 4))
    assert found.estimate == (0.8, alone.low, any_of.high)
    assert "8 of 10 runs at depth 5; of all 40 at depth 5 to 30, 38 started" in found.note
    found = started_by_law(S, table, ["he_normal"], 10)
    assert found.estimate.low == fraction_interval(10, 10, LEVEL).low
    most = started_by_law(S, of_depths({20: 0, 30: 1}), ["he_normal"], 20, smallest=False)
    alone, any_of = (fraction_interval(1, 10, 1 - (1 - LEVEL) / number) for number in (1, 2))
    assert most.estimate == (0.1, any_of.low, alone.high)


def test_failures_gained_with_depth_are_a_difference_of_fractions():
    found = measures.failures_gained(S, of_depths({10: 12, 30: 0}, 12), ["he_normal"], 10)
    assert found.estimate.value == 1 and 0 < found.estimate.low < 0.3
    found = measures.failures_gained(S, of_depths({10: 6, 30: 5}, 12), ["he_normal"], 10)
    assert found.estimate.low < 0 < found.estimate.high
    with pytest.raises(NotTested, match="twice as great"):
        measures.failures_gained(S, of_depths({10: 6, 15: 5}, 12), ["he_normal"], 10)


def test_the_start_follows_the_collapse_where_only_collapsed_networks_fail():
    table = of_depths({10: 20, 100: 0}, 20).assign(biases="none")
    table["input_correlation"] = np.where(table["depth"] == 100, 0.996, 0.9) + table["run"] / 1e4
    table.loc[table["depth"] == 100, "epochs"] = 100.0
    found = measures.start_follows_collapse(table, ["he_normal"])
    assert found.estimate.value == pytest.approx(0.866, abs=0.01) and found.estimate.low > 0.5
    low = measures.started_at_collapse(S, table, ["he_normal"], "none", below=0.98)
    high = measures.started_at_collapse(S, table, ["he_normal"], "none", above=0.98)
    assert low.estimate == fraction_interval(20, 20, LEVEL) and high.estimate.value == 0
    table["input_correlation"] = 0.99
    table.loc[table["depth"] == 10, "epochs"] += table["run"] % 2
    same = measures.slower_at_same_collapse(table, ["he_normal"], 100, 10, 0.98)
    assert same.estimate.low > 2 and "0 of 20 start" in same.note
    with pytest.raises(NotTested, match="with trained biases"):
        measures.started_at_collapse(S, table, ["he_normal"], "trained")

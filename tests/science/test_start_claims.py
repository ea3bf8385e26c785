"""Measurements on when networks start: right on tables whose answer is known."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from deepinit.stats.intervals import fraction_interval
from papers.hanin2018.architectures import difference_of_depths, difference_of_patterns
from papers.hanin2018.fig1b.present import started as started_by_law
from papers.hanin2018.fig2b.present import slowing, started
from papers.hanin2018.fig3b.present import figure as fig3b
from study.figure_data import FigureData
from study.verdicts import LEVEL, Claim, NotTested

SETTINGS = {"data": "mnist_subset", "max_epochs": 100}
S = SimpleNamespace(**SETTINGS)


def data_of(figure: str, frame: pd.DataFrame) -> FigureData:
    """Return what the measurements on the table of a figure read."""
    return FigureData(figure, {figure: frame}, {figure: SETTINGS}, {})


def of_patterns(shift: float, runs: int, seed: int) -> FigureData:
    """Return log-normal epochs of two patterns at three depths; one is later by `shift` in ln."""
    generator = np.random.default_rng(seed)
    rows = [
        {"pattern": pattern, "depth": depth, "beta": depth / 15, "run": run, "status": "reached",
         "epochs": np.exp(0.1 * depth + delay + 0.8 * generator.standard_normal())}
        for pattern, delay in (("early", 0), ("late", shift))
        for depth in (4, 8, 12)
        for run in range(runs)
    ]  # fmt: skip
    return data_of("fig3a", pd.DataFrame(rows))


def half_widths(scores: np.ndarray) -> np.ndarray:
    """Return the halves of Welch's intervals; scores of shape (…, pattern, depth, run)."""
    errors = scores.var(axis=-1, ddof=1).reshape(*scores.shape[:-3], -1) / scores.shape[-1]
    total = errors.sum(axis=-1)
    freedom = total**2 / (errors**2).sum(axis=-1) * (scores.shape[-1] - 1)
    return np.sqrt(total) / scores.shape[-2] * stats.t.isf((1 - LEVEL) / 2, freedom)


def test_the_interval_of_a_difference_is_welchs():
    for seed in range(3):
        data = of_patterns(0.5, 10, seed)
        found = difference_of_patterns(data, "late", "early").estimate
        epochs = data.tables["fig3a"]["epochs"].to_numpy().reshape(2, 3, 10)
        assert found.half_width == pytest.approx(half_widths(np.log(epochs)))
        assert found.value == pytest.approx(np.log(epochs[1]).mean() - np.log(epochs[0]).mean())


def test_welchs_interval_covers_the_difference_as_often_as_stated():
    """200,000 sets of runs at 99.9 %, two-sided false alarm 1e-4: a coverage of 99.85 % would fail."""
    scores = np.random.default_rng(4).standard_normal((200_000, 2, 3, 10))
    differences = (scores[:, 1] - scores[:, 0]).mean(axis=(1, 2))
    misses = int((np.abs(differences) > half_widths(scores)).sum())
    assert stats.binomtest(misses, len(scores), 1 - LEVEL).pvalue > 1e-4


def test_a_difference_of_depths_is_that_of_the_two_ends():
    data = of_patterns(0.0, 400, 1)
    value, low, high = difference_of_depths(data, "early").estimate
    assert low < 0.8 < high and high - low < 0.5
    assert value == pytest.approx((low + high) / 2)


def test_patterns_that_were_not_trained_or_too_few_runs_are_not_tested():
    with pytest.raises(NotTested, match="needs runs of"):
        difference_of_patterns(of_patterns(0, 10, 1), "late", "absent")
    with pytest.raises(NotTested, match="10 runs"):
        difference_of_patterns(of_patterns(0, 9, 1), "late", "early")
    data = of_patterns(0, 10, 1)
    with pytest.raises(NotTested, match="24 architectures"):
        fig3b.measured(
            Claim("collapse", "fig3b", "", "explained_by_beta", "at_least"),
            replace(data, figure="fig3b", settings={**data.settings, "fig3b": {}}),
        )


def test_runs_that_diverged_count_as_the_cap_in_the_time_to_the_start():
    rows = [
        {"ending": "relu", "base": 0.5, "modules": modules, "run": run, "first_reached": 0.5,
         "status": "diverged" if modules == 100 and run % 2 else "reached"}
        for modules in (10, 100)
        for run in range(20)
    ]  # fmt: skip
    data = data_of("fig2b", pd.DataFrame(rows))
    assert slowing(data, S, "relu", 0.5).estimate.value == pytest.approx(50.25 / 0.5)
    found = started(data, S, "relu", 0.5)
    assert found.estimate.value == 0.5 and "10 diverged" in found.note


def test_the_number_of_modules_that_slows_most_decides():
    """The greatest number of modules is no slower than the smallest; one between them is."""
    generator = np.random.default_rng(3)
    rows = [
        {"ending": "relu", "base": 0.5, "modules": modules, "run": run, "status": "reached",
         "first_reached": time * generator.choice([0.8, 1.0, 1.2])}
        for modules, time in ((1, 9.0), (10, 0.2), (60, 0.5), (100, 0.2))
        for run in range(20)
    ]  # fmt: skip
    frame = pd.DataFrame(rows)
    alone = frame[frame["modules"].isin([10, 60])]
    found, narrower = (slowing(data_of("fig2b", part), S, "relu", 0.5) for part in (frame, alone))
    assert found.note.startswith("60 modules against 10;")
    assert found.estimate.value == narrower.estimate.value == pytest.approx(2.5, rel=0.2)
    # Two numbers of modules are compared with ten, so that the interval of each is longer.
    assert 1.5 < found.estimate.low < narrower.estimate.low
    assert narrower.estimate.high < found.estimate.high < 3.5


def of_depths(reached: dict[int, int], runs: int = 10) -> pd.DataFrame:
    """Return runs at several depths, of which the given numbers start."""
    rows = [
        {"law": "he_normal", "depth": depth, "run": run, "epochs": 5.0,
         "status": "reached" if run < hits else "cap"}
        for depth, hits in reached.items()
        for run in range(runs)
    ]  # fmt: skip
    return pd.DataFrame(rows)


def test_the_depth_at_which_fewest_networks_start_decides():
    """A pooled fraction, 38 of 40, would hide a depth at which half of the networks may fail."""
    table = of_depths({5: 8, 10: 10, 20: 10, 30: 10})
    found = started_by_law(S, table, ["he_normal"], 1)
    assert found.estimate == fraction_interval(8, 10, 1 - (1 - LEVEL) / 4)
    assert "8 of 10 runs at depth 5; of all 40 at depth 5 to 30, 38 started" in found.note
    found = started_by_law(S, table, ["he_normal"], 10)
    assert found.estimate == fraction_interval(10, 10, 1 - (1 - LEVEL) / 3)
    assert "8 of 10 at smaller depths" in found.note


def test_the_depth_at_which_most_networks_start_decides_whether_none_do():
    found = started_by_law(S, of_depths({20: 0, 30: 3}), ["he_normal"], 20, smallest=False)
    assert found.estimate == fraction_interval(3, 10, 1 - (1 - LEVEL) / 2)
    with pytest.raises(NotTested, match="depth of 40"):
        started_by_law(S, of_depths({20: 0}), ["he_normal"], 40, smallest=False)

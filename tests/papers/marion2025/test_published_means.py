"""Comparison with published means of 50 networks, and which models of Figure 10 it can tell apart."""

import numpy as np
import pandas as pd
import pytest
from mutations import published
from scipy import stats

from deepinit.resnet.ratios_theory import mean_squared_change_bounds, scaling_factor
from deepinit.stats.log_normal_mean import further_mean_limits
from papers.marion2025.depth_measures import slope_in_depth
from papers.marion2025.fig10 import measures
from papers.marion2025.published_means import NETWORKS, Point, largest_score, mean_against_published
from study.figure_data import rows_where
from study.verdicts import LEVEL, NotTested

PUBLISHED = published("marion2025", "fig10")["means"]
WIDTH, DRAWN = 40, 300


def log10_changes(model: str, beta: float, depth: int) -> np.ndarray:
    """Return log10 ‖h_L − h_0‖/‖h_0‖ of networks with a Gaussian weight outside."""
    generator = np.random.default_rng([depth, int(100 * beta), len(model)])
    alpha = scaling_factor(depth, beta)
    start = generator.standard_normal((DRAWN, WIDTH))
    state = start.copy()
    for _ in range(depth):
        if model == "res-1":
            active = np.maximum(state, 0)
        else:
            size = np.sqrt((state**2).mean(axis=1, keepdims=True))
            active = np.maximum(size * generator.standard_normal((DRAWN, WIDTH)), 0)
        size = np.sqrt((active**2).mean(axis=1, keepdims=True))
        state = state + alpha * size * generator.standard_normal((DRAWN, WIDTH))
    change = np.linalg.norm(state - start, axis=1) / np.linalg.norm(start, axis=1)
    return np.log10(change)


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    """Return a table like fig10's with h + α V ReLU(h) ("res-1") and V ReLU(W h)."""
    rows = [
        pd.DataFrame(
            {
                "activation": model,
                "beta": point.beta,
                "depth": int(point.depth),
                "log10_output_change": log10_changes(model, point.beta, int(point.depth)),
            }
        )
        for model in ("res-1", "V ReLU(W h)")
        for point in PUBLISHED.itertuples()
    ]
    return pd.concat(rows)


@pytest.mark.parametrize("model", ["res-1", "V ReLU(W h)"])
def test_the_published_values_of_figure_10_do_not_tell_apart_two_models_with_a_weight_outside(
    model, table
):
    """Of the points but the one at β = 1/4, where 50 networks of res-1 tell nothing below a factor of two."""
    bounded = {"means": PUBLISHED[PUBLISHED["beta"] != 0.25]}
    found = measures.discrepancy_of_model({"fig10": table}, bounded, model)
    assert found.estimate.value < 2 < found.expected
    rows = rows_where(table, activation=model, beta=0.5, depth=1000)
    change = 10 ** rows["log10_output_change"]
    exact = mean_squared_change_bounds(1000, 0.5)[0]
    assert abs((change**2).mean() / exact - 1) < 4 * stats.sem(change**2) / exact


def test_means_that_one_law_may_give_so_far_apart_are_not_tested():
    logs = 0.67 * np.random.default_rng(1).standard_normal(NETWORKS) / np.log(10)
    points = [Point(f"L = {depth}", 1.2, 0.01, logs) for depth in (10, 100, 1000)]
    found = largest_score(points, fewest=3, widest=5.0)
    assert "factors of" in found.note
    assert found.expected == pytest.approx(stats.norm.isf((1 - LEVEL) / 6))
    with pytest.raises(NotTested, match="needs more networks: at L = 10 means"):
        largest_score(points, fewest=3, widest=1.5)
    # What differs at one point is found, however little the others tell.
    far = largest_score([*points, Point("L = 1", 9.0, 0.01, logs / 10)], fewest=3, widest=1.5)
    assert far.estimate.value > far.expected
    with pytest.raises(NotTested, match="needs 4 published depths"):
        largest_score(points, fewest=4)


def test_interval_and_slack_together_hold_the_mean_of_as_many_others():
    logs = 0.15 * np.random.default_rng(2).standard_normal(NETWORKS)
    measured = mean_against_published(logs / np.log(10))
    _, low, high = np.exp(further_mean_limits(logs, NETWORKS, stats.norm.isf((1 - LEVEL) / 2)))
    assert measured.estimate.low - measured.slack <= low * (1 + 1e-12)
    assert measured.estimate.high + measured.slack >= high * (1 - 1e-12)


def test_networks_of_one_depth_have_no_slope():
    one = pd.DataFrame({"depth": 1000, "beta": 1.0, "log10_output_change": [-1.5, -1.4, -1.6]})
    with pytest.raises(NotTested, match="two depths"):
        slope_in_depth(one, 1.0, "output", {})

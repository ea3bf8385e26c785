"""What the claims on convolutional networks measure, on tables whose answer is known. Seeds are fixed."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from mutations import GREEN, of_one_table, verdict
from scipy import stats

from papers.hanin2018.fig4 import measures
from papers.hanin2018.fig4.points import PUBLISHED_NAMES, log10_means, others
from study.figure_data import FigureData
from study.verdicts import NOT_REPRODUCED, NotTested

DEPTHS = range(10, 101, 10)
LOG10_KAPPA = {"he_normal": 0.0, "he_normal_truncated": np.log10(0.7737413)}


def table(networks: int = 400, sd: float = 1.5, noise_sd: float = 1.2) -> pd.DataFrame:
    """Return log-normal lengths whose expectation is κ^d, at depth 10 one network in ten dead."""
    generator, frames = np.random.default_rng(8), []
    for depth in DEPTHS:
        for law, image, spread in (
            ("he_normal", "picture", sd),
            ("he_normal_truncated", "picture", sd),
            ("he_normal", "noise", noise_sd),
        ):
            exact = depth * LOG10_KAPPA[law]
            logs = generator.normal(exact - spread**2 * np.log(10) / 2, spread, networks)
            dead = (np.arange(networks) % 10 == 0) & (depth == 10)
            frames.append(
                pd.DataFrame(
                    {"depth": depth, "image": image, "law": law, "network": np.arange(networks),
                     "log10_length": np.where(dead, np.nan, logs), "dead": dead,
                     "mean_growth": generator.normal(1, 0.05, networks),
                     "exact_log10_mean": exact}
                )
            )  # fmt: skip
    return pd.concat(frames, ignore_index=True)


TABLE = table()


def published(change: float = 0.0) -> dict[str, pd.DataFrame]:
    """Return values read off a figure in which each law's slope is log10 κ plus `change`."""
    rows = [
        {"initialisation": name, "depth": depth,
         "log10_mean_squared_length": depth * (LOG10_KAPPA.get(law, 0.3) + change)}
        for name, law in PUBLISHED_NAMES.items()
        for depth in DEPTHS
    ]  # fmt: skip
    return {"hanin2018_fig4": pd.DataFrame(rows)}


def test_dead_networks_count_as_length_zero_in_a_mean():
    rows = TABLE[(TABLE["law"] == "he_normal") & (TABLE["image"] == "picture")]
    first = rows[rows["depth"] == 10]["log10_length"]
    expected = np.log10(np.sum(10 ** first.dropna()) / len(first))
    assert log10_means(rows)[10] == pytest.approx(expected)


@pytest.mark.parametrize("law", LOG10_KAPPA)
def test_a_slope_agrees_with_its_own_and_not_with_that_of_another_initialisation(law):
    sets = others(TABLE)
    for change, agrees in ((0.0, True), (-0.1, False), (0.1, False)):
        found = measures.slope(TABLE, published(change), sets, law)
        assert found.expected == pytest.approx(LOG10_KAPPA[law] + change)
        value, low, high = found.estimate
        assert low <= value <= high
        assert (low - found.slack <= found.expected <= high + found.slack) == agrees
        # 0.15 at each point, all the ones on one side up and the others down.
        assert found.slack == pytest.approx(0.15 * 250 / 8250)


SETTINGS = SimpleNamespace(kernel=3)


@pytest.mark.parametrize(("kappa", "agrees"), [(0.5, True), (0.53, False)])
def test_a_ratio_to_he_normal_is_that_of_the_table(kappa, agrees):
    """Glorot uniform with a first layer, of 3 channels, that multiplies the length by 3/(3 + channels)."""
    glorot = TABLE[(TABLE["law"] == "he_normal") & (TABLE["image"] == "picture")]
    first = np.log10(3 / (3 + glorot["depth"] // 10))
    logs = glorot["log10_length"] + (glorot["depth"] - 1) * np.log10(kappa) + first
    frame = pd.concat([TABLE, glorot.assign(law="xavier_uniform", log10_length=logs)])
    found = measures.ratio_to_he_normal(SETTINGS, frame, "xavier_uniform")
    assert (found.estimate.low < found.expected < found.estimate.high) == agrees


def test_growth_is_taken_at_the_greatest_depth_and_compared_with_kappa():
    found = measures.growth(TABLE, "he_normal_truncated")
    assert found.expected == pytest.approx(0.77374, abs=1e-5)
    assert found.estimate.low < found.expected < found.estimate.high


def test_the_dead_are_counted_where_a_layer_has_one_channel():
    found = measures.dead_share(TABLE, 9)
    assert found.estimate.value == 0.1
    assert found.expected == pytest.approx(1 - (1 - 2**-9) ** 9)


def test_the_sample_mean_of_log_normal_lengths_falls_short_of_the_expectation():
    value, low, high = measures.shortfall(TABLE, others(TABLE)).estimate
    # Of 400 and of a thousand networks at eight depths, log10 of deviation 1.5.
    assert low <= value < 0 and (low + high) / 2 < 0


def lengths(sd: float) -> FigureData:
    return of_one_table("fig4", table(sd=sd))


def test_a_mean_that_falls_short_by_a_little_does_not_do_so_by_orders_of_magnitude():
    assert verdict("hanin2018", "fig4", "fig4-shortfall", lengths, sd=4.0) in GREEN
    assert verdict("hanin2018", "fig4", "fig4-shortfall", lengths, sd=0.8) == NOT_REPRODUCED


@pytest.mark.parametrize("width", [3, 9, 30])
def test_the_effective_width_is_that_of_a_fully_connected_network(width):
    """From three units on, where the variance falls with the width."""
    variance = measures.connected_variance(40, width)
    assert measures.effective_width(40, variance) == pytest.approx(width)


def test_spreads_are_ratios_of_variances():
    found = measures.spread_over_fully_connected(TABLE, 9)
    connected = [
        measures.connected_variance(depth, 9 * depth // 10) for depth in range(30, 101, 10)
    ]
    expected = (1.5 * np.log(10)) ** 2 / stats.gmean(connected)
    assert found.estimate.low < expected < found.estimate.high
    noise = measures.noise_over_picture(TABLE).estimate
    assert noise.low < (1.2 / 1.5) ** 2 < noise.high


def test_few_networks_or_depths_are_not_tested():
    few = TABLE[TABLE["network"] < 100]
    for frame in (few, TABLE[TABLE["depth"] < 50]):
        with pytest.raises(NotTested):
            measures.slope(frame, published(), {}, "he_normal")
    with pytest.raises(NotTested, match="paper's depths"):
        measures.slope(TABLE[TABLE["depth"] > 20], published(), {}, "he_normal")

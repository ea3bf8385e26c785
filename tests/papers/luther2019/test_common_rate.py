"""The rule for a common learning rate, average precision, the ratio of means."""

import numpy as np
import pandas as pd
import pytest

from deepinit.stats.intervals import TooFewReplicates
from deepinit.stats.ratio_of_means import ratio_of_means
from deepinit.training.detection import average_precision, best_threshold
from deepinit.training.initialisation_arms import ARMS
from papers.luther2019.learning_curves import measures
from papers.luther2019.learning_curves.common_rate import (
    best_rates,
    by_other_half,
    capped_log_losses,
    common_rate,
)
from papers.luther2019.learning_curves.trained import Trained


def grid(*rows: list[float]) -> np.ndarray:
    """Return final losses (rates, arms, 2 seeds) whose geometric means are the given ones."""
    losses = np.array(rows, dtype=float)
    return np.stack([losses / 2, losses * 2], axis=2)


def test_the_rule_takes_the_rate_at_which_the_arm_that_loses_most_loses_least():
    losses = grid([0.10, 0.10, 0.40], [0.15, 0.12, 0.12], [0.40, 0.40, 0.10])
    assert common_rate(losses, constant_loss=100) == 1
    assert list(best_rates(losses, constant_loss=100)) == [0, 0, 2]


def test_an_arm_that_is_better_at_every_rate_gains_nothing_from_it():
    losses = grid([0.10, 0.10, 0.40], [0.15, 0.12, 0.12], [0.40, 0.40, 0.10])
    scaled = losses * np.array([1.0, 50.0, 0.01])[None, :, None]
    assert common_rate(scaled, 1e9) == common_rate(losses, 1e9)


def test_a_rate_at_which_an_arm_diverges_that_learns_elsewhere_is_out():
    losses = grid([0.5, 0.5, 0.5], [0.4, 0.1, 0.1])
    losses[1, 0] = np.nan
    assert common_rate(losses, constant_loss=4.0) == 0
    assert np.exp(capped_log_losses(losses[1, :2, 0], 4.0)) == pytest.approx([4.0, 0.05])


def test_an_arm_that_learns_at_no_rate_has_no_say():
    losses = grid([0.5, 9.0, 0.5], [0.1, 9.0, 0.1])
    losses[0, 1] = np.inf
    assert common_rate(losses, constant_loss=1.0) == 1


def trained(*losses: dict[str, list[float]]) -> dict[str, Trained]:
    """Return networks with these final losses at rates 1, 2, …; the best constant answer has 2."""
    rows = [
        {"rate": rate, "arm": arm, "seed": seed, "iteration": 1, "constant_loss": 2.0, "loss": loss}
        for rate, arms in enumerate(losses, 1) for arm in ARMS for seed, loss in enumerate(arms[arm])
    ]  # fmt: skip
    return {"net": Trained(pd.DataFrame(rows))}


def test_networks_that_learned_nothing_are_compared_as_the_best_constant_answer():
    some = {"total init": [0.5, 0.9, 4, np.nan], "sample init": [1.0] * 4, "batchnorm": [9.0] * 4}
    found = trained(some, some)
    ratio = measures.order(found, "net", "total init", "sample init").estimate
    assert ratio.value == pytest.approx(np.log([0.5, 0.9, 2, 2]).mean())
    with pytest.raises(measures.NotTested):
        measures.order(found, "net", "batchnorm", "batchnorm")


def test_a_rate_counts_at_which_some_networks_of_two_arms_learn_and_not_one_at_which_none_does():
    few = {"total init": [0.5, 9.0], "sample init": [9.0, 1.0], "batchnorm": [9.0, 9.0]}
    all_ = {"total init": [0.5, 0.5], "sample init": [1.0, 1.0], "batchnorm": [1.0, 1.0]}
    none = {"total init": [9.0, 9.0], "sample init": [9.0, 9.0], "batchnorm": [1.0, 1.0]}
    found = trained(none, few, all_, none)
    change = measures.change_with_rate(found, "net", "total init", "sample init").estimate
    # ln ½ of both pairs at the third rate, less ln ¼ and ln 2 at the second.
    assert change.value == pytest.approx(np.log(1 / 2) - np.log([1 / 4, 2]).mean())
    with pytest.raises(measures.NotTested):
        measures.change_with_rate(trained(none, all_), "net", "total init", "sample init")


def test_no_seed_has_a_part_in_the_choice_of_its_own_rate():
    losses = np.random.default_rng(36).lognormal(size=(4, 3, 7))
    choose = lambda part: common_rate(part, 1e9)  # noqa: E731
    chosen = by_other_half(choose, losses)
    assert set(chosen[:3]) == {choose(losses[..., 3:])} and set(chosen[3:]) == {
        choose(losses[..., :3])
    }
    for seed in range(7):
        others = losses.copy()
        others[:, :, seed] = np.geomspace(1e-3, 1e3, 4)[:, None]
        assert by_other_half(choose, others)[seed] == chosen[seed]


def test_final_losses_are_means_over_the_last_tenth_and_missing_if_one_is():
    rows = [
        {
            "rate": rate, "arm": arm, "seed": seed, "iteration": 5 * point, "constant_loss": 9.0,
            "loss": np.nan if (arm, seed, point) == ("batchnorm", 1, 20) else rate * point,
        }
        for rate in (0.1, 0.01) for arm in ARMS for seed in (0, 1) for point in range(1, 21)
    ]  # fmt: skip
    final = Trained(pd.DataFrame(rows))
    assert final.rates == [0.01, 0.1]
    np.testing.assert_allclose(final.losses[1, :, 0], 0.1 * 19.5)
    assert np.isnan(final.losses[0, ARMS.index("batchnorm"), 1])
    assert np.isnan(final.losses).sum() == 2


def test_average_precision_and_threshold_agree_with_going_through_all_thresholds():
    generator = np.random.default_rng(34)
    scores, positive = generator.integers(0, 12, 200), generator.random(200) < 0.3
    precision, before, best = 0.0, 0.0, 0.0
    for threshold in sorted(set(scores.tolist()), reverse=True):
        found = scores >= threshold
        recall = (found & positive).sum() / positive.sum()
        precision += (recall - before) * (found & positive).sum() / found.sum()
        before = recall
        best = max(best, (recall + 1 - (found & ~positive).sum() / (~positive).sum()) / 2)
    assert average_precision(scores, positive) == pytest.approx(precision)
    threshold, balanced = best_threshold(scores, positive)
    assert balanced == pytest.approx(best)
    found = scores >= threshold
    assert (found[positive].mean() + 1 - found[~positive].mean()) / 2 == pytest.approx(best)


def test_a_perfect_score_has_average_precision_1_and_one_without_information_the_share():
    positive = np.arange(1000) % 4 == 0
    assert average_precision(positive.astype(float), positive) == 1
    assert average_precision(np.zeros(1000), positive) == pytest.approx(0.25)
    with pytest.raises(ValueError, match="cases of both kinds"):
        average_precision(np.zeros(3), np.ones(3))


def test_the_interval_of_a_ratio_covers_it_as_often_as_it_says():
    """2000 sets of 8 pairs at 90 %: 1800 ± 45 cover at three standard errors."""
    generator = np.random.default_rng(35)
    noise = generator.normal(size=(2000, 8, 2))
    tops, bottoms = 1 + 0.5 * noise[..., 0], 2 + 0.6 * noise[..., 1] + 0.3 * noise[..., 0]
    covered = 0
    for top, bottom in zip(tops, bottoms, strict=True):
        _, low, high = ratio_of_means(top, bottom, 0.9)
        covered += low <= 0.5 <= high
    assert abs(covered - 1800) < 45


def test_a_ratio_over_what_may_be_zero_has_no_bounds():
    assert np.isinf(ratio_of_means([1.0, 2.0, 3.0], [-1.0, 0.5, 0.6], 0.95).high)
    with pytest.raises(TooFewReplicates):
        ratio_of_means([1.0], [1.0], 0.95)

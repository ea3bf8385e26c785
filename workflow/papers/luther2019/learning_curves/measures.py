"""Measurements on the learning curves of three arms (Luther & Seung 2019)."""

import numpy as np

from deepinit.stats.intervals import mean_interval
from deepinit.stats.ratio_of_means import ratio_of_means
from deepinit.training.common_rate import capped_log_losses
from deepinit.training.final_losses import FinalLosses
from deepinit.training.initialisation_arms import ARMS
from papers.luther2019.learning_curves.trained import ByArchitecture, Trained
from study.verdicts import LEVEL, Measurement, NotTestable, NotTested


def _of(trained: ByArchitecture, architecture: str) -> Trained:
    """Return what became of one architecture.

    Raises:
        NotTested: this preset does not train it, or not at several rates.
    """
    if architecture not in trained:
        raise NotTested(f"needs architecture = {architecture}, which this preset does not compute")
    if len(trained[architecture].final.rates) < 2:
        raise NotTested("needs a choice of learning rates")
    return trained[architecture]


def _describe(final: FinalLosses, positions: list[int], arms: list[str]) -> str:
    """Return the final losses of some arms, each at its rate, as a note."""
    words = []
    for arm, position in zip(arms, positions, strict=True):
        number = ARMS.index(arm)
        lost = int((~np.isfinite(final.losses[position, number])).sum())
        mean = float(np.exp(final.log_losses[position, number].mean()))
        # No network of the arm has a finite loss at any rate.
        nowhere = not np.isfinite(final.losses[:, number]).any()
        everywhere = " at every rate of the grid" if nowhere else ""
        words.append(f"{arm} {mean:.3g}" + (f" ({lost} diverged{everywhere})" if lost else ""))
    return "final loss " + ", ".join(words)


def _refuse_mixtures(final: FinalLosses, logs: np.ndarray) -> None:
    """Raise NotTested if some networks of an arm learned and some did not: two clusters.

    Their mean has no Student interval.
    """
    idle = np.isclose(logs, np.log(final.constant_loss))
    if idle.any() and not idle.all():
        raise NotTested(f"{idle.sum()} of {idle.size} networks of an arm learned nothing")


def _paired(final: FinalLosses, positions: list[int], arms: list[str]) -> np.ndarray:
    """Return ln of the final loss of one arm over that of another, (seeds,).

    Raises:
        NotTested: no network of either arm has learned anything, or only some of an arm.
    """
    logs = [
        final.log_losses[position, ARMS.index(arm)]
        for arm, position in zip(arms, positions, strict=True)
    ]
    if all(np.allclose(part, np.log(final.constant_loss)) for part in logs):
        raise NotTested("neither arm has learned anything within these iterations")
    for part in logs:
        _refuse_mixtures(final, part)
    return logs[0] - logs[1]


def order(trained: ByArchitecture, architecture: str, lower: str, higher: str) -> Measurement:
    """ln of the final loss of one arm over that of another at the common rate, paired by seed."""
    found = _of(trained, architecture)
    positions, arms = [found.rule.chosen] * 2, [lower, higher]
    ratios = _paired(found.final, positions, arms)
    end = ", at an end of the grid" if found.rule.at_an_end else ""
    return Measurement(
        mean_interval(ratios, LEVEL),
        note=f"{_describe(found.final, positions, arms)}; rate {found.rate:g}{end}; "
        f"{len(ratios)} pairs of networks",
    )


def order_along_the_curve(
    trained: ByArchitecture, architecture: str, lower: str, higher: str
) -> Measurement:
    """Mean over all iterations of ln of the loss of one arm over that of another, paired by seed.

    Common rate. Every point of a curve counts for the same; a loss that is missing or above that
    of the best constant answer counts as that.
    """
    found = _of(trained, architecture)
    frame = found.at_common_rate
    logs = frame.assign(log=capped_log_losses(frame["loss"], found.final.constant_loss))
    means = logs.groupby(["arm", "seed"])["log"].mean().unstack("seed")
    ratios = means.loc[lower] - means.loc[higher]
    return Measurement(
        mean_interval(ratios, LEVEL),
        note=f"rate {found.rate:g}; {len(ratios)} pairs of networks",
    )


def order_at_own_rates(
    trained: ByArchitecture, architecture: str, lower: str, higher: str
) -> Measurement:
    """The same with each arm at the rate of its own smallest mean loss."""
    _, final, rule = _of(trained, architecture)
    arms = [lower, higher]
    positions = [int(rule.best[ARMS.index(arm)]) for arm in arms]
    ratios = _paired(final, positions, arms)
    for arm, position in zip(arms, positions, strict=True):
        if position in (0, len(final.rates) - 1):
            raise NotTested(
                f"{arm} is best at {final.rates[position]:g}, an end of the grid: its own best rate "
                "is not known"
            )
    rates = " and ".join(f"{final.rates[position]:g}" for position in positions)
    return Measurement(
        mean_interval(ratios, LEVEL),
        note=f"{_describe(final, positions, arms)}; rates {rates}, chosen on the same networks",
    )


def gain_recovered(trained: ByArchitecture, architecture: str) -> Measurement:
    """Share of batch norm's gain over total init that sample init has, in ln of the final loss."""
    found = _of(trained, architecture)
    final, chosen = found.final, found.rule.chosen
    total, sample, batchnorm = final.log_losses[chosen]
    for logs in (total, sample, batchnorm):
        _refuse_mixtures(final, logs)
    if not (total - batchnorm).mean() > 0:
        raise NotTested("batch norm gains nothing over total init here")
    return Measurement(
        ratio_of_means(total - sample, total - batchnorm, LEVEL),
        note=f"{_describe(final, [chosen] * 3, list(ARMS))}; rate {found.rate:g}",
    )


def unknown_data() -> Measurement:
    """Raise NotTestable: losses are those of data, an optimiser and a rate that are not known."""
    raise NotTestable("the paper's data set, optimiser and learning rate are not known")


def score_above_darkness(trained: ByArchitecture, arm: str) -> Measurement:
    """Average precision of trained U-Nets on test images less that of darkness, common rate."""
    frame = _of(trained, "unet").at_common_rate
    runs = frame[frame["arm"] == arm].drop_duplicates("seed")
    if runs["no_test_score"].any():
        raise NotTested(f"{int(runs['no_test_score'].sum())} networks have diverged")
    baseline = float(runs["baseline_score"].iloc[0])
    return Measurement(
        mean_interval(runs["test_score"] - baseline, LEVEL),
        note=f"average precision {runs['test_score'].mean():.2f}, darkness {baseline:.2f}; "
        "interval over networks, on the same test images",
    )

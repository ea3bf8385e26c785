"""Measurements on the learning curves of three arms (Luther & Seung 2019)."""

import numpy as np
import pandas as pd

from claims.data import PaperData
from deepinit.stats.intervals import mean_interval
from deepinit.stats.ratio_of_means import ratio_of_means
from deepinit.training.common_rate import CommonRate, capped_log_losses
from deepinit.training.detection import average_precision, best_threshold
from deepinit.training.final_losses import FinalLosses, final_losses
from deepinit.training.initialisation_arms import ARMS
from study.verdicts import LEVEL, Measurement, NotTested


def _rows(data: PaperData, architecture: str) -> pd.DataFrame:
    """Return the rows of one architecture.

    Raises:
        NotTested: this preset does not train it.
    """
    frame = data.rows("learning_curves", architecture=architecture)
    if frame["rate"].nunique() < 2:
        raise NotTested("needs a choice of learning rates")
    return frame


def _chosen(data: PaperData, architecture: str) -> tuple[FinalLosses, CommonRate]:
    final = final_losses(_rows(data, architecture))
    return final, final.common_rate()


def _describe(final: FinalLosses, positions: list[int], arms: list[str]) -> str:
    """Return the final losses of some arms, each at its rate, as a note."""
    words = []
    for arm, position in zip(arms, positions, strict=True):
        number = ARMS.index(arm)
        lost = int((~np.isfinite(final.losses[position, number])).sum())
        mean = float(np.exp(final.log_losses[position, number].mean()))
        everywhere = " at every rate of the grid" if _diverged_everywhere(final, number) else ""
        words.append(f"{arm} {mean:.3g}" + (f" ({lost} diverged{everywhere})" if lost else ""))
    return "final loss " + ", ".join(words)


def _diverged_everywhere(final: FinalLosses, number: int) -> bool:
    """Return whether no network of an arm has a finite loss at any rate."""
    return not np.isfinite(final.losses[:, number]).any()


def _refuse_mixtures(final: FinalLosses, logs: np.ndarray) -> None:
    """Raise NotTested if some networks of an arm learned and some did not: two clusters.

    Their mean has no Student interval.
    """
    idle = np.isclose(logs, np.log(final.constant_loss))
    if idle.any() and not idle.all():
        raise NotTested(f"{idle.sum()} of {idle.size} networks of an arm learned nothing")


def _paired(
    final: FinalLosses, positions: list[int], lower: str, higher: str
) -> tuple[np.ndarray, np.ndarray]:
    """Return the logarithms of the final losses of two arms, (seeds,) each.

    Raises:
        NotTested: no network of either arm has learned anything, or only some of an arm.
    """
    logs = [
        final.log_losses[position, ARMS.index(arm)]
        for arm, position in zip((lower, higher), positions, strict=True)
    ]
    if all(np.allclose(part, np.log(final.constant_loss)) for part in logs):
        raise NotTested("neither arm has learned anything within these iterations")
    for part in logs:
        _refuse_mixtures(final, part)
    return logs[0], logs[1]


def order(data: PaperData, architecture: str, lower: str, higher: str) -> Measurement:
    """ln of the final loss of one arm over that of another at the common rate, paired by seed."""
    final, rule = _chosen(data, architecture)
    positions = [rule.chosen, rule.chosen]
    first, second = _paired(final, positions, lower, higher)
    end = ", at an end of the grid" if rule.at_an_end else ""
    return Measurement(
        mean_interval(first - second, LEVEL),
        note=f"{_describe(final, positions, [lower, higher])}; rate {final.rates[rule.chosen]:g}{end}; "
        f"{len(first)} pairs of networks",
    )


def order_along_the_curve(
    data: PaperData, architecture: str, lower: str, higher: str
) -> Measurement:
    """Mean over all iterations of ln of the loss of one arm over that of another, paired by seed.

    Common rate. Every point of a curve counts for the same; a loss that is missing or above that
    of the best constant answer counts as that.
    """
    final, rule = _chosen(data, architecture)
    frame = _rows(data, architecture)
    frame = frame[frame["rate"] == final.rates[rule.chosen]]
    logs = frame.assign(log=capped_log_losses(frame["loss"], final.constant_loss))
    means = logs.groupby(["arm", "seed"])["log"].mean().unstack("seed")
    ratios = means.loc[lower] - means.loc[higher]
    return Measurement(
        mean_interval(ratios, LEVEL),
        note=f"rate {final.rates[rule.chosen]:g}; {len(ratios)} pairs of networks",
    )


def order_at_own_rates(data: PaperData, architecture: str, lower: str, higher: str) -> Measurement:
    """The same with each arm at the rate of its own smallest mean loss."""
    final, rule = _chosen(data, architecture)
    arms = [lower, higher]
    positions = [int(rule.best[ARMS.index(arm)]) for arm in arms]
    first, second = _paired(final, positions, lower, higher)
    for arm, position in zip(arms, positions, strict=True):
        if position in (0, len(final.rates) - 1):
            raise NotTested(
                f"{arm} is best at {final.rates[position]:g}, an end of the grid: its own best rate "
                "is not known"
            )
    rates = " and ".join(f"{final.rates[position]:g}" for position in positions)
    return Measurement(
        mean_interval(first - second, LEVEL),
        note=f"{_describe(final, positions, arms)}; rates {rates}, chosen on the same networks",
    )


def gain_recovered(data: PaperData, architecture: str) -> Measurement:
    """Share of batch norm's gain over total init that sample init has, in ln of the final loss."""
    final, rule = _chosen(data, architecture)
    total, sample, batchnorm = final.log_losses[rule.chosen]
    for logs in (total, sample, batchnorm):
        _refuse_mixtures(final, logs)
    if not (total - batchnorm).mean() > 0:
        raise NotTested("batch norm gains nothing over total init here")
    return Measurement(
        ratio_of_means(total - sample, total - batchnorm, LEVEL),
        note=f"{_describe(final, [rule.chosen] * 3, list(ARMS))}; rate {final.rates[rule.chosen]:g}",
    )


def _losses_at(data: PaperData, architecture: str, arm: str, iteration: int) -> np.ndarray:
    """Return the losses of one arm at an iteration of the published figure, (seeds,).

    Raises:
        NotTested: the preset is not of the paper's scale.
    """
    settings = data.settings["learning_curves"][architecture]
    wide = {"all_cnn_c": 96, "unet": 64}[architecture]
    if settings["steps"] < iteration or settings["width"] < wide:
        raise NotTested(f"needs {iteration:,} iterations at width {wide}")
    if settings.get("data", "cifar10") != "cifar10":
        raise NotTested("needs CIFAR-10")
    final, rule = _chosen(data, architecture)
    frame = data.rows("learning_curves", architecture=architecture, arm=arm)
    frame = frame[(frame["rate"] == final.rates[rule.chosen]) & (frame["iteration"] >= iteration)]
    losses = frame[frame["iteration"] == frame["iteration"].min()].sort_values("seed")["loss"]
    if losses.isna().any():
        raise NotTested(f"{int(losses.isna().sum())} networks have diverged")
    return losses.to_numpy()


def loss_at(data: PaperData, architecture: str, arm: str, iteration: int) -> Measurement:
    """Mean training loss at an iteration, common rate."""
    return Measurement(mean_interval(_losses_at(data, architecture, arm, iteration), LEVEL))


def loss_ratio_at(data: PaperData, architecture: str, arm: str, iteration: int) -> Measurement:
    """Training loss of an arm over that of total init at an iteration, ratio of means."""
    pair = [_losses_at(data, architecture, name, iteration) for name in (arm, "total init")]
    return Measurement(ratio_of_means(*pair, LEVEL))


def threshold_accuracy(data: PaperData) -> Measurement:
    """Balanced accuracy of darkness on the images of cells, the best threshold for each image."""
    images = [image for _, image in data.tables["membrane_images"].groupby("image")]
    pairs = [(-image["grey"].to_numpy(), image["boundary"].to_numpy()) for image in images]
    precision = np.mean([average_precision(*pair) for pair in pairs])
    share = np.mean([boundary.mean() for _, boundary in pairs])
    return Measurement(
        mean_interval([best_threshold(*pair)[1] for pair in pairs], LEVEL),
        note=f"average precision an image: {precision:.2f}, boundary: {share:.2f} of the pixels",
    )


def score_above_darkness(data: PaperData, arm: str) -> Measurement:
    """Average precision of trained U-Nets on test images less that of darkness, common rate."""
    final, rule = _chosen(data, "unet")
    frame = data.rows("learning_curves", architecture="unet", arm=arm)
    runs = frame[frame["rate"] == final.rates[rule.chosen]].drop_duplicates("seed")
    if runs["no_test_score"].any():
        raise NotTested(f"{int(runs['no_test_score'].sum())} networks have diverged")
    baseline = float(runs["baseline_score"].iloc[0])
    return Measurement(
        mean_interval(runs["test_score"] - baseline, LEVEL),
        note=f"average precision {runs['test_score'].mean():.2f}, darkness {baseline:.2f}; "
        "interval over networks, on the same test images",
    )

"""Measurements on the learning curves of three arms (Luther & Seung 2019)."""

import numpy as np
from numpy.typing import NDArray

from deepinit.stats.intervals import mean_interval
from deepinit.stats.ratio_of_means import ratio_of_means
from deepinit.training.initialisation_arms import ARMS
from papers.luther2019.learning_curves.common_rate import capped_log_losses
from papers.luther2019.learning_curves.trained import ByArchitecture, Trained
from study.figure_data import part_where
from study.verdicts import LEVEL, Measurement, NotTestable, NotTested

#: A network that gives the best constant answer has its loss but for the images of the last batches.
_LEARNED = 0.02


def _of(trained: ByArchitecture, architecture: str) -> Trained:
    """Return what became of one architecture."""
    found = part_where(trained, architecture=architecture)
    if len(found.rates) < 2:
        raise NotTested("needs a choice of learning rates")
    return found


def _describe(trained: Trained, positions: dict[str, NDArray[np.intp]]) -> str:
    """Return the final losses of some arms, each seed at its rate, as a note."""
    words = []
    for arm, places in positions.items():
        losses = trained.losses[places, ARMS.index(arm), np.arange(len(places))]
        lost = int((~np.isfinite(losses)).sum())
        # No network of the arm has a finite loss at any rate.
        nowhere = not np.isfinite(trained.losses[:, ARMS.index(arm)]).any()
        everywhere = " at every rate of the grid" if nowhere else ""
        mean = float(np.exp(trained.log_losses_at(places, arm).mean()))
        words.append(
            f"{arm} {mean:.3g} at rate {trained.named(places)}"
            + (f" ({lost} diverged{everywhere})" if lost else "")
        )
    return "final loss " + ", ".join(words) + f"; {len(places)} networks per arm"


def _idle(trained: Trained, logs: np.ndarray) -> np.ndarray:
    """Return which networks learned nothing, given ln of their final losses."""
    return logs > np.log(trained.constant_loss) - _LEARNED


def _paired(trained: Trained, positions: dict[str, NDArray[np.intp]]) -> Measurement:
    """Return ln of the final loss of the first arm over that of the second, paired by seed.

    A network that has learned nothing counts as the best constant answer, also where others of its arm
    have learned. To leave such samples out would be worse: what remains is short of idle networks, and
    its interval misses the mean more often.
    """
    logs = [trained.log_losses_at(places, arm) for arm, places in positions.items()]
    if all(_idle(trained, part).all() for part in logs):
        raise NotTested("neither arm has learned anything within these iterations")
    return Measurement(mean_interval(logs[0] - logs[1], LEVEL), note=_describe(trained, positions))


def order(trained: ByArchitecture, architecture: str, lower: str, higher: str) -> Measurement:
    """ln of the final loss of one arm over that of another at the common rate, paired by seed."""
    found = _of(trained, architecture)
    return _paired(found, dict.fromkeys((lower, higher), found.positions))


def order_along_the_curve(
    trained: ByArchitecture, architecture: str, lower: str, higher: str
) -> Measurement:
    """Mean over all iterations of ln of the loss of one arm over that of another, paired by seed.

    Common rate. Every point of a curve counts for the same; a loss that is missing or above that
    of the best constant answer counts as that.
    """
    found = _of(trained, architecture)
    frame = found.at_common_rate
    logs = frame.assign(log=capped_log_losses(frame["loss"], found.constant_loss))
    means = logs.groupby(["arm", "seed"])["log"].mean().unstack("seed")
    ratios = means.loc[lower] - means.loc[higher]
    return Measurement(
        mean_interval(ratios, LEVEL),
        note=f"rate {found.named(found.positions)}; {len(ratios)} pairs of networks",
    )


def order_at_own_rates(
    trained: ByArchitecture, architecture: str, lower: str, higher: str
) -> Measurement:
    """The same with each arm at its own best rate, which the other half of the seeds chose."""
    found = _of(trained, architecture)
    positions = {arm: found.own_rates(arm) for arm in (lower, higher)}
    last = len(found.rates) - 1
    for arm, places in positions.items():
        if ends := [place for place in np.unique(places) if place in (0, last)]:
            raise NotTested(
                f"{arm} is best at {found.named(np.array(ends))}, an end of the grid: its own best "
                "rate is not known"
            )
    return _paired(found, positions)


def change_with_rate(
    trained: ByArchitecture, architecture: str, arm: str, against: str
) -> Measurement:
    """ln of the ratio of final losses of two arms at the largest rate less that at the smallest.

    Paired by seed. Networks that have learned nothing, or have diverged, count as the best constant answer.
    Rates at which neither arm has learned anything compare nothing.
    """
    found = _of(trained, architecture)
    logs = found.log_losses[:, [ARMS.index(arm), ARMS.index(against)]]
    (usable,) = np.nonzero(~_idle(found, logs).all(axis=(1, 2)))
    if len(usable) < 2:
        raise NotTested("needs two rates at which networks learn")
    ratios = logs[usable[[-1, 0]], 0] - logs[usable[[-1, 0]], 1]
    rates = np.asarray(found.rates)[usable[[-1, 0]]]
    at_ends = [f"{float(np.exp(ratio.mean())):.3g} at rate {rate:g}"
               for ratio, rate in zip(ratios, rates, strict=True)]  # fmt: skip
    return Measurement(
        mean_interval(ratios[0] - ratios[1], LEVEL),
        note=f"ratio of losses {' and '.join(at_ends)}; {ratios.shape[1]} pairs of networks",
    )


def gain_recovered(trained: ByArchitecture, architecture: str) -> Measurement:
    """Share of batch norm's gain over total init that sample init has, in ln of the final loss."""
    found = _of(trained, architecture)
    total, sample, batchnorm = (found.log_losses_at(found.positions, arm) for arm in ARMS)
    if not (total - batchnorm).mean() > 0:
        raise NotTested("batch norm gains nothing over total init here")
    return Measurement(
        ratio_of_means(total - sample, total - batchnorm, LEVEL),
        note=_describe(found, dict.fromkeys(ARMS, found.positions)),
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

"""The questions of the three papers, each with an answer, its interval, and what helps.

A question is answered by one number, estimated over independent networks, and limits between which it must
lie. The answer is yes if the whole interval lies between the limits, no if the whole interval lies beyond
them, else it cannot be told. So what is right is called wrong no more often than its interval misses, half
of 1 − level, and only if it lies at the limit.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from deepinit.probing.chain_theory import batch_norm_gradient_growth
from deepinit.probing.growth import Growth, log_growth
from deepinit.probing.networks import Measured
from deepinit.probing.structure import Place
from deepinit.probing.theory import Theory
from deepinit.stats.intervals import (
    Estimate, TooFewReplicates, bootstrap, fraction_interval, mean_interval,
)  # fmt: skip

YES, NO, OPEN = "yes", "no", "cannot be told"
#: Lengths M and gradient norms may change by ten times over the whole depth, and lengths may differ from
#: network to network with a standard deviation of one decade: Σ 1/n = 1.06 in a ReLU chain.
DECADES = 1.0
#: Inputs are told apart while v² is more than this share of m² + v².
INDISTINGUISHABLE = 0.05
#: No more than this share of networks may have a layer that is wholly dead.
DEAD_NETWORKS = 0.01
_LN10 = math.log(10)


@dataclass(frozen=True)
class Finding:
    """An answer.

    Attributes:
        key: "lengths", "spread", "differences", "gradients", "dead" or "residual".
        question: in words.
        answer: "yes", "no" or "cannot be told".
        measure: what the number is.
        estimate: the number, and its interval.
        limits: between which it must lie.
        sentence: what was found, with numbers.
        advice: what helps and at which price; "" where nothing is wrong.
        source: the paper.
    """

    key: str
    question: str
    answer: str
    measure: str
    estimate: Estimate
    limits: tuple[float, float]
    sentence: str
    advice: str
    source: str

    def __str__(self) -> str:
        """Return the question, the answer and the rest, in one line."""
        answer = self.answer[0].upper() + self.answer[1:]
        words = f"{self.question} {answer}: {self.sentence}"
        return f"{words} {self.advice}".rstrip()


def answered(estimate: Estimate, limits: tuple[float, float]) -> str:
    """Return "yes", "no" or "cannot be told"."""
    low, high = limits
    if low <= estimate.low and estimate.high <= high:
        return YES
    return NO if estimate.high < low or estimate.low > high else OPEN


def shown(estimate: Estimate, digits: int = 3) -> str:
    """Return "value [low, high]"."""
    value, low, high = (f"{part:.{digits}g}" for part in estimate)
    return f"{value} [{low}, {high}]"


def _decades(growth: Growth, power: float = 1.0) -> Estimate:
    return Estimate(*(power * part / _LN10 for part in growth.total))


def weights_advice(measured: Measured, theory: Theory, growth: float) -> str:
    """Return which variance of the weights keeps a mean square that grows by `growth` a layer."""
    if theory.gain is None:
        return (
            f"Multiply the variance of the weights of every layer by {1 / growth:.2g}; ReLU layers need "
            "2/fan-in."
        )
    return (
        f"Weights have a variance of {theory.gain:.3g}/fan-in; with {measured.structure.chain.activation}, "
        f"{theory.needed:.3g}/fan-in and no biases keep a mean square of 1."
    )


def lengths(measured: Measured, theory: Theory, level: float) -> Finding | None:
    """Return whether activations keep their size: failure mode 1."""
    places = measured.structure.lengths
    if len(places) < 2:
        return None
    growth = log_growth(
        measured.at(places, "mean_square"), level, independent=theory.relu is not None
    )
    total = _decades(growth)
    limits = (-DECADES, DECADES)
    answer = answered(total, limits)
    what = "branch" if measured.structure.stream else "layer"
    sentence = (
        f"a {what} multiplies the mean square by {shown(growth.per_layer, 4)}, "
        f"{growth.layers} of them by 10^{total.value:.2f} [{total.low:.2f}, {total.high:.2f}]"
    )
    if theory.log_lengths is not None:
        sentence += f" (theory 10^{theory.log_lengths[growth.layers] / _LN10:.2f})"
    advice = ""
    if answer == NO:
        if measured.structure.additions:
            branches = len(measured.structure.additions)
            advice = (
                f"Multiply each branch by 1/√L = {branches**-0.5:.2g}, or normalise the stream."
            )
        else:
            advice = weights_advice(measured, theory, growth.per_layer.value)
    return Finding(
        "lengths", "Do activations keep their size?", answer, "log10 E M_d/M_0", total, limits,
        sentence + ".", advice, "hanin2018",
    )  # fmt: skip


def spread(measured: Measured, theory: Theory, level: float) -> Finding | None:
    """Return whether networks agree on the size of one input: failure mode 2."""
    places = measured.structure.lengths
    if len(places) < 2 or measured.networks < 5:
        return None
    ends = measured.at(places, "first")[:, [0, -1]]
    if np.isnan(ends).any():
        return None
    ends = ends[(ends > 0).all(axis=1)]
    if len(ends) < 5:
        return None
    logs = np.log10(ends[:, 1] / ends[:, 0])
    deviation = bootstrap(logs, lambda values: float(np.std(values, ddof=1)), level)
    limits = (-math.inf, DECADES)
    answer = answered(deviation, limits)
    median = 10 ** float(np.median(logs))
    sentence = (
        f"log10 of the length of one input in the last layer has a standard deviation of "
        f"{shown(deviation, 2)} between networks, and its median is {median:.2g} of the input's"
    )
    advice = ""
    if theory.relu is not None:
        beta, widest = theory.relu.sum_of_reciprocals, theory.relu.deviation[-1] / _LN10
        sentence += f" (theory {widest:.2f}; Σ 1/n = {beta:.2g})"
        if answer == NO:
            advice = f"Layers {beta:.2g} times as wide would bring Σ 1/n to 1."
    elif answer == NO:
        advice = "Wider layers help: the variance is about 5 Σ 1/n in a ReLU network."
    return Finding(
        "spread", "Do networks agree on it?", answer, "sd of log10 M_d", deviation, limits,
        sentence + ".", advice, "hanin2018",
    )  # fmt: skip


def shares(measured: Measured) -> NDArray[np.float64]:
    """Return log10 v²/(m² + v²) of pre-activations, shape (N, places), not below −16."""
    places = measured.structure.preactivations
    m2, v2 = (measured.at(places, name) for name in ("squared_mean", "variance"))
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.maximum(np.log10(v2 / np.maximum(m2 + v2, 1e-300)), -16)


def differences(measured: Measured, theory: Theory, level: float) -> Finding | None:
    """Return whether inputs still differ in the last layer."""
    if measured.samples < 2 or len(measured.structure.preactivations) < 2:
        return None
    logs = shares(measured)
    if np.isnan(logs).all(axis=0).any() or np.isnan(logs[:, -1]).sum() > measured.networks - 2:
        return None
    means = np.nanmean(logs, axis=0)
    last = mean_interval(logs[~np.isnan(logs[:, -1]), -1], level)
    limits = (math.log10(INDISTINGUISHABLE), math.inf)
    answer = answered(last, limits)
    below = np.flatnonzero(means < limits[0])
    share = Estimate(*(10**part for part in last))
    sentence = (
        f"a share {shown(share, 2)} of the mean square of the last layer differs between inputs "
        f"(c = {1 - share.value:.3f}"
    )
    if theory.correlations is not None:
        sentence += f", infinite width {theory.correlations[-1]:.3f}"
    sentence += ")"
    advice = ""
    if answer != YES and means[0] < limits[0] + math.log10(2):
        answer, sentence = OPEN, sentence + "; the inputs themselves hardly differ"
    elif answer == NO:
        place = measured.structure.preactivations[below[0]]
        name = measured.layers[place.layer].name
        sentence += f"; it is below {INDISTINGUISHABLE:g} from layer {below[0] + 1} on, '{name}'"
        advice = _differences_advice(measured, theory, len(means))
    return Finding(
        "differences", "Do inputs still differ in the last layer?", answer,
        "log10 v²/(m² + v²)", last, limits, sentence + ".", advice, "luther2019",
    )  # fmt: skip


def _differences_advice(measured: Measured, theory: Theory, depth: int) -> str:
    if theory.kept is not None and theory.kept > INDISTINGUISHABLE:
        return (
            f"With a variance of {theory.needed:.3g}/fan-in and no biases a share {theory.kept:.2g} would "
            f"stay, with {measured.structure.chain.activation} at infinite width."
        )
    decades = depth * math.log10(batch_norm_gradient_growth(max(measured.samples, 4)))
    return (
        "Batch normalisation or deepinit.sample_init_ stops this in a plain ReLU network (c = 0.32), at "
        f"the price of gradients 1.21 times as large a layer, 10^{decades:.1f} times over {depth}; a residual "
        f"stream with branches scaled by 1/√L = {depth**-0.5:.2g} is the other way."
    )


def gradient_norms(measured: Measured) -> NDArray[np.float64]:
    """Return the squared norm of ∂loss/∂y an input, from the last hidden layer to the first, (N, places)."""
    structure = measured.structure
    places = structure.preactivations
    if not structure.stream and not (structure.chain and structure.chain.last):
        places = places[:-1]
    sizes = [math.prod(place.of(measured.layers).shape) / measured.samples for place in places]
    squares = measured.at(places, "gradient") * np.array(sizes)
    there = ~np.isnan(squares).any(axis=0)
    return squares[:, there][:, ::-1]


def gradients(measured: Measured, theory: Theory, level: float) -> Finding | None:
    """Return whether gradients arrive."""
    squares = gradient_norms(measured)
    if squares.shape[1] < 2 or ((squares[:, 1] > 0).sum() < 2):
        return None
    growth = log_growth(squares, level, independent=theory.relu is not None)
    total = _decades(growth, 0.5)
    limits = (-DECADES, DECADES)
    answer = answered(total, limits)
    layer = Estimate(*(math.sqrt(part) for part in growth.per_layer))
    sentence = (
        f"the norm of the gradient is multiplied by {shown(layer, 4)} a layer on the way back, by "
        f"10^{total.value:.2f} [{total.low:.2f}, {total.high:.2f}] over {growth.layers}"
    )
    if theory.gradient_growth is not None:
        sentence += f" (theory {theory.gradient_growth:.3g} a layer)"
    advice = ""
    if answer == NO:
        if any("BatchNorm" in layer.module for layer in measured.layers):
            advice = (
                "This is the price of batch normalisation, 1.21 a layer in a plain ReLU network; "
                f"residual branches scaled by 1/√L = {growth.layers**-0.5:.2g} or fewer layers lower it."
            )
        else:
            advice = weights_advice(measured, theory, growth.per_layer.value)
    return Finding(
        "gradients", "Do gradients arrive?", answer, "log10 ‖gradient, first layer‖/‖last‖",
        total, limits, sentence + ".", advice, "luther2019",
    )  # fmt: skip


def dead(measured: Measured, theory: Theory, level: float) -> Finding | None:
    """Return whether layers are wholly dead: all their activations zero for every input."""
    structure, layers = measured.structure, measured.layers
    places = tuple(
        Place(number, "inputs")
        for number, layer in enumerate(layers)
        if layer.kind in ("linear", "convolution")
    )[1:]
    if structure.chain is not None and structure.chain.last:
        places += structure.lengths[-1:]
    off = measured.at(places, "off")
    if not off.size or np.isnan(off).all():
        return None
    wholly = int((off == 1).any(axis=1).sum())
    fraction = fraction_interval(wholly, measured.networks, level)
    limits = (-math.inf, DEAD_NETWORKS)
    # A share so small is never shown to be met by as few networks as one builds.
    answer = NO if fraction.low > DEAD_NETWORKS else (YES if wholly == 0 else OPEN)
    means = np.nanmean(off, axis=0)
    worst = int(np.argmax(means))
    sentence = f"{wholly} of {measured.networks} networks have a layer in which every unit is off for every input"
    if means[worst] > 0:
        name = layers[places[worst].layer].name
        sentence += f"; at most {100 * means[worst]:.0f} % of units are, in front of layer '{name}'"
    if theory.relu is not None:
        sentence += f" (theory for one input: {100 * theory.relu.dead:.2g} % of networks)"
    advice = (
        "" if answer != NO else "Widen the narrowest layers, or let a residual stream pass them."
    )
    return Finding(
        "dead", "Are all layers alive?", answer, "share of networks", fraction, limits,
        sentence + ".", advice, "hanin2018",
    )  # fmt: skip


def all_findings(measured: Measured, theory: Theory, level: float) -> list[Finding]:
    """Return the answers to all questions that make sense for these networks."""
    found = []
    for question in (lengths, spread, differences, gradients, dead):
        try:
            finding = question(measured, theory, level)
        except TooFewReplicates:
            continue
        if finding is not None:
            found.append(finding)
    return found

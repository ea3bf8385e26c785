"""The questions of luther2019 and hanin2018; the one of marion2025 is in `deepinit.probing.residual`."""

from __future__ import annotations

import contextlib
import math

import numpy as np
from numpy.typing import NDArray

from deepinit.probing.advice import (
    INDISTINGUISHABLE,
    differences_advice,
    gradients_advice,
    one_place,
    size_advice,
)
from deepinit.probing.findings import NO, OPEN, YES, Finding, answered, shown
from deepinit.probing.growth import Growth, deviation, log_growth
from deepinit.probing.networks import Measured
from deepinit.probing.recording import WEIGHTED
from deepinit.probing.structure import Place
from deepinit.probing.theory import Theory
from deepinit.stats.intervals import (
    Estimate,
    TooFewReplicates,
    fraction_interval,
    mean_interval,
)

#: Lengths M and gradient norms may change by ten times over the whole depth, and lengths may differ from
#: network to network with a standard deviation of one decade: Σ 1/n = 1.06 in a ReLU chain.
DECADES = 1.0
#: No more than this share of networks may have a layer that is wholly dead.
DEAD_NETWORKS = 0.01
#: A share of a mean square is not known below this, and not drawn: rounding leaves as much.
LOG10_ROUNDING = -13
_LN10 = math.log(10)


def _decades(growth: Growth, power: float = 1.0) -> Estimate:
    return growth.total.map(lambda part: power * part / _LN10)


def _rounded(value: float) -> str:
    """Return two decimals, and no minus before a zero."""
    return f"{round(value, 2) + 0.0:.2f}"


def _power(total: Estimate) -> str:
    value, low, high = map(_rounded, total)
    return f"10^{value} [{low}, {high}]"


def lengths(measured: Measured, theory: Theory, level: float) -> Finding:
    """Return whether activations keep their size: failure mode 1."""
    places = measured.structure.lengths
    growth = log_growth(
        measured.at(places, "mean_square"), level, independent=theory.relu is not None
    )
    total = _decades(growth)
    limits = (-DECADES, DECADES)
    answer = answered(total, limits)
    what = "branch" if measured.structure.is_residual else "layer"
    sentence = f"a {what} multiplies the mean square by {shown(growth.per_layer, 4)}"
    if growth.layers > 1:
        sentence += f", {growth.layers} of them by {_power(total)}"
    if theory.log_lengths is not None:
        sentence += f" (theory 10^{_rounded(theory.log_lengths[growth.layers] / _LN10)})"
    advice = ""
    if answer == NO:
        found = one_place(measured.at(places, "mean_square"))
        if found is None or theory.log_lengths is not None:
            advice = size_advice(measured, theory, growth)
        else:
            place, step = found
            name = measured.layers[places[place + 1].layer].name
            sentence += f"; 10^{_rounded(step)} in one place, in front of layer '{name}'"
            advice = "Look there first."
            if step < 0:
                advice = "Look there first; a mean over pixels or tokens is often the reason."
    return Finding(
        "lengths", "Do activations keep their size?", answer, "log10 E M_d/M_0", total, limits,
        sentence + ".", advice, "hanin2018",
    )  # fmt: skip


def spread(measured: Measured, theory: Theory, level: float) -> Finding | None:
    """Return whether networks agree on the size of one input: failure mode 2."""
    places = measured.structure.lengths
    if len(places) < 2:
        return None
    ends = measured.at(places, "first")[:, [0, -1]]
    if np.isnan(ends).any():
        return None
    ends = ends[(ends > 0).all(axis=1)]
    logs = np.log10(ends[:, 1] / ends[:, 0])
    found = deviation(logs, level)
    limits = (-math.inf, DECADES)
    answer = answered(found, limits)
    median = 10 ** float(np.median(logs))
    sentence = (
        f"log10 of the length of one input in the last layer has a standard deviation of "
        f"{shown(found, 2)} between networks"
    )
    advice = ""
    beta = reciprocals(measured)
    if theory.relu is not None:
        sentence += f" (theory {theory.relu.deviation[-1] / _LN10:.2f})"
    sentence += f", and its median is {median:.2g} times the input's"
    if not measured.structure.additions:
        sentence += f"; Σ 1/n = {beta:.2g}" if beta else ""
        if len(places) > 2:
            variance = np.median(empirical_variance(measured))
            sentence += (
                f"; over the layers of one network the variance V̂ of M_l/M_0 is {variance:.2g}"
            )
            if theory.relu is not None:
                mean = np.exp(theory.relu.log_mean_variance)
                sentence += f" in the median (theory, mean {mean:.2g})"
        if answer == NO and beta > 1:
            advice = f"Layers {beta:.2g} times as wide would bring Σ 1/n to 1."
    return Finding(
        "spread", "Do networks agree on that size?", answer, "sd of log10 M_d", found, limits,
        sentence + ".", advice, "hanin2018",
    )  # fmt: skip


def reciprocals(measured: Measured) -> float:
    """Return Σ 1/n over hidden layers, n the width or, for convolutions, the fan-in.

    Zero where there is no such layer, or one with weights whose width is not known.
    """
    weighted = [layer for layer in measured.layers if layer.kind in WEIGHTED]
    # Of layers side by side one counts, and none of several heads.
    entered = [measured.layers[place.layer] for place in measured.structure.lengths]
    hidden = [layer for layer in entered if layer.kind in WEIGHTED and layer.width][:-1]
    if any(not layer.width for layer in weighted[1:]):
        return 0.0
    return sum(1 / (layer.width if layer.kind == "linear" else layer.fan_in) for layer in hidden)


def empirical_variance(measured: Measured) -> NDArray[np.float64]:
    """Return V̂ of M_l/M_0, l = 1 … d, of each network, for the first input."""
    lengths = measured.at(measured.structure.lengths, "first")
    return (lengths[:, 1:] / lengths[:, :1]).var(axis=1)


def shares(measured: Measured) -> NDArray[np.float64]:
    """Return log10 v²/(m² + v²) of pre-activations, shape (N, places), not below `LOG10_ROUNDING`."""
    places = measured.structure.preactivations
    m2, v2 = (measured.at(places, name) for name in ("squared_mean", "variance"))
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.maximum(np.log10(v2 / np.maximum(m2 + v2, 1e-300)), LOG10_ROUNDING)


def differences(measured: Measured, theory: Theory, level: float) -> Finding | None:
    """Return whether inputs still differ in the last layer."""
    if measured.samples < 2 or len(measured.structure.preactivations) < 2:
        return None
    logs = shares(measured)
    if np.isnan(logs).all(axis=0).any():
        return None
    means = np.nanmean(logs, axis=0)
    last = mean_interval(logs[~np.isnan(logs[:, -1]), -1], level)
    limits = (math.log10(INDISTINGUISHABLE), math.inf)
    answer = answered(last, limits)
    below = np.flatnonzero(means < limits[0])
    share = last.map(lambda part: min(10**part, 1.0))
    of_what = "of the mean square of the last layer"
    if last.value > LOG10_ROUNDING:
        sentence = f"a share {shown(share, 2)} {of_what} differs between inputs"
    else:
        sentence = (
            f"the share {of_what} that differs between inputs is below rounding, 1e{LOG10_ROUNDING}"
        )
    sentence += f" (c = {1 - share.value:.3f}"
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
        advice = differences_advice(measured, theory, len(means))
    return Finding(
        "differences", "Do inputs still differ in the last layer?", answer,
        "log10 v²/(m² + v²)", last, limits, sentence + ".", advice, "luther2019",
    )  # fmt: skip


def gradient_norms(measured: Measured) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return numbers of layers, from the last hidden one to the first, and ‖∂loss/∂y‖² an input there.

    Returns:
        counted from 1, shape (places,); squared norms, shape (N, places). Of a residual network the sums
        after so many branches, from 0.
    """
    structure = measured.structure
    places = structure.preactivations
    if not structure.is_residual and not (structure.chain and structure.chain.last):
        places = places[:-1]
    sizes = [math.prod(place.of(measured.layers).shape) / measured.samples for place in places]
    squares = measured.at(places, "gradient") * np.array(sizes)
    there = ~np.isnan(squares).any(axis=0)
    numbers = np.arange(len(places)) + (not structure.is_residual)
    return numbers[there][::-1], squares[:, there][:, ::-1]


def gradients(measured: Measured, theory: Theory, level: float) -> Finding:
    """Return whether gradients arrive."""
    numbers, squares = gradient_norms(measured)
    growth = log_growth(squares, level, independent=theory.relu is not None)
    total = _decades(growth, 0.5)
    limits = (-DECADES, DECADES)
    answer = answered(total, limits)
    layer = growth.per_layer.map(math.sqrt)
    sentence = (
        f"the norm of the gradient is multiplied by {shown(layer, 4)} per layer on the way back, by "
        f"{_power(total)} over {growth.layers}"
    )
    if theory.gradient_growth is not None:
        sentence += f" (theory {theory.gradient_growth:.3g} per layer)"
    advice = ""
    if answer == NO:
        structure = measured.structure
        found = one_place(squares)
        if found is None or structure.is_residual or theory.gradient_growth is not None:
            advice = gradients_advice(measured, theory, growth)
        else:
            place, step = found
            below = structure.preactivations[numbers[place + 1] - 1].layer
            name = measured.layers[below].name
            sentence += f"; by 10^{_rounded(step / 2)} in one place, on the way to layer '{name}'"
            advice = "Look there first."
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
    sentence = (
        f"{wholly} of {measured.networks} networks have a layer in which every unit is off for every "
        "input"
    )
    if means[worst] >= 0.005:
        name = layers[places[worst].layer].name
        sentence += (
            f"; at most {100 * means[worst]:.0f} % of units are off, in front of layer '{name}'"
        )
    advice = (
        "" if answer != NO else "Widen the narrowest layers, or let a residual stream pass them."
    )
    return Finding(
        "alive", "Are all layers alive?", answer, "share of networks", fraction, limits,
        sentence + ".", advice, "hanin2018",
    )  # fmt: skip


def all_findings(measured: Measured, theory: Theory, level: float) -> list[Finding]:
    """Return the answers to all questions that make sense for these networks.

    One that makes none here returns None or raises TooFewReplicates.
    """
    found = []
    for question in (lengths, spread, differences, gradients, dead):
        with contextlib.suppress(TooFewReplicates):
            found.append(question(measured, theory, level))
    return [finding for finding in found if finding is not None]

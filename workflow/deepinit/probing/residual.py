"""Residual networks: how much the stream changes, and how that depends on depth (Marion et al. 2025).

Measured are the change ‖h_L − h_0‖/‖h_0‖ of the stream, and the size of a branch relative to its stream, the
apparent α. For α = L^{−β} and independent weights the change vanishes for β > ½ as L grows (identity),
explodes for β < ½ and stays at β = ½; weights that change smoothly over depth have 1 in place of ½. One
depth does not tell which; the exponents of α and of the change in L, from networks of the depths L/4, L/2 and
L, do.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from deepinit.probing.findings import NO, OPEN, YES, Finding, answered, shown
from deepinit.probing.networks import Measured
from deepinit.stats.intervals import Estimate, mean_interval, sum_interval

#: The question with networks of several depths, and with those of one.
LIMIT = "Is the limit of many layers non-trivial?"
CHANGE = "Does the stream change moderately?"
#: Between these the change of one network of one depth is neither nothing nor everything.
SMALLEST, LARGEST = 0.1, 10.0
#: An exponent of the change in L that counts as none: β within a fifth of the critical one.
FLAT = 0.2


def log_alpha(measured: Measured) -> NDArray[np.float64]:
    """Return the logarithm of the apparent α of each network, its geometric mean over the stream."""
    structure = measured.structure
    start = structure.additions.index(structure.stream[0])
    with np.errstate(divide="ignore"):
        return np.log(measured.branches[:, start : start + len(structure.stream)]).mean(axis=1)


def log_change(measured: Measured) -> NDArray[np.float64]:
    """Return log ‖h_L − h_0‖/‖h_0‖ of each network."""
    with np.errstate(divide="ignore"):
        return np.log(measured.change)


def exponent(values: Mapping[int, NDArray[np.float64]], level: float) -> Estimate:
    """Return the slope of the mean of `values` in log L, with the interval of Welch and Satterthwaite.

    Args:
        values: L ↦ a logarithm of each network.
    """
    x = np.log(list(values))
    weights = (x - x.mean()) / np.square(x - x.mean()).sum()
    means = np.array([logs.mean() for logs in values.values()])
    variances = [
        w**2 * logs.var(ddof=1) / len(logs)
        for w, logs in zip(weights, values.values(), strict=True)
    ]
    freedom = [len(logs) - 1 for logs in values.values()]
    return sum_interval(float(weights @ means), variances, freedom, level)


def residual(
    measured: Measured, level: float, depths: Mapping[int, Measured] | None = None
) -> Finding | None:
    """Return whether the stream changes by a bounded amount; None without a residual stream.

    Args:
        depths: L ↦ networks of that depth, the deepest being `measured`.
    """
    branches = len(measured.structure.stream)
    if branches < 2 or not ((measured.change > 0).all() and (measured.branches > 0).all()):
        return None
    change = mean_interval(log_change(measured), level)
    alpha = mean_interval(log_alpha(measured), level)
    size, relative = change.map(np.exp), alpha.map(np.exp)
    expected = expected_change(relative.value, branches)
    sentence = (
        f"‖h_L − h_0‖/‖h_0‖ is {shown(size)} after {branches} branches, each {shown(relative)} of its stream "
        f"(theory for independent ones {expected:.3g})"
    )
    estimate, limits, measure = change, (math.log(SMALLEST), math.log(LARGEST)), "log change"
    many = {depth: found for depth, found in (depths or {}).items() if (found.change > 0).all()}
    if scales := len(many) > 2:
        estimate = exponent({depth: log_change(found) for depth, found in many.items()}, level)
        beta = exponent({depth: -log_alpha(found) for depth, found in many.items()}, level)
        limits, measure = (-FLAT, FLAT), "d log change / d log L"
        sentence += (
            f"; over depths {', '.join(map(str, many))} it goes like L^{estimate.value:.2f} "
            f"[{estimate.low:.2f}, {estimate.high:.2f}], with α ~ L^−β, β = {shown(beta, 2)}"
        )
    answer = answered(estimate, limits)
    regime = {YES: "a non-trivial limit", OPEN: "between two regimes"}.get(
        answer, "the identity" if estimate.value < 0 else "explosion"
    )
    if not scales:
        regime = "neither the identity nor explosion" if answer == YES else regime
        regime += (
            " at this depth; only networks of several depths (`depth`) tell of the limit of many"
        )
    advice = ""
    if answer == NO:
        wanted = branches**-0.5
        advice = (
            f"Multiply the branches by {wanted / relative.value:.2g} at this depth, so that each is "
            f"1/√L = {wanted:.2g} of its stream (independent weights; 1/L = {1 / branches:.2g} where layers "
            "are alike)"
        )
        if scales:
            advice += f"; at other depths that factor goes like L^{beta.value - 0.5:.2g}"
        advice += "."
    return Finding(
        "residual", LIMIT if scales else CHANGE, answer, measure, estimate, limits,
        f"{sentence}: {regime}.", advice, "marion2025",
    )  # fmt: skip


def expected_change(alpha: float, depth: int) -> float:
    """Return √((1 + α²)^L − 1): the root mean square of the change for independent branches.

    Exact where the squared length of a branch is α² that of its stream in the mean and its direction is
    symmetric, as in `deepinit.resnet.ratios_theory` (there α²/2, ReLU's factor included).
    """
    return float(np.sqrt(np.expm1(depth * np.log1p(alpha**2))))

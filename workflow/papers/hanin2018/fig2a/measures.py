"""Measurements on the length in residual networks (Hanin & Rolnick 2018, Figure 2a).

A population's estimate of E M_L is unbiased and independent of the others': intervals are those of
`deepinit.stats.log_means`.
"""

from collections.abc import Sequence
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd

from deepinit.resnet.scaled_modules_theory import (
    log_mean_growth_linear,
    log_upper_bound,
    log_upper_bound_relu,
    module_scales,
)
from deepinit.stats.intervals import Estimate, mean_interval
from deepinit.stats.log_means import log_mean, sum_of_log_means
from papers.hanin2018.scales import RECIPROCAL
from study.figure_data import FigureData
from study.verdicts import LEVEL, Measurement, NotTested

_FEWEST_POPULATIONS, _FEWEST_MODULES = 10, 50


def _all_logs(
    data: FigureData, ending: str, base: float, sampler: str = "population"
) -> pd.DataFrame:
    """Return ln M_L/M_0, one row per replicate, one column a number of modules."""
    rows = data.rows("fig2a", ending=ending, base=base, sampler=sampler)
    return rows.pivot(index="replicate", columns="modules", values="log10_length") * np.log(10)


def _logs(data: FigureData, *kind: Any) -> pd.DataFrame:
    """Return `_all_logs` where there are enough modules and replicates."""
    logs = _all_logs(data, *kind)
    if len(logs) < _FEWEST_POPULATIONS or logs.columns.max() < _FEWEST_MODULES:
        raise NotTested(
            f"needs {_FEWEST_MODULES} modules and {_FEWEST_POPULATIONS} populations or more"
        )
    return logs


def _end_and_half(logs: pd.DataFrame) -> tuple[int, int]:
    """Return the greatest number of modules, and the greatest up to half of it."""
    modules = int(logs.columns.max())
    return modules, int(logs.columns[logs.columns <= modules // 2].max())


def exponent(
    data: FigureData, base: float, level: float = LEVEL
) -> tuple[Estimate, tuple[float, float, float]]:
    """Return c in E M_L = exp(c Σ η) at the greatest L, ReLU-ended, and three bounds on it.

    They are those of Π(1 + η²), of Π(1 + η)², and the sharper upper one; all derived here.
    """
    logs, hidden = _all_logs(data, "relu", base), data.settings["fig2a"]["hidden"]
    modules = int(logs.columns.max())
    scales = module_scales(base, modules)
    total = scales.sum()
    bounds = (
        log_mean_growth_linear(scales),
        log_upper_bound(scales),
        log_upper_bound_relu(scales, hidden),
    )
    low, high, sharper = (float(bound[-1] / total) for bound in bounds)
    return sum_of_log_means((logs[modules], 1 / total), level=level), (low, high, sharper)


def growth_rate(data: FigureData) -> Measurement:
    """c in E M_L ~ exp(c L) of unscaled ReLU-ended modules, over the second half of the depths."""
    logs = _logs(data, "relu", 1.0)
    modules, half = _end_and_half(logs)
    weight = 1 / (modules - half)
    _, (low, high, sharper) = exponent(data, 1.0)
    return Measurement(
        sum_of_log_means((logs[[modules, half]], [weight, -weight]), level=LEVEL),
        note=f"from {half} to {modules} modules; Π(1 + η²) and Π(1 + η)², derived here, would be "
        f"{low:.3g} and {high:.3g}, a sharper upper bound {sharper:.3g}",
    )


def rise_of_second_half(data: FigureData, base: float) -> Measurement:
    """ln E M_L − ln E M_{L/2}, ReLU-ended, at the greatest L."""
    logs = _logs(data, "relu", base)
    modules, half = _end_and_half(logs)
    return Measurement(
        sum_of_log_means((logs[[modules, half]], [1.0, -1.0]), level=LEVEL),
        note=f"from {half} to {modules} modules; E M_L = {np.exp(log_mean(logs[modules])):.4g} M_0 at "
        "the end",
    )


def step_between_plateaus(data: FigureData, bases: Sequence[float]) -> Measurement:
    """Least difference of ln E M_L between neighbours among some b, the larger less the smaller."""
    logs = {base: _logs(data, "relu", base) for base in sorted(bases, reverse=True)}
    modules = min(int(part.columns.max()) for part in logs.values())
    steps = [
        sum_of_log_means((logs[larger][modules], 1.0), (logs[smaller][modules], -1.0), level=LEVEL)
        for larger, smaller in pairwise(logs)
    ]
    levels = [
        f"{np.exp(log_mean(part[modules])):.4g} at b = {base:g}" for base, part in logs.items()
    ]
    return Measurement(
        min(steps, key=lambda step: step.low),
        note=f"E M_L/M_0 with {modules} modules: {', '.join(levels)}",
    )


def exponent_gained(
    data: FigureData, s: SimpleNamespace, larger: float, smaller: float
) -> Measurement:
    """c in E M_L = exp(c Σ η) at the greatest L, ReLU-ended, at one b less that at a smaller b."""
    parts = []
    for base, sign in ((larger, 1.0), (smaller, -1.0)):
        logs = _logs(data, "relu", base)
        modules = int(logs.columns.max())
        parts.append((logs[modules], sign / module_scales(base, modules).sum()))
    found = [f"{exponent(data, base)[0].value:.3f} at b = {base:g}" for base in s.bases]
    return Measurement(sum_of_log_means(*parts, level=LEVEL), note=f"c: {', '.join(found)}")


def linear_mean(data: FigureData, base: float, sampler: str) -> Measurement:
    """E M_L over Π(1 + η²) for linear-ended modules at the greatest L; the exact value is 1."""
    logs = _logs(data, "linear", base, sampler)
    modules = int(logs.columns.max())
    exact = log_mean_growth_linear(module_scales(base, modules))[-1]
    ratio = np.exp(logs[modules].to_numpy() - exact)
    return Measurement(
        mean_interval(ratio, LEVEL),
        expected=1.0,
        note=f"{modules} modules; Π(1 + η²) = e^{exact:.4g}",
    )


def rise_of_reciprocal(data: FigureData, few: int) -> Measurement:
    """ln E M_L with η_l = 1/L at the greatest L less that at a smaller one, ReLU-ended."""
    logs = _logs(data, "relu", RECIPROCAL)
    modules = int(logs.columns.max())
    if few not in logs:
        raise NotTested(f"needs {few} modules with η_l = 1/L")
    # Populations of another number of modules are others.
    rise = sum_of_log_means((logs[modules], 1.0), (logs[few], -1.0), level=LEVEL)
    levels = [f"{np.exp(log_mean(logs[count])):.4g} with {count} modules" for count in logs]
    return Measurement(rise, note=f"E M_L/M_0 = {', '.join(levels)}")

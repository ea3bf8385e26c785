"""Measurements on residual networks with scaled modules (Hanin & Rolnick 2018, Figure 2a)."""

import numpy as np
import pandas as pd
from scipy import special

from claims.data import PaperData
from deepinit.resnet.scaled_modules_theory import (
    log_mean_growth_linear,
    log_upper_bound,
    log_upper_bound_relu,
    module_scales,
)
from deepinit.stats.intervals import Estimate, bootstrap, mean_interval
from study.verdicts import LEVEL, Measurement, NotTested

_FEWEST_POPULATIONS = 10


def _logs(data: PaperData, ending: str, base: float, sampler: str) -> pd.DataFrame:
    """Return ln M_L/M_0, one row a replicate, one column a number of modules.

    Raises:
        NotTested: fewer than ten replicates, or fewer than 50 modules.
    """
    rows = data.rows("fig2a", ending=ending, base=base, sampler=sampler)
    logs = rows.pivot(index="replicate", columns="modules", values="log10_length") * np.log(10)
    if len(logs) < _FEWEST_POPULATIONS or logs.columns.max() < 50:
        raise NotTested(f"needs 50 modules and {_FEWEST_POPULATIONS} populations or more")
    return logs


def _ln_mean(logs: np.ndarray) -> float:
    return float(special.logsumexp(logs) - np.log(len(logs)))


def linear_mean(data: PaperData, base: float, sampler: str) -> Measurement:
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


def above_lower_bound(data: PaperData, base: float) -> Measurement:
    """E M_L over Π(1 + η²) for ReLU-ended modules at the greatest L, natural logarithm."""
    logs = _logs(data, "relu", base, "population")
    modules = int(logs.columns.max())
    bound = log_mean_growth_linear(module_scales(base, modules))[-1]
    return Measurement(bootstrap(logs[modules].to_numpy() - bound, _ln_mean, LEVEL), expected=0.0)


def below_upper_bound(data: PaperData, base: float) -> Measurement:
    """E M_L over Π(1 + η)² for ReLU-ended modules at the greatest L, natural logarithm."""
    logs = _logs(data, "relu", base, "population")
    modules, hidden = int(logs.columns.max()), data.settings["fig2a"]["hidden"]
    scales = module_scales(base, modules)
    bound, sharper = log_upper_bound(scales)[-1], log_upper_bound_relu(scales, hidden)[-1]
    value = bootstrap(logs[modules].to_numpy() - bound, _ln_mean, LEVEL)
    return Measurement(
        value, expected=0.0, note=f"the sharper bound derived here lies at {sharper - bound:.4g}"
    )


def growth_of_second_half(data: PaperData, ending: str, base: float) -> Measurement:
    """ln E M_L − ln E M_{L/2} against what Π(1 + η)² allows over the same modules.

    The estimates at L and L/2 come from the same populations.
    """
    logs = _logs(data, ending, base, "population")
    modules = int(logs.columns.max())
    half = int(logs.columns[logs.columns <= modules // 2].max())
    bound = log_upper_bound(module_scales(base, modules))
    both = logs[[half, modules]].to_numpy()
    estimate = bootstrap(both, lambda b: _ln_mean(b[:, 1]) - _ln_mean(b[:, 0]), LEVEL)
    return Measurement(
        estimate,
        expected=float(bound[-1] - bound[half - 1]),
        note=f"from L = {half} to {modules}; E M_L/M_0 = {np.exp(_ln_mean(both[:, 1])):.4g} at the end",
    )


def growth_rate(data: PaperData, ending: str) -> Measurement:
    """c in E M_L ~ exp(c L) of unscaled modules, over the second half of the depths."""
    logs = _logs(data, ending, 1.0, "population")
    modules = int(logs.columns.max())
    half = int(logs.columns[logs.columns <= modules // 2].max())
    both = logs[[half, modules]].to_numpy()
    rate = bootstrap(
        both, lambda b: (_ln_mean(b[:, 1]) - _ln_mean(b[:, 0])) / (modules - half), LEVEL
    )
    totals = []
    for base in data.settings["fig2a"]["bases"]:
        end = _ln_mean(_logs(data, ending, base, "population")[modules].to_numpy())
        totals.append(f"{end / module_scales(base, modules).sum():.3g} at b = {base:g}")
    return Measurement(
        Estimate(*rate),
        note="ln E M_L / Σ η over all modules: " + ", ".join(totals),
    )

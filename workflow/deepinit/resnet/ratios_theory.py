"""Residual networks at initialisation (Marion, Fermanian, Biau & Vert 2025).

The model is h_{k+1} = h_k + α V_{k+1} g(h_k, W_{k+1}), k = 0 … L−1, with scaling
α = L^{−β} and weights of variance 1/d; "res-3" is g = ReLU(W h). p_k is the gradient of the
loss with respect to h_k. Statements hold for outputs, ‖h_L‖/‖h_0‖, and gradients,
‖p_0‖/‖p_L‖, alike. The simulation is in `deepinit.resnet.ratios`.
"""

from dataclasses import dataclass

import numpy as np


def scaling_factor(depth: int, beta: float) -> float:
    """Return α_L = L^{−β}."""
    return float(depth) ** -beta


def log_mean_squared_growth(depth: int, beta: float) -> float:
    """Return log E[‖h_L‖²/‖h_0‖²] = L log(1 + α²/2) for res-3 with iid weights.

    Exact at any width: given h, V ReLU(W h) is symmetric, hence without cross term, and its
    squared length has mean ‖h‖²/2. Gradients have the same law: V 1[W h > 0] W has the law of
    V D W with D a diagonal of fair coins whatever h, and so does its transpose.
    E‖h_L − h_0‖²/‖h_0‖² is this growth minus one, the lower of the two bounds of the paper.
    """
    return depth * np.log1p(scaling_factor(depth, beta) ** 2 / 2)


def mean_squared_change_bounds(depth: int, beta: float) -> tuple[float, float]:
    """Return the paper's bounds (1 + α²/2)^L − 1 and (1 + α²)^L − 1 on E‖h_L − h_0‖²/‖h_0‖²."""
    upper = depth * np.log1p(scaling_factor(depth, beta) ** 2)
    return float(np.expm1(log_mean_squared_growth(depth, beta))), float(np.expm1(upper))


@dataclass(frozen=True)
class LogNormalLimit:
    """Law of ‖h_L‖/‖h_0‖ and of ‖p_0‖/‖p_L‖ for β = ½, L → ∞: log ~ N(mean, deviation²)."""

    mean: float
    deviation: float


def log_normal_limit(width: int) -> LogNormalLimit:
    """Return the limit at β = ½ for res-3 with iid weights: N(1/4 − 1/(2d), 1/(2d)).

    Derived here: one layer multiplies ‖h‖² by 1 + α² ‖u‖² χ²_d/(d ‖h‖²) + (cross term of
    variance 4 α² ‖u‖²/(d ‖h‖²)); ‖u‖²/‖h‖² has mean ½ and averages out over layers; summing
    L = 1/α² logarithms gives log ‖h_L‖²/‖h_0‖² a mean of ½ − ½ · 4 · ½/d = ½ − 1/d and a variance
    of 2/d.
    """
    return LogNormalLimit(mean=0.25 - 0.5 / width, deviation=float(np.sqrt(0.5 / width)))


def critical_beta(hurst: float) -> float:
    """Return max(½, H), the critical exponent for weights that are increments of fBm.

    Raises:
        ValueError: H is not in (0, 1).
    """
    if not 0 < hurst < 1:
        raise ValueError(f"a Hurst index lies between 0 and 1, not {hurst}")
    return max(0.5, hurst)

"""Residual networks with smooth weights, at first order in α (derived here).

Each entry of √d V_k, √d W_k is a centred stationary process in the layer index with variance one and
correlation ρ_{kk′} between layers k and k′; see `deepinit.resnet.smooth_weights` for the
simulation. With κ_1 and κ_0, the kernels of degree one and zero of `deepinit.meanfield.arc_cosine`, the
sums of `deepinit.resnet.fractional_weights_theory` are

    E‖h_L − h_0‖²/‖h_0‖² = α² Σ_{kk′} ρ κ_1(ρ)/2,
    E‖p_0 − p_L‖²/‖p_L‖² = α² Σ_{kk′} ρ (κ_1(ρ)/d + (1 − 1/d) ρ κ_0(ρ))/2,

at any width. For ρ = 0 between different layers both are L α²/2, as with iid weights. Smooth
weights make gradients move less than outputs, since ρ κ_0(ρ) < κ_1(ρ) for ρ < 1; with "increments"
it is the other way round, because ρ is mostly negative there. (The simulation divides increments by
their measured standard deviation, as the released code does, which adds a share of order 1/d²: 11 % at
d = 3.)

Both are exact up to a relative O((α L)²): the terms of second order in α are even in the V_k, those
of first order odd, so their product has mean zero. At β = 2, α L = 1/L; at β = 1, α L = 1 and
the formula is only a first approximation to what the limit (an ODE) does.

For h ← h + α ReLU(W h), the weight inside only, the same argument gives κ_1(ρ)/2 and
(κ_1(ρ)/d + (1 − 1/d) ρ κ_0(ρ))/2 in place of the summands, up to a relative O(α L); the latter
where p_L has independent symmetric entries.
"""

import numpy as np
from numpy.typing import NDArray

from deepinit.noise.smooth import kernel
from deepinit.resnet.fractional_weights_theory import first_order_sums
from deepinit.resnet.ratios_theory import scaling_factor


def layer_correlation(depth: int, weights: str = "process") -> NDArray[np.float64]:
    """Return ρ between all layers, shape (depth, depth).

    Args:
        weights: "process" f(k/L), k = 0 … L−1, or "increments" f((k+1)/L) − f(k/L), rescaled.

    Raises:
        ValueError: `weights` is neither.
    """
    if weights == "process":
        points = np.arange(depth) / depth
        return kernel(points, points)
    if weights != "increments":
        raise ValueError(f"smooth weights are 'process' or 'increments', not {weights!r}")
    points = np.arange(depth + 1) / depth
    covariance = np.diff(np.diff(kernel(points, points), axis=0), axis=1)
    return covariance / covariance[0, 0]


def first_order_mean_squares(
    depth: int, width: int, beta: float, *, weights: str = "process", inside: bool = False
) -> tuple[float, float]:
    """Return E‖h_L − h_0‖²/‖h_0‖² and E‖p_0 − p_L‖²/‖p_L‖² at first order in α.

    Args:
        weights: as in `layer_correlation`.
        inside: for h ← h + α ReLU(W h) instead of res-3.
    """
    output, gradient = first_order_sums(
        layer_correlation(depth, weights)[0], width, outer=not inside
    )
    alpha_squared = scaling_factor(depth, beta) ** 2
    return alpha_squared * output, alpha_squared * gradient

"""The paper's bounds in probability on ‖h_L − h_0‖²/‖h_0‖² (Marion et al. 2025).

Each holds with probability at least 1 − δ, and for gradients, ‖p_0 − p_L‖²/‖p_L‖², alike:

    Lα² ≤ 1:                                   ‖h_L − h_0‖²/‖h_0‖² ≤ 2 L α²/δ,
    β = ½, d and L large enough:   exp(3/8 − √(22/(dδ))) − 1 < ‖h_L − h_0‖²/‖h_0‖²
                                                       < exp(1 + √(10/(dδ))) + 1.

Figure 2 draws the second without −1 and +1, about ‖h_L‖²/‖h_0‖². The first is Markov's inequality
on the mean; the second is Chebyshev's on the logarithm, so that both are far from sharp. For
d, L → ∞ at β = ½ the squared change tends to e^{½} − 1 = .649, which is what the limits .455 and
3.72 of the second enclose. Its lower bound is above zero, and so says something, only for
dδ > 22/(3/8)² = 156.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from deepinit.resnet.ratios_theory import scaling_factor


def markov_bound(depth: int, beta: float, delta: ArrayLike) -> NDArray[np.float64]:
    """Return 2 L α²/δ.

    Raises:
        ValueError: L α² > 1, where the statement says nothing.
    """
    budget = depth * scaling_factor(depth, beta) ** 2
    if budget > 1 + 1e-9:
        raise ValueError(f"the bound needs L α² ≤ 1, not {budget:.3g}")
    return 2 * budget / np.asarray(delta, dtype=np.float64)


def norm_bounds(width: int, delta: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the bounds on ‖h_L‖²/‖h_0‖² as drawn in figure 2, both without ∓ 1."""
    budget = width * np.asarray(delta, dtype=np.float64)
    return np.exp(3 / 8 - np.sqrt(22 / budget)), np.exp(1 + np.sqrt(10 / budget))


def probability_bounds(width: int, delta: float) -> tuple[float, float]:
    """Return the bounds drawn in figure 2 on the ratio ‖h_L‖/‖h_0‖ itself, roots of `norm_bounds`.

    δ = ½ and d = 100 give the 0.87 and 2.06 of the figure.
    """
    lower, upper = norm_bounds(width, delta)
    return float(np.sqrt(lower)), float(np.sqrt(upper))


def change_bounds(width: int, delta: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the theorem's bounds on ‖h_L − h_0‖²/‖h_0‖² at β = ½."""
    lower, upper = norm_bounds(width, delta)
    return lower - 1, upper + 1

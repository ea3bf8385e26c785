"""Residual networks with the weight inside the activation, h ← h + α σ(W h) (derived here).

σ(z) = z for z > 0 and s z otherwise: ReLU (s = 0), leaky ReLU, identity (s = 1). W has
independent centred entries of variance 1/d, α = L^{−β}. The simulation is in
`deepinit.resnet.single_weight`.

*Drift.* Given h, the entries of W h are N(0, ‖h‖²/d) (Gaussian W, any h), so a layer adds on average

    E σ(W h) = δ ‖h‖/√d · (1, …, 1),   δ = (1 − s)/√(2π),      E‖σ(W h)‖² = γ ‖h‖²,   γ = (1 + s²)/2.

res-3, α V ReLU(W h), has no such drift, because V is symmetric; its γ is ReLU's, ½. With r = ‖h‖ and
m the part of h along (1, …, 1)/√d, in units of ‖h_0‖ and up to a relative O(1/d)

    m ← m + α δ r,   r² ← r² + 2 α δ m r + α² γ r²,   r = 1, m = 0 at the start,

and ‖h_L − h_0‖²/‖h_0‖² = r_L² − 1, because the drift is orthogonal to a random h_0. For L → ∞
(dm = δ r, dr = δ m, in time α k) r grows like cosh(δ L^{1−β}): with s < 1 the critical β is 1,
not ½, and at β = 1 the change stays at sinh δ = 0.41 for ReLU instead of vanishing. Gradients are
carried by the same matrices: p_0·h_0 = p_L·h_L exactly (Euler, σ homogeneous).

*No drift* (s = 1): the steps are uncorrelated and E‖h_L − h_0‖²/‖h_0‖² = (1 + α²)^L − 1 exactly at
any width.
"""

import math

from deepinit.resnet.ratios_theory import scaling_factor


def drift(slope: float) -> float:
    """Return δ = E σ(g) = (1 − s)/√(2π) for g ~ N(0, 1)."""
    return (1 - slope) / math.sqrt(2 * math.pi)


def log_mean_squared_change(depth: int, beta: float, slope: float) -> float:
    """Return log of ‖h_L − h_0‖²/‖h_0‖² for d → ∞; exact in the mean at any d for slope 1."""
    alpha, delta, gamma = scaling_factor(depth, beta), drift(slope), (1 + slope**2) / 2
    change, along, log_scale = 0.0, 0.0, 0.0
    # r² − 1 is followed instead of r², so that small changes keep their digits.
    for _ in range(depth):
        one = math.exp(-2 * log_scale)
        squared = one + change
        r = math.sqrt(squared)
        change += 2 * alpha * delta * along * r + alpha**2 * gamma * squared
        along += alpha * delta * r
        if change > 1e12:
            size = math.sqrt(change)
            change, along, log_scale = 1.0, along / size, log_scale + math.log(size)
    return math.log(change) + 2 * log_scale

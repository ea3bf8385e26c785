"""Residual networks with weights correlated between layers: the change to first order in α².

Derived here. Model res-3 with h_{k+1} = h_k + α V_{k+1} ReLU(W_{k+1} h_k), entries of √d V and
√d W independent, stationary in the layer index with covariance c(t): fractional noise
(`deepinit.noise.fractional`; Marion et al. 2025, Figure 7). To first order in α the vectors on the
right are h_0 and p_L. With ρ = c(t)/c(0), κ the degree-1 arc-cosine kernel and
q(t) = c(0) κ(ρ)/2 = E ReLU(z) ReLU(z′), a(t) = ¼ + arcsin(ρ)/(2π) = P(z, z′ > 0),

    E‖h_L − h_0‖²/‖h_0‖² = α² Σ_{j,k} c(j−k) q(j−k) + O(α⁴),
    E‖p_0 − p_L‖²/‖p_L‖² = α² Σ_{j,k} c(j−k) [(1 − 1/d) c(j−k) a(j−k) + q(j−k)/d] + O(α⁴).

Outputs: the rows of V are independent of u, so two layers contribute c(t) u_j·u_k. Gradients:
WᵀDVᵀp with D = diag(1[Wh > 0]); across h the rows of W are independent of D, along h they give
back u, one direction of d.

At H > ½ the sums grow as L^{2H} for outputs, but for gradients as L^{max(1, 4H−2)} and only the
share 1/d as L^{2H}: positive correlations of V alone do not add up, since Wᵀ turns each step into
a direction of its own. At finite depth gradients therefore change less than outputs, and their
contour lies lower; for L → ∞ both have the critical exponent max(½, H).
"""

import numpy as np
from numpy.typing import NDArray

from deepinit.meanfield.arc_cosine import arc_cosine_map


def first_order_sums(
    covariance: NDArray[np.float64], width: int, *, outer: bool = True
) -> tuple[float, float]:
    """Return E‖h_L − h_0‖²/(α² ‖h_0‖²) and E‖p_0 − p_L‖²/(α² ‖p_L‖²) for α → 0.

    Args:
        covariance: c(0) … c(L − 1) of the weights times √d, shape (L,).
        width: d.
        outer: whether there is V, whose covariance is a factor of each summand.
    """
    depth = len(covariance)
    correlation = np.clip(covariance / covariance[0], -1, 1)
    product = covariance[0] * arc_cosine_map(correlation) / 2
    both_on = 0.25 + np.arcsin(correlation) / (2 * np.pi)
    pairs = 2.0 * (depth - np.arange(depth))
    pairs[0] = depth
    if outer:
        pairs *= covariance
    gradient = (1 - 1 / width) * covariance * both_on + product / width
    return float(pairs @ product), float(pairs @ gradient)


def first_order_contour(covariance: NDArray[np.float64], width: int) -> tuple[float, float]:
    """Return the β at which the mean squared change is one, for outputs and for gradients.

    With the sum S of `first_order_sums` continued as E‖h_L − h_0‖²/‖h_0‖² ≈ exp(α² S) − 1, which is
    exact up to O(1/L) for independent layers (where S = L/2): α² S = log 2.

    Raises:
        ValueError: fewer than two layers, where α = 1 whatever β.
    """
    depth = len(covariance)
    if depth < 2:
        raise ValueError("the contour needs two layers or more")
    output, gradient = (
        0.5 * np.log(value / np.log(2)) / np.log(depth)
        for value in first_order_sums(covariance, width)
    )
    return float(output), float(gradient)

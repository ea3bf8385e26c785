"""Mean length in residual networks whose modules are scaled (Hanin & Rolnick 2018, Figure 2).

    x_l = x_{l−1} + η_l N_l(x_{l−1}),   l = 1 … L,   M_l = ‖x_l‖²/n,

with one hidden layer of width m in each module, W₁ of variance 2/n, no biases, and a module
that is *linear-ended*, N(x) = W₂ ReLU(W₁ x) with W₂ of variance 1/m, or *ReLU-ended*,
N(x) = ReLU(W₂ ReLU(W₁ x)) with W₂ of variance 2/m. Both have E‖N(x)‖² = ‖x‖², so that

    Π(1 + η²) ≤ E M_L/M_0 ≤ Π(1 + η)².

Gaussian weights, x_0 in a random direction. Given x, ‖ReLU(W₁ x)‖² = ‖x‖² (m/n) ρ² with
ρ² = (2/m) χ²_K, K ~ Binomial(m, ½), E ρ² = 1; W₂ then gives independent normal numbers g_i:

    linear-ended:  N_i = ‖x‖ ρ g_i/√n,       M_l/M_{l−1} = F,  the F independent over modules,
    ReLU-ended:    N_i = ‖x‖ ρ √(2/n) g_i⁺,  E[M_l | x] = (1 + η²) M + (2η/√π) E[ρ] A √M,

A the mean of the components of x. Linear-ended modules have no cross term, and attain the lower
bound. A ReLU-ended module pushes x towards the positive orthant, A² ≤ M, and its cross term is
positive from the second module on. The simulation is in `deepinit.resnet.scaled_modules`.
"""

import numpy as np
import scipy
from numpy.typing import ArrayLike, NDArray
from scipy import special


def module_scales(base: float, modules: int) -> NDArray[np.float64]:
    """Return η_l = b^l for l = 1 … L; b = 1 gives unscaled modules."""
    return float(base) ** np.arange(1, modules + 1)


def equal_scales(modules: int) -> NDArray[np.float64]:
    """Return η_l = 1/L for l = 1 … L (Taki 2017), so that Σ η = 1 at any L."""
    return np.full(modules, 1 / modules)


def mean_root_share(hidden: int) -> float:
    """Return E[ρ], ρ² = (2/m) χ²_K with K ~ Binomial(m, ½); 1 − 5/(8m) to first order in 1/m."""
    active = np.arange(1, hidden + 1)
    weight = scipy.stats.binom.pmf(active, hidden, 0.5)
    root = np.exp(special.gammaln((active + 1) / 2) - special.gammaln(active / 2))
    return float(weight @ root * 2 / np.sqrt(hidden))


def log_mean_growth_linear(scales: ArrayLike) -> NDArray[np.float64]:
    """Return log E[M_l/M_0] = Σ log(1 + η²) for linear-ended modules, after each module."""
    return np.cumsum(np.log1p(np.square(scales)))


def log_upper_bound(scales: ArrayLike) -> NDArray[np.float64]:
    """Return the upper bound Σ 2 log(1 + η) on log E[M_l/M_0], after each module."""
    return np.cumsum(2 * np.log1p(np.asarray(scales, dtype=np.float64)))


def log_upper_bound_relu(scales: ArrayLike, hidden: int) -> NDArray[np.float64]:
    """Return the sharper bound Σ log(1 + η² + (2/√π) E[ρ] η) for ReLU-ended modules.

    Derived here: the conditional mean above with A ≤ √M.
    """
    eta = np.asarray(scales, dtype=np.float64)
    return np.cumsum(np.log1p(eta**2 + 2 / np.sqrt(np.pi) * mean_root_share(hidden) * eta))


def log_second_moment_linear(scales: ArrayLike, width: int, hidden: int) -> NDArray[np.float64]:
    """Return log E[M_l²/M_0²] for linear-ended modules, after each module.

    Exact (derived here): F = 1 + 2η ρ g₁/√n + η² ρ² χ²_n/n, where χ²_n = Σ g², hence
    E F² = 1 + 2η² + 4η²/n + η⁴ (1 + 2/n)(1 + 5/m). The mean of a sample of N networks has the
    relative variance (E[M_L²]/E[M_L]² − 1)/N.
    """
    eta2 = np.square(np.asarray(scales, dtype=np.float64))
    fourth = (1 + 2 / width) * (1 + 5 / hidden)
    return np.cumsum(np.log1p(2 * eta2 + 4 * eta2 / width + eta2**2 * fourth))

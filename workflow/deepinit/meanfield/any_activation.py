"""Correlation map of any activation, infinite width, by a quadrature that minds kinks at zero.

C(c) = E φφ′(c)/E φφ′(1) as in `deepinit.meanfield.activation_kernels`. In polar coordinates, a = r cos θ and
b = r cos(θ − ω) with c = cos ω,

    E[φ(a) φ(b)] = (1/2π) ∫ r e^{−r²/2} ∫ φ(r cos θ) φ(r cos(θ − ω)) dθ dr,

and a and b change sign on four rays only. With Gauss–Legendre rules between them the error is below
10⁻¹⁰ for φ that are smooth on both sides of zero (ReLU, ELU, SELU, |z|, tanh, GELU), and of the order
10⁻⁴ where φ has kinks elsewhere (hard tanh).
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from deepinit.meanfield.activation_kernels import Function
from deepinit.meanfield.arc_cosine import iterate

_REACH = 9.0
_RADII, _ANGLES = (np.polynomial.legendre.leggauss(count) for count in (80, 60))


def _mean_product(function: Function, correlation: float) -> float:
    """Return E[φ(a) φ(b)].

    Raises:
        ValueError: the correlation lies outside [−1, 1].
    """
    if abs(correlation) > 1:
        raise ValueError("a correlation must lie in [-1, 1]")
    between = np.arccos(correlation)
    rays = np.sort(np.array([0.5, 1.5, 0.5, 1.5]) * np.pi + between * np.array([0, 0, 1, 1]))
    widths = np.diff(rays, append=rays[0] + 2 * np.pi)[:, None] / 2
    angle = (rays[:, None] + widths * (1 + _ANGLES[0])).ravel()
    radius = _REACH / 2 * (1 + _RADII[0])
    values = function(np.outer(radius, np.cos(angle)))
    values = values * function(np.outer(radius, np.cos(angle - between)))
    along = _REACH / 2 * _RADII[1] * radius * np.exp(-(radius**2) / 2)
    return float(along @ values @ (widths * _ANGLES[1]).ravel() / (2 * np.pi))


def activation_gain(function: Function) -> float:
    """Return g = 1/E φ(a)²: with weights of variance g/N the mean square σ² = 1 stays."""
    return 1 / _mean_product(function, 1.0)


def correlation_map(function: Function) -> Callable[[float], float]:
    """Return C, from the correlation of two inputs to that one layer later."""
    gain = activation_gain(function)
    return lambda correlation: gain * _mean_product(function, correlation)


def correlations(function: Function, depth: int, initial: float = 0.0) -> NDArray[np.float64]:
    """Return c_0 = `initial`, …, c_depth, shape (depth + 1,), of the infinitely wide network.

    c_l = m²/σ² is the share of the squared sample mean in the mean square, 0 for white-noise inputs;
    1 − c_l is that of the sample variance.

    Args:
        function: φ, of arrays of any shape.
    """
    return iterate(correlation_map(function), depth, initial)

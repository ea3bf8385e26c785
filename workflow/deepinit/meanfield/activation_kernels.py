"""Correlation maps of activation functions other than ReLU, infinite width (Luther & Seung 2019).

y_l = W_l φ(y_{l−1}) with W_ij ~ N(0, g/N). With (a, b) jointly normal, unit variances and
correlation c, let E φφ′(c) = E[φ(a) φ(b)]. The gain is chosen per activation, g = 1/E φ(a)², so
that σ² = 1 is a fixed point; started there, the correlation of two inputs obeys

    c_{l+1} = C(c_l),   C(c) = E φφ′(c) / E φφ′(1),   m² = c, v² = 1 − c.

Facts used here (derived here):

* Leaky ReLU of slope a is a x + (1 − a) ReLU(x); with E[x ReLU(y)] = c/2 and
  E[ReLU(x) ReLU(y)] = κ(c)/2, E φφ′(c) = a c + (1 − a)² κ(c)/2 and E φφ′(1) = (1 + a²)/2. Near c = 1,
  κ(1 − ε) = 1 − ε + (2√2/3π) ε^{3/2} + …, so C(1 − ε) = 1 − ε + k (2√2/3π) ε^{3/2} + … with
  k = (1 − a)²/(1 + a²), and dε/dl = −k (2√2/3π) ε^{3/2} gives 1 − c_l → 9π²/(2 k² l²): the decay
  is that of ReLU, slower by a factor of 1/k². At a = 1 (linear) nothing decays.
* ReLU less its mean, 1/√(2π), has E φφ′(c) = κ(c)/2 − 1/(2π), so C(c) = (κ(c) − 1/π)/(1 − 1/π) and
  C(0) = 0: white noise stays uncorrelated, and C′(0) = ½/(1 − 1/π) = 0.73 < 1 brings other inputs there
  too: it is the mean of ReLU that makes the sample variance decay. With q = σ²_l, σ²_{l+1} = g (q/2 −
  √q/π + 1/(2π)) = q + g (q − 1)²/(8π) + …: 1 is neutral, and what finite width moves above it grows.
* With φ = Σ_k α_k h_k in normalised Hermite polynomials, C(c) = Σ α_k² c^k / Σ α_k². An odd φ has
  odd powers only: C(0) = 0, white noise stays uncorrelated and its sample variance does not
  decay; and C(c) < c for 0 < c < 1 unless φ is linear, so that an initial correlation dies out,
  at last by the factor C′(0) = α_1²/Σ α_k² a layer.
* C is convex on [0, 1]; with C(0) > 0 it has a fixed point c* < 1 if and only if
  C′(1) = g E φ′(a)² > 1. The sample variance then settles at 1 − c* instead of decaying to zero.
* σ² = 1 is stable if dσ²_{l+1}/dσ²_l = g E[a φ(a) φ′(a)] < 1. It is 1 for leaky ReLU, which is
  homogeneous, below 1 for tanh and erf, and 1.144 for GELU: there σ² of a network of finite width
  leaves 1, exponentially in depth.

Here are the closed forms; C of any φ is in `deepinit.meanfield.any_activation`, and the simulation in
`deepinit.meanfield.sample_variance`, whose `step` and `gain` are φ and g.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import optimize, special

from deepinit.meanfield.arc_cosine import arc_cosine_map

Function = Callable[[NDArray[np.float64]], NDArray[np.float64]]

#: Smooth activations by name; GELU is x Φ(x).
SMOOTH: dict[str, Function] = {
    "tanh": np.tanh,
    "erf": special.erf,
    "gelu": lambda z: z * special.ndtr(z),
}
#: E ReLU(a), and g of ReLU less this mean.
RELU_MEAN = float(1 / np.sqrt(2 * np.pi))
CENTRED_RELU_GAIN = float(2 / (1 - 1 / np.pi))
_NEAR_ONE = 1 - 1e-6


def leaky_relu_gain(slope: float) -> float:
    """Return g = 2/(1 + a²)."""
    return 2 / (1 + slope**2)


def leaky_relu_map(correlation: ArrayLike, slope: float) -> NDArray[np.float64]:
    """Return C of leaky ReLU in closed form; slope 0 is ReLU."""
    c = np.asarray(correlation, dtype=np.float64)
    return (2 * slope * c + (1 - slope) ** 2 * arc_cosine_map(c)) / (1 + slope**2)


def centred_relu_map(correlation: ArrayLike) -> NDArray[np.float64]:
    """Return C of ReLU less its mean, (κ(c) − 1/π)/(1 − 1/π)."""
    return (arc_cosine_map(correlation) - 1 / np.pi) / (1 - 1 / np.pi)


def fixed_point(layer_map: Callable[[float], ArrayLike]) -> float:
    """Return the stable fixed point c* in [0, 1) of a map that has one.

    Raises:
        ValueError: C(c) > c up to c = 1 − 10⁻⁶: the only fixed point is 1.
    """

    def rise(c: float) -> float:
        return float(layer_map(c)) - c

    if rise(_NEAR_ONE) > 0:
        raise ValueError("layer_map has no fixed point below 1: C(c) > c up to c = 1 − 10⁻⁶")
    return float(optimize.brentq(rise, 0.0, _NEAR_ONE, xtol=1e-12))

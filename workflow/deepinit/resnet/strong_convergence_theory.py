"""How fast networks approach their limit at infinite depth (Marion et al. 2025).

iid weights, res-1, β = ½ (order ½). h_{k+1} = h_k + L^{−½} V_{k+1} ReLU(h_k) with V of N(0, 1/d)
entries is the Euler–Maruyama scheme with L steps of dH = d^{−½} dB ReLU(H) on [0, 1]. Derived here:
let X have L and Y have L′ steps on the same Brownian path B, L a divisor of L′. Within a step of
X its argument stands still while Y moves on, by increments that are independent of it. With
E ReLU(x)·ReLU(y) = ½ E x·y, which holds if (X, Y) and (−X, −Y) have the same law and no unit has
different signs in X and Y, E X·Y thus grows by the factor 1 + 1/(2L) a step of X, as E‖X‖² does,
so that Y − X is orthogonal to X and

    E‖Y − X‖²/‖h_0‖² = (1 + 1/(2L′))^{L′} − (1 + 1/(2L))^{L} = (√e/8) (1/L − 1/L′) + O(1/L²),

Against the limit (L′ → ∞) the root mean square is e^{1/4}/√(8L). The law is not quite symmetric, since
units that are on carry more noise: an error of order 1/d, half of the mean square at d = 4, 6 % at
d = 32. And signs do differ: for a unit x ~ N(0, m²) and y = x + η the true mean of ReLU(x) ReLU(y) is
higher than xy/2 by E|η|³/(12 √(2π) m). η is the error so far and what Y has moved within the step, of
variance m² (t/8 + τ/2)/L at time t and a fraction τ of the step. Summed over t and τ this takes

    (√e/(3π)) I L^{−3/2},    I = ∫∫ (t/8 + τ/2)^{3/2} dt dτ = 0.1900…

off the mean square: a share of 0.081/√L of the root, 1 % at L = 65.

The reference's own error. To leading order the error of X is a sum of double Itô integrals over
pairs of times r < s in the same step of X, and that of Y over those in the same step of Y. Steps of Y
lie within steps of X, so that Y − X collects the pairs in one step of X and two of Y. Integrals over
disjoint sets are orthogonal: E‖X − H‖² = E‖X − Y‖² + E‖Y − H‖², hence 1/L − 1/L′ above.

Smooth weights, α = 1/L (order 1). The network is Euler's scheme of the differential equation
dH = V(t) ReLU(W(t) H) dt, its error c/L + O(1/L²) with c a vector that does not depend on L. Against a
reference of L′ steps it is c (1/L − 1/L′).

The simulation is in `deepinit.resnet.strong_convergence`.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

# The double integral I, by ∫_0^1 (t/8 + τ/2)^{3/2} dτ = (4/5) [(t/8 + ½)^{5/2} − (t/8)^{5/2}].
_SIGNS = (4 / 5) * (16 / 7) * ((5 / 8) ** 3.5 - (1 / 2) ** 3.5 - (1 / 8) ** 3.5)

#: Power of 1/L − 1/L′ in the mean-square error.
ORDERS = {"independent": 1.0, "smooth": 2.0}


def mean_square_error(depth: ArrayLike, reference: int | None = None) -> NDArray[np.float64]:
    """Return E‖h_L − h_{L′}‖²/‖h_0‖² on the same Brownian path, res-1, β = ½; shape of `depth`.

    Args:
        depth: L.
        reference: L′, a multiple of L; None means the limit, E‖h_L − H‖²/‖h_0‖².

    For d → ∞, units of different signs included (for L ≪ L′).
    """
    depth = np.asarray(depth, dtype=np.float64)
    growth = 0.5 if reference is None else reference * np.log1p(0.5 / reference)
    own = depth * np.log1p(0.5 / depth)
    finest = 0.0 if reference is None else reference**-1.5
    signs = np.exp(0.5) / (3 * np.pi) * _SIGNS * (depth**-1.5 - finest)
    return np.exp(own) * np.expm1(growth - own) - signs


def limit_correction(depth: ArrayLike, reference: int, law: str) -> NDArray[np.float64]:
    """Return the factor that turns a distance to the reference into one to the limit.

    √((1/L)^p / (1/L − 1/L′)^p) with p = 1 for "independent" weights and 2 for "smooth" ones, by
    the argument above; shape of `depth`.
    """
    depth = np.asarray(depth, dtype=np.float64)
    return (1 - depth / reference) ** (-0.5 * ORDERS[law])

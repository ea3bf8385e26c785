"""Sample variance of infinitely wide ReLU networks (Luther & Seung 2019).

Let y_l be the pre-activations of layer l of y_l = W_l ReLU(y_{l−1}), W_ij ~ N(0, 2/N). With
⟨·⟩ the mean over input samples of one network and ⟪·⟫ the mean over networks,

    m²_l = ⟪⟨y_l⟩²⟫,   v²_l = ⟪⟨y_l²⟩ − ⟨y_l⟩²⟫,   σ²_l = m²_l + v²_l.

In the limit N → ∞ the correlation of an independent pair of inputs, c = m²/σ², obeys

    c_{l+1} = κ(c_l),   κ(c) = (√(1 − c²) + (π − arccos c) c) / π,

the arc-cosine kernel of degree one (Cho & Saul 2009; those of degrees zero and two stand here
too), with c_0 = 0 for white-noise inputs ("layer 0" is the first pre-activation). The author's
post prints c² = m²/σ²; only c = m²/σ² is consistent with this map. The simulation is in
`deepinit.meanfield.sample_variance`.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray


def arc_cosine_map(correlation: ArrayLike) -> NDArray[np.float64]:
    """Return κ(c), the correlation one layer later; same shape as `correlation`.

    For jointly normal (a, b) of unit variance and correlation c,
    κ(c) = 2 E[ReLU(a) ReLU(b)].

    Raises:
        ValueError: a correlation lies outside [−1, 1].
    """
    c = np.asarray(correlation, dtype=np.float64)
    if np.any(np.abs(c) > 1):
        raise ValueError("a correlation must lie in [-1, 1]")
    return (np.sqrt((1 - c) * (1 + c)) + (np.pi - np.arccos(c)) * c) / np.pi


def both_on_map(correlation: ArrayLike) -> NDArray[np.float64]:
    """Return κ_0(c) = 1 − arccos(c)/π, twice the probability that both units are on.

    The kernel of degree zero, for (a, b) as in `arc_cosine_map`.

    Raises:
        ValueError: a correlation lies outside [−1, 1].
    """
    c = np.asarray(correlation, dtype=np.float64)
    if np.any(np.abs(c) > 1):
        raise ValueError("a correlation must lie in [-1, 1]")
    return 1 - np.arccos(c) / np.pi


def squared_relu_kernel(correlation: ArrayLike) -> NDArray[np.float64]:
    """Return h(c) = 4 E[ReLU(a)² ReLU(b)²], the kernel of degree two: h(0) = 1, h(1) = 6.

    h(cos θ) = (2/π) (3 sin θ cos θ + (π − θ)(1 + 2 cos² θ)), for (a, b) as in `arc_cosine_map`.
    Correlations are clipped to [−1, 1].
    """
    c = np.clip(np.asarray(correlation, dtype=np.float64), -1, 1)
    angle = np.arccos(c)
    return (2 / np.pi) * (3 * np.sin(angle) * c + (np.pi - angle) * (1 + 2 * c**2))


def iterate(
    layer_map: Callable[[float], ArrayLike], depth: int, initial: float = 0.0
) -> NDArray[np.float64]:
    """Return c_0 = `initial`, …, c_depth, shape (depth + 1,), of c ↦ `layer_map`(c)."""
    correlations = np.empty(depth + 1)
    correlations[0] = initial
    for layer in range(depth):
        # Quadrature may pass 1 by a rounding error.
        correlations[layer + 1] = np.clip(layer_map(correlations[layer]), -1, 1)
    return correlations


def correlation_by_layer(depth: int, initial: float = 0.0) -> NDArray[np.float64]:
    """Return c_0 … c_depth, shape (depth + 1,), of the infinitely wide network.

    1 − c_l approaches 9π²/(2 l²) from below, slowly: l²(1 − c_l) is 30.35 at l = 50 and 43.13
    at l = 1000 (limit 44.413).
    """
    return iterate(arc_cosine_map, depth, initial)


def mean_and_standard_deviation(
    correlation: ArrayLike,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return (m, v) = (√c, √(1 − c)) at unit total variance σ = 1."""
    c = np.asarray(correlation, dtype=np.float64)
    return np.sqrt(c), np.sqrt(1 - c)

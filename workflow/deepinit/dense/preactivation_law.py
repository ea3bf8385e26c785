"""Law of one pre-activation over networks, at finite width (Luther & Seung 2019, histograms).

Layers are counted y_l = W_l x_{l−1}, x_0 the input: layer 1 is the first pre-activation. With
Gaussian weights of variance 2/N and one input x, given the layer below y_l is normal with variance
M_{l−1}, so over networks (derived here)

    y_l = √M_{l−1} z,   M_{l−1} = (2/N)‖x‖² Π_{j=1…l−1} F_j,   F_j = (2/N) χ²_K, K ~ Binomial(N, ½),

a scale mixture of normals; where all units of a layer below are off, y_l is 0. For N → ∞ every F_j is 1
and y_l ~ N(0, 1) in every layer. At finite width its variance is still that of layer 1, but its kurtosis
is 3 (1 + 5/N)^{l−1}: more mass near zero and in the tails. The units of one network are, given the layer
below, independent N(0, M_{l−1}). The simulation is `deepinit.dense.preactivations`.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from deepinit.dense.length_law import log_length_law
from deepinit.dense.length_moments import dead_probability


def preactivation_cdf(value: ArrayLike, width: int, layer: int) -> NDArray[np.float64]:
    """Return P(y_l ≤ value) over networks, one input; same shape as `value`.

    Args:
        value: in units of the standard deviation of the first pre-activation, √((2/N)‖x‖²).
        width: N.
        layer: l ≥ 1.

    Raises:
        ValueError: layer or width below 1.
    """
    if layer < 1 or width < 1:
        raise ValueError(f"layer and width are counted from 1, not {layer} and {width}")
    scaled = np.asarray(value, dtype=np.float64)
    if layer == 1:
        return special.ndtr(scaled)
    law = log_length_law([width] * (layer - 1))
    weight = np.maximum(law.density, 0)
    kept = weight > 1e-12 * weight.max()
    weight = weight[kept] / weight[kept].sum()
    alive = special.ndtr(scaled[..., None] * np.exp(-law.values[kept] / 2)) @ weight
    dead = dead_probability([width] * (layer - 1))
    return (1 - dead) * alive + dead * (scaled >= 0)

"""Total variance σ² = m² + v² of finite ReLU networks with many inputs (Luther & Seung 2019).

Let q(t) = mean_i y_i(t)² be the mean square of layer l for input t. With the estimators of
`deepinit.meanfield.sample_variance`, m² + v² = mean_t q(t) exactly, for any number T of inputs: σ² is
an average of T numbers of one law, which depend on one another through the weights.

*One input.* For white-noise inputs N(0, I)/√2 and Gaussian weights the layers are independent
factors (derived here, as in `deepinit.dense.length_moments`):

    q_l = (χ²_N/N) · Π_{j=1…l} (2/N) χ²_{K_j} · (χ²_N/N),   K_j ~ Binomial(N, ½),

from the input's length, the l ReLU layers below and layer l itself. So E q_l = 1 at any width, and
log q_l has mean l E log F + 2 E log(χ²_N/N), about −5l/(2N): the typical network shrinks.

*Many inputs* (derived here). E σ² = 1 exactly. By Jensen E log q ≤ E log σ² ≤ 0: a network with many
inputs shrinks too, but less. Two inputs of correlation c pass the same weights: the covariance of
their factors is g(c)/N with

    g(c) = 4 E[ReLU(a)² ReLU(b)²] − 1 = (2/π)(3 s c + (π − arccos c)(1 + 2c²)) − 1,   s = √(1 − c²)

(the arc-cosine kernel of degree two), g(0) = 0 and g(1) = 5. To first order in 1/N,

    Var σ²_l = (1/N) [(1/T)(5l + 4) + (1 − 1/T)(Σ_{j<l} g(c_j) + 2c_l²)],   E log σ²_l = −½ Var σ²_l.

As c_j → 1 all inputs share one fate: the sum grows by 5 a layer, as for one input, and lags behind 5l by
Σ (5 − g(c_j)), which converges. The simulation is in `deepinit.meanfield.sample_variance`.
"""

import numpy as np
import scipy
from numpy.typing import ArrayLike, NDArray
from scipy import special

from deepinit.dense.length_law import log_length_law
from deepinit.dense.length_moments import log_factor_moments
from deepinit.meanfield.arc_cosine import correlation_by_layer, squared_relu_kernel

#: The greatest width of `one_input_log_density`.
WIDEST = 3000


def pair_growth(correlation: ArrayLike) -> NDArray[np.float64]:
    """Return g(c), N times the covariance of the factors of two inputs in one layer."""
    return squared_relu_kernel(correlation) - 1


def first_order_variance(layers: int, samples: int | None) -> NDArray[np.float64]:
    """Return N Var σ²_l for l = 0 … layers − 1 as N → ∞; `samples` None means T → ∞."""
    correlations = correlation_by_layer(layers - 1)
    layer = np.arange(layers)
    pairs = np.concatenate([[0], np.cumsum(pair_growth(correlations))[:-1]]) + 2 * correlations**2
    share = 0 if samples is None else 1 / samples
    return share * (5 * layer + 4) + (1 - share) * pairs


def one_input_log_mean(width: int, layers: int) -> NDArray[np.float64]:
    """Return E log q_l for l = 0 … layers − 1, one input, network alive, exact."""
    log_chi_squared = special.digamma(width / 2) - np.log(width / 2)
    return np.arange(layers) * log_factor_moments(width)[0] + 2 * log_chi_squared


def one_input_log_density(
    width: int, layer: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return a grid and the density of log q_l on it, one input, layer ≥ 1, network alive.

    The law of the l ReLU layers, convolved on its grid with that of log(χ²_N/N) twice. The grid
    has to resolve the latter, whose sd is √(2/N): its spacing stays below 0.8 sd up to
    `WIDEST` and 50 layers.

    Raises:
        ValueError: layer 0, or a width beyond `WIDEST`.
    """
    if layer < 1:
        raise ValueError("layer 0 has no ReLU layer below it")
    if width > WIDEST:
        raise ValueError(f"the law's grid is too coarse for width {width}, beyond {WIDEST}")
    law = log_length_law([width] * layer)
    spacing = law.values[1] - law.values[0]
    # As far as the lower tail reaches, which falls like e^{Ny/2}: twelve sd, or more below N = 13.
    steps = int(np.ceil(max(12 * np.sqrt(2 / width), 60 / width) / spacing))
    offsets = spacing * np.arange(-steps, steps + 1)
    kernel = scipy.stats.loggamma.pdf(offsets + np.log(width / 2), width / 2) * spacing
    density = law.density
    for _ in range(2):
        density = scipy.signal.fftconvolve(density, kernel, mode="same")
    return law.values, np.maximum(density, 0)

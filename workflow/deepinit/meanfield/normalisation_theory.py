"""Sample mean and variance with normalisation before every ReLU (Luther & Seung 2019).

x_l = ReLU(n(y_l)), y_{l+1} = W_{l+1} x_l, W_ij ~ N(0, 2/N); m² and v² are those of y, before it is
normalised. Infinite width; derived here.

Batch normalisation, n(y)_i(t) = (y_i(t) − ȳ_i)/s_i over the T inputs t of a batch (s_i² with T in
the denominator). At infinite width the units y_i(·) of a layer are independent normal vectors
whose covariance is, by symmetry, v² I + m² 11ᵀ. So n(y)_i is uniform on the sphere of radius √T in
the (T − 1)-dimensional space of centred vectors: a normal vector u in that space, of variance
1 − 1/T and correlation −1/(T − 1), brought to its length. Both ReLU(u_s) ReLU(u_t) and ‖u‖² are
homogeneous of degree two and direction and length of u are independent, so the mean over the
sphere is the normal one times T/(T − 1), and for every T

    σ² = 1,   m² = 2 E ReLU ReLU = κ(−1/(T − 1)),   v² = 1 − m²

from the second layer on, with κ of `deepinit.meanfield.arc_cosine` (m² is the mean over pairs of
different inputs, which the estimator of `deepinit.meanfield.sample_variance` estimates without
bias). For T → ∞, m² = 1/π − 1/(2(T − 1)) + O(T⁻²): 1/π and 1 − 1/π. The decay starts again in every
layer, because normalisation takes the mean away.

Two statements at any width and any batch. The mean of σ² is 1, since a unit and its negative have the
same law, and given the layer below it is less than 2: no heavy tail. And as Σ_t u_t = 0,
Σ_t ReLU(u_t) = ½ Σ_t |u_t|, so that ⟪⟨y⟩²⟫ = ½ E(mean_t |u_t|)² ≤ ½ by Jensen: whatever the law of
u, at least half of σ² is sample variance.

Finite width changes m² all the same, because batch normalisation does not hold the sizes
q(t) = mean_i n(y)_i(t)² of the inputs relative to one another. One input of size q in a large batch of
inputs of size 1 has, after ReLU and W, the variance q, the covariance √q/π with the others and they
1/π among themselves; centred over the batch and divided by v²,

    q → (q − 2√q/π + 1/π)/(1 − 1/π).

q = 1 is a fixed point of slope 1: nothing restores it. A layer of N units gives q as their average of
2 (ReLU(a) − μ)²/(1 − 1/π), a standard normal, μ = 1/√(2π), so that it adds a variance of V/N with

    V = 4 (3/2 − 5μ² − 3μ⁴)/(1 − 1/π)² − 1 = 4.41,

beside the 2/N of the inputs' own lengths: sizes walk at random, Var q_l = (2 + V l)/N. And as
m² = (E √q)²/π, which is (1 − ¼ Var q)/π to first order,

    m²_l = (1 − (2 + V (l − 1))/(4N))/π.

This holds for a large batch, a wide net and few layers. A small batch restores sizes, for an input has
its own share in every s: simulated, T from 8 to 32, m² stops falling once it has lost about T/(6N) of
itself. It falls further in large batches: for q above 1 the slope exceeds 1, up to π/(π − 1), and an input
that has become large by chance, likelier in a large batch, goes on growing until its own share in s², q/T,
ends it. With T = 128 at N = 1000, m² is 7 % lower in layer 50 and 15 % in layer 80.

Layer normalisation, n(y)_i(t) = (y_i(t) − mean_j y_j(t))/sd_j y_j(t) over the N units of one input.
For N → ∞ the y_j(t) of one input are independent N(0, σ²) with σ² = 1, so their mean is 0 and
their sd is 1 up to O(N^{−1/2}): normalisation is the identity, the map stays c → κ(c) and v² decays
as without it. What it does remove is the scatter of σ² between networks of finite width.
"""

import numpy as np

from deepinit.meanfield.arc_cosine import arc_cosine_map


def batch_norm_squared_mean(batch: int | None = None) -> float:
    """Return m² from the second layer on, κ(−1/(T − 1)); 1/π if `batch` is None (T → ∞).

    Raises:
        ValueError: a batch of fewer than two inputs.
    """
    if batch is not None and batch < 2:
        raise ValueError("batch normalisation needs two inputs or more")
    return float(arc_cosine_map(0.0 if batch is None else -1 / (batch - 1)))


def batch_norm_variance(batch: int | None = None) -> float:
    """Return v² = 1 − m² from the second layer on."""
    return 1 - batch_norm_squared_mean(batch)


def batch_norm_drift(layer: int, width: int) -> float:
    """Return what share of m² finite width takes in a layer ≥ 1, to first order in 1/N, for a large batch.

    (2 + V (l − 1))/(4N) above. Finite batches lose less as long as it is small.
    """
    squared = 1 / (2 * np.pi)
    fourth = 1.5 - 5 * squared - 3 * squared**2
    return float((2 + (4 * fourth / batch_norm_variance() ** 2 - 1) * (layer - 1)) / (4 * width))

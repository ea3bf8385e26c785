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
bias). For T → ∞, m² = 1/π − 1/(2(T − 1)) + O(T⁻²): 1/π and 1 − 1/π. The decay starts anew in every
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

q = 1 is a fixed point of slope 1: nothing restores it, and as every layer multiplies q by 1 + ξ/√N,
Var ξ = 5, sizes walk at random, with a variance of order 5l/N. Above 1 the slope exceeds 1, up to
π/(π − 1): an input that has become large goes on growing, until its own share in s², q/T, ends it. With
unequal sizes mean_t |u_t| is smaller: m² falls with depth by 5l/(4N) of itself in order of magnitude
while 5l/N is small, and faster in large batches, which are likelier to have such an input.

Layer normalisation, n(y)_i(t) = (y_i(t) − mean_j y_j(t))/sd_j y_j(t) over the N units of one input.
For N → ∞ the y_j(t) of one input are independent N(0, σ²) with σ² = 1, so their mean is 0 and
their sd is 1 up to O(N^{−1/2}): normalisation is the identity, the map stays c → κ(c) and v² decays
as without it. What it does remove is the scatter of σ² between networks of finite width.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

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


def relative_size_map(size: ArrayLike) -> NDArray[np.float64]:
    """Return the size of one input relative to a large batch one layer later, N → ∞.

    Args:
        size: q ≥ 0, its mean square over units after normalisation; the others' is 1.
    """
    q = np.asarray(size, dtype=np.float64)
    mean = batch_norm_squared_mean()
    return (q - 2 * mean * np.sqrt(q) + mean) / (1 - mean)

"""Size and correlation of gradients, layer by layer (after Luther & Seung 2019).

Let z_l be the input of the ReLU of layer l and δ_l = ∂loss/∂z_l for T inputs. In the plain net
z = y = W x; with batch normalisation z = n(y); a *sample-initialised* net has z = w x + b with
w_i = W_i/s_i, b_i = −μ_i/s_i set from the same batch: its forward pass is that of batch
normalisation, but μ and s are constants. Backwards, with D = 1[z > 0],

    plain                 δ_l = D_l W_{l+1}ᵀ δ_{l+1}
    sample init           δ_l = D_l W_{l+1}ᵀ (δ_{l+1}/s_{l+1})
    batch normalisation   δ_l = D_l W_{l+1}ᵀ P(δ_{l+1})/s_{l+1},
                          P δ = δ − mean_t δ − z mean_t(z δ), the projection orthogonal to 1 and z.

Infinite width, T inputs that are white noise; derived here. Backward weights count as independent
of the forward ones (as is exact at infinite width).

*Size.* Plain: E δ_l² = ½ · 2 · E δ²_{l+1}, flat. Sample init: s_i² is v² χ²_{T−1}/T with v² of
`deepinit.meanfield.normalisation_theory`, independent of the direction of n(y), and E 1/χ²_{T−1} = 1/(T − 3):

    E δ_l²/E δ²_{l+1} = T/((T − 3) v²)  →  π/(π − 1).

Batch normalisation: P removes two of T dimensions. In the interior of the net the rows of W ᵀP δ
have covariance ∝ (1 − ρ) I + ρ 11ᵀ with ρ = −1/(T − 1), being centred, and

    E δ_l²/E δ²_{l+1} = T/((T − 3) v²) · (2/T) ((1 − ρ) E tr PD + ρ E 1ᵀDPD1),
    E tr PD = T/2 − 1,   1ᵀDPD1 = K − K²/T − S²/T,   K = Σ_t D_t,   S = Σ_t ReLU(n(y)_t).

With r = −1/(T − 1), E K² = T/2 + T(T − 1)(¼ + arcsin(r)/(2π)), and as S = ½ Σ|n(y)_t|,
E S² = ¼ (T + T(T − 1) (2/π)(√(1 − r²) + r arcsin r)). For T → ∞ this is π/(π − 1) again: what
batch normalisation costs is the division by s, which sample initialisation does as well; the
statistics' own terms matter at order 1/T, and in the last layer, if its gradient is the same for all
inputs.

*Correlation.* Let the output gradient be the same for all inputs. The correlation ρ of the
gradients of two inputs obeys, backwards,

    ρ_l = κ_0(c_l) ρ_{l+1},   κ_0(c) = 2 P(both on) = 1 − arccos(c)/π,

with c_l the correlation of their pre-activations (κ_0: arc-cosine kernel of degree zero). The
sample mean of the gradient, √ρ of its size, decays on the way back while that of the activations
grows on the way there. In the plain net 1 − c_l ~ 9π²/(2l²), so κ_0(c_l) ~ 1 − 3/l and ρ_l falls
like (l/L)³. In a sample-initialised net c_l = 0: ρ halves in every layer.

The simulation is in `deepinit.meanfield.gradients`.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from deepinit.meanfield.arc_cosine import both_on_map
from deepinit.meanfield.normalisation_theory import batch_norm_variance


def gradient_correlation(correlations: ArrayLike) -> NDArray[np.float64]:
    """Return ρ_l of ∂loss/∂z_l for every layer, the output gradient being that of all inputs.

    Args:
        correlations: c_0 … c_{L−1} of the inputs of the ReLUs, shape (L,); the output gradient
            is imposed on W_L x_{L−1}, where ρ = 1.

    Returns:
        ρ_0 … ρ_{L−1}, shape (L,): ρ_l = Π_{j ≥ l} κ_0(c_j).
    """
    return np.cumprod(both_on_map(correlations)[::-1])[::-1]


def sample_init_growth(batch: int | None = None) -> float:
    """Return E δ_l²/E δ²_{l+1} of a sample-initialised net; T → ∞ if `batch` is None.

    Raises:
        ValueError: fewer than four inputs, where the mean is infinite.
    """
    if batch is None:
        return 1 / batch_norm_variance()
    if batch < 4:
        raise ValueError("with fewer than four inputs the mean squared gradient is infinite")
    return batch / ((batch - 3) * batch_norm_variance(batch))


def batch_norm_growth(batch: int | None = None) -> float:
    """Return E δ_l²/E δ²_{l+1} with batch normalisation, interior layers; T → ∞ if None.

    Raises:
        ValueError: fewer than four inputs.
    """
    growth = sample_init_growth(batch)
    if batch is None:
        return growth
    t = batch
    r = -1 / (t - 1)
    on = t / 2
    on_squared = on + t * (t - 1) * (0.25 + np.arcsin(r) / (2 * np.pi))
    rectified_squared = (t + t * (t - 1) * (2 / np.pi) * (np.sqrt(1 - r**2) + r * np.arcsin(r))) / 4
    together = on - on_squared / t - rectified_squared / t
    kept = (2 / t) * ((1 - r) * (t / 2 - 1) + r * together)
    return float(growth * kept)

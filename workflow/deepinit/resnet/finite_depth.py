"""How the law of the ratios at β = ½ approaches its log-normal limit, res-3 with Gaussian iid weights.

Derived here. One layer multiplies ‖h‖² by an independent factor F = 1 + X, α² = 1/L,

    X = 2 α s g + α² s² Q,    s² = q/d,    q = χ²_K/d with K ~ Binomial(d, ½),

Q = g² + χ²_{d−1} the squared length of V u/s and g its component along h. With E q = ½,
E q² = (1 + 5/d)/4, E Q² = d² + 2d, E g² Q = d + 2, the expansions of log F, (log F)², (log F)³ to
order α⁴ give the cumulants of log ‖h_L‖/‖h_0‖ = ½ Σ log F: with c = (1 + 5/d)/4,

    mean      1/4 − 1/(2d) + (c/(2L)) [4(d + 2)/d² − 12/d² − (1 + 2/d)/2] + O(1/L²),
    variance  1/(2d) − (1 + 34/d − 100/d²)/(16 d L) + O(1/L²),
    third     9 (1 − 20/(3d))/(8 d² L) + O(1/L²).

‖p_0‖/‖p_L‖ has the same law (`deepinit.resnet.ratios_theory`). The two ratios of one network are nearly
independent: their logarithms have the correlation 3/(2d), to leading order in 1/d and for
L → ∞. The product h_k·p_k = C is the same in all layers, and given the forward pass the mean of
p·WᵀDVᵀp is (p·y)(p·h)/‖h‖² with α y = h_{k+1} − h_k (`deepinit.resnet.ratios_without_weights`). Hence the
mean of log ‖p_0‖/‖p_L‖ given the forward pass moves with Σ_k (C²/(‖h_k‖²‖p_k‖²)) α y·h_{k+1}/‖h_k‖². Averaged
over p_L, C² is ‖h_L‖²‖p_L‖²/d. With v the variance of log ‖h_L‖/‖h_0‖, the factor y·h_{k+1} has the
covariance v/d with it, and the factor ‖h_L‖²/‖h_k‖², at the drift α E y·h_{k+1}/‖h_k‖² = 1/(2L), gives
∫ 2(1 − t) v/(2d) dt = v/(2d) more.
"""

from dataclasses import dataclass

import numpy as np

from deepinit.resnet.ratios_theory import log_normal_limit


@dataclass(frozen=True)
class LogRatioCumulants:
    """First three cumulants of log ‖h_L‖/‖h_0‖."""

    mean: float
    variance: float
    third: float

    @property
    def skewness(self) -> float:
        """Third cumulant over variance^{3/2}."""
        return self.third / self.variance**1.5


def log_ratio_cumulants(depth: int, width: int) -> LogRatioCumulants:
    """Return the cumulants at β = ½ to first order in 1/L; d = `width`, L = `depth`."""
    d = width
    limit = log_normal_limit(d)
    square = (1 + 5 / d) / 4
    mean = square / 2 * (4 * (d + 2) / d**2 - 12 / d**2 - (1 + 2 / d) / 2)
    variance = -(1 + 34 / d - 100 / d**2) / (16 * d)
    third = 9 * (1 - 20 / (3 * d)) / (8 * d**2)
    return LogRatioCumulants(
        limit.mean + mean / depth, limit.deviation**2 + variance / depth, third / depth
    )


def distance_to_limit(depth: int, width: int) -> float:
    """Return the Kolmogorov distance of log ‖h_L‖/‖h_0‖ from its normal limit, to order 1/L.

    First Edgeworth term: with the mean off by μ limit deviations, the variance by the factor
    1 + ε and the skewness γ, the distribution function is off by φ(x) (μ + ε x/2 + γ (x² − 1)/6).
    """
    limit, cumulants = log_normal_limit(width), log_ratio_cumulants(depth, width)
    shift = (cumulants.mean - limit.mean) / limit.deviation
    excess = cumulants.variance / limit.deviation**2 - 1
    x = np.linspace(-6, 6, 2401)
    off = shift + excess * x / 2 + cumulants.skewness * (x**2 - 1) / 6
    return float(np.abs(np.exp(-(x**2) / 2) / np.sqrt(2 * np.pi) * off).max())


def correlation_of_ratios(width: int) -> float:
    """Return the correlation 3/(2d) of log ‖h_L‖/‖h_0‖ and log ‖p_0‖/‖p_L‖, to leading order in 1/d."""
    return 1.5 / width

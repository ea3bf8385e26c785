"""Distributions of independent initial weights (hanin2018, Figure 1), without biases.

A ReLU layer whose weights are symmetric with variance v multiplies the mean squared length
‖a‖²/n of its input by κ = v · fan-in / 2 on average, exactly and at any width (hanin2018; derived
here: w·a and −w·a have the same law, so E ReLU(w·a)² = E (w·a)²/2 = v‖a‖²/2). κ = 1 keeps the
length, any other κ makes it grow or decay exponentially in depth. Orthogonal weights are not
independent, but the law of each row is symmetric and uncorrelated, which is all that is used.
"""

from dataclasses import dataclass
from math import erf, exp, pi, sqrt
from typing import Literal

TRUNCATION = 2.0
INSIDE_TRUNCATION = erf(TRUNCATION / sqrt(2))
_DENSITY_AT_EDGE = exp(-(TRUNCATION**2) / 2) / sqrt(2 * pi)
#: Variance of a standard normal number kept only within ±2: 1 − 2·2φ(2)/P(|z| < 2).
TRUNCATED_VARIANCE = 1 - 2 * TRUNCATION * _DENSITY_AT_EDGE / INSIDE_TRUNCATION
#: Its fourth moment: 3·variance − 2·2³φ(2)/P(|z| < 2) (integration by parts).
_TRUNCATED_FOURTH = (
    3 * TRUNCATED_VARIANCE - 2 * TRUNCATION**3 * _DENSITY_AT_EDGE / INSIDE_TRUNCATION
)

#: Variance of each shape before scaling, as `deepinit.weights` draws it; an orthogonal matrix
#: has entries of variance 1/max(fan_out, fan_in).
DRAWN_VARIANCE = {"normal": 1.0, "truncated normal": TRUNCATED_VARIANCE, "uniform": 1 / 3}
_KURTOSIS = {
    "normal": 3.0,
    "truncated normal": _TRUNCATED_FOURTH / TRUNCATED_VARIANCE**2,
    "uniform": 9 / 5,
}


@dataclass(frozen=True)
class WeightLaw:
    """A law of initial weights, symmetric about zero.

    Attributes:
        name: key in `WEIGHT_LAWS`, as in configurations and tables.
        label: name for figures and captions.
        shape: "normal", "truncated normal", "uniform" or "orthogonal".
        gain: the variance times the fan.
        fan: the fan that divides the gain: "in", "sum" (in + out) or "max" (of in and out).
    """

    name: str
    label: str
    shape: str
    gain: float
    fan: Literal["in", "sum", "max"] = "in"

    def variance(self, fan_out: int, fan_in: int) -> float:
        """Return the variance of one weight of a layer of the given fans."""
        fans = {"in": fan_in, "sum": fan_in + fan_out, "max": max(fan_in, fan_out)}
        return self.gain / fans[self.fan]

    @property
    def length_gain(self) -> float:
        """κ of a square ReLU layer: the mean factor on the squared length, variance·fan-in/2."""
        return self.variance(1, 1) / 2

    @property
    def kurtosis(self) -> float | None:
        """κ4 = E w⁴/(E w²)² of independent weights; None for orthogonal ones."""
        return _KURTOSIS.get(self.shape)

    @property
    def is_gaussian(self) -> bool:
        """Whether weights are independent and exactly normal."""
        return self.shape == "normal"


#: Keras of 2018 truncated its normal laws at two standard deviations and did not rescale them, which takes
#: `TRUNCATED_VARIANCE` off the variance and κ (hanin2018 has its names and laws); PyTorch truncates none.
WEIGHT_LAWS: dict[str, WeightLaw] = {
    law.name: law
    for law in (
        WeightLaw("he_normal", "He normal", "normal", 2.0),
        WeightLaw(
            "he_normal_truncated",
            "He normal, truncated at 2 sd",
            "truncated normal",
            2 * TRUNCATED_VARIANCE,
        ),
        WeightLaw("he_uniform", "He uniform", "uniform", 2.0),
        WeightLaw("twice_he_normal", "Twice He normal", "normal", 4.0),
        WeightLaw("xavier_normal", "Xavier normal (PyTorch)", "normal", 2.0, "sum"),
        WeightLaw("xavier_uniform", "Glorot uniform", "uniform", 2.0, "sum"),
        WeightLaw("lecun_normal", "LeCun normal (not truncated)", "normal", 1.0),
        WeightLaw("orthogonal", "Orthogonal × √2", "orthogonal", 2.0, "max"),
        WeightLaw("pytorch_default", "PyTorch default", "uniform", 1 / 3),
        WeightLaw(
            "glorot_normal_truncated",
            "Glorot normal (Keras, truncated)",
            "truncated normal",
            2 * TRUNCATED_VARIANCE,
            "sum",
        ),
        WeightLaw(
            "lecun_normal_truncated",
            "LeCun normal (Keras, truncated)",
            "truncated normal",
            TRUNCATED_VARIANCE,
        ),
    )
}

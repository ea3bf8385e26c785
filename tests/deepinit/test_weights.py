"""Every law of initial weights has the distribution, bounds and length gain that it states.

The seeds are fixed, so that a test either always passes or always fails; z-tests at 5 sd mean
that a right law would have failed for one in 1.7 million choices of seed.
"""

import math

import pytest
import torch
from rounding import UNIT, sum_rounding
from scipy import stats
from streams import streams

from deepinit.initialisers import TRUNCATED_VARIANCE, WEIGHT_LAWS
from deepinit.weights import draw_weights

LAWS = list(WEIGHT_LAWS.values())
INDEPENDENT = [law for law in LAWS if law.kurtosis is not None]
NETWORKS, FAN_OUT, FAN_IN = 40, 100, 60
LIMIT = 5.0
#: κ of hanin2018, as the table of the paper's exact results gives it.
LENGTH_GAINS = {
    "he_normal": 1.0,
    "he_normal_truncated": 0.77374,
    "he_uniform": 1.0,
    "twice_he_normal": 2.0,
    "xavier_normal": 0.5,
    "xavier_uniform": 0.5,
    "lecun_normal": 0.5,
    "orthogonal": 1.0,
    "pytorch_default": 1 / 6,
    "glorot_normal_truncated": 0.38687,
    "lecun_normal_truncated": 0.38687,
}
stream = streams(31, "test_weights")


def named(laws):
    """Parametrise a test over laws, with their names as identifiers."""
    return pytest.mark.parametrize("law", laws, ids=lambda law: law.name)


@named(LAWS)
def test_length_gain_of_square_layers_is_the_published_one(law):
    assert law.length_gain == pytest.approx(LENGTH_GAINS[law.name], abs=5e-6)
    assert law.variance(17, 17) * 17 / 2 == pytest.approx(law.length_gain, rel=1e-12)


@named(INDEPENDENT)
def test_independent_weights_follow_the_stated_law(law):
    """Kolmogorov–Smirnov of 10⁶ weights, refused below p = 1e-6: a deviation off by 1.2 % would be."""
    weights = draw_weights(law, stream("law", law.name), 100, 125, 80)
    assert weights.shape == (100, 125, 80) and weights.dtype == torch.float32
    sd = math.sqrt(law.variance(125, 80))
    reference = {
        "normal": stats.norm(scale=sd),
        "uniform": stats.uniform(-math.sqrt(3) * sd, 2 * math.sqrt(3) * sd),
        "truncated normal": stats.truncnorm(-2, 2, scale=sd / math.sqrt(TRUNCATED_VARIANCE)),
    }[law.shape]
    assert reference.std() == pytest.approx(sd, rel=1e-9)
    assert reference.stats("k") + 3 == pytest.approx(law.kurtosis, rel=1e-9)
    assert stats.kstest(weights.double().numpy().ravel(), reference.cdf).pvalue > 1e-6


@pytest.mark.rounding
@pytest.mark.parametrize(
    ("name", "bound"),
    [
        ("he_uniform", math.sqrt(6 / FAN_IN)),
        ("xavier_uniform", math.sqrt(6 / (FAN_IN + FAN_OUT))),
        ("pytorch_default", 1 / math.sqrt(FAN_IN)),
        ("he_normal_truncated", 2 * math.sqrt(2 / FAN_IN)),
        ("glorot_normal_truncated", 2 * math.sqrt(2 / (FAN_IN + FAN_OUT))),
        ("lecun_normal_truncated", 2 * math.sqrt(1 / FAN_IN)),
    ],
)
def test_bounded_laws_fill_their_range_and_keep_within_it(name, bound):
    weights = draw_weights(WEIGHT_LAWS[name], stream("bound", name), NETWORKS, FAN_OUT, FAN_IN)
    largest = weights.abs().max().item()
    # Above: four roundings, of which erf⁻¹ of 0.954 multiplies by 4.4 those of its argument, and those
    # of erf in its last step likewise. Below: of 240,000 numbers, at least 54 are expected in the last
    # thousandth of the range (the truncated normal's density is lowest there), so that none
    # lies there with a probability below 1e-23.
    assert bound * (1 - 1e-3) < largest <= bound * (1 + 32 * UNIT)


@pytest.mark.rounding
@pytest.mark.parametrize(("fan_out", "fan_in"), [(30, 30), (10, 30), (30, 10)])
def test_orthogonal_weights_are_root_two_times_orthonormal(fan_out, fan_in):
    law = WEIGHT_LAWS["orthogonal"]
    weights = draw_weights(law, stream("qr", fan_out, fan_in), 20, fan_out, fan_in).double()
    tall = weights if fan_out >= fan_in else weights.transpose(1, 2)
    error = (tall.transpose(1, 2) @ tall / 2 - torch.eye(min(fan_out, fan_in))).abs().max()
    # Columns of Householder's Q are off by m n u (Higham 2002, theorem 19.4), products of two by twice that.
    allowed = 2 * sum_rounding(fan_out * fan_in)
    assert error < allowed
    variance = weights.square().mean().item()
    assert variance == pytest.approx(law.variance(fan_out, fan_in), rel=allowed)


def test_orthogonal_weights_are_haar_distributed():
    """The trace of a Haar matrix has mean 0 and variance 1; without the sign fix it is biased."""
    weights = draw_weights(WEIGHT_LAWS["orthogonal"], stream("haar"), 4000, 6, 6) / math.sqrt(2)
    traces = weights.diagonal(dim1=1, dim2=2).sum(dim=1).double().numpy()
    for moments, expected in ((traces, 0.0), (traces**2, 1.0)):
        z = (moments.mean() - expected) / (moments.std() / math.sqrt(moments.size))
        assert abs(z) < LIMIT


@pytest.mark.parametrize(
    ("draw", "fans"),
    [(torch.nn.init.kaiming_normal_, 1000), (torch.nn.init.xavier_normal_, 2000)],
)
def test_pytorch_truncates_neither_he_normal_nor_xavier_normal(draw, fans):
    """Of 10⁶ weights 4.55 % lie beyond two standard deviations, where Keras had none: z-test at 5 sd."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(31)
        weights = draw(torch.empty(1000, 1000))
    share = 2 * stats.norm.sf(2)
    beyond = (weights.abs() > 2 * math.sqrt(2 / fans)).double().mean().item()
    assert abs(beyond - share) < LIMIT * math.sqrt(share * (1 - share) / 1e6)

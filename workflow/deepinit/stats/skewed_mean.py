"""The mean of other networks' lengths where logarithms are widely spread and skewed.

With a standard deviation of ln M of 4 or 5 the mean of a thousand networks is decided by the one or two
longest, and neither a bootstrap of the sample (which has no longer ones) nor a normal law of the mean's
logarithm (`deepinit.stats.log_normal_mean`, spreads to 2) says where another thousand's would lie. Here
means of others are drawn: logarithms y of one set of others are

    y = m + s z,    z of Pearson's type III with skewness g (a shifted gamma; normal for g = 0),

m, s and g those of a bootstrap sample of ours, new for every set, so that what is not known of them counts.
Dead networks, of length zero, are as many as their share in ours makes likely.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from deepinit.seeds import Randomness, as_generator
from deepinit.stats.intervals import BOOTSTRAP_SEED, TooFewReplicates

# A gamma law of this skewness is normal for all that a thousand numbers can show.
_NO_SKEWNESS = 1e-3


def further_means(
    log10_values: ArrayLike, dead: int, count: int, draws: int, seed: Randomness = BOOTSTRAP_SEED
) -> NDArray[np.float64]:
    """Return log10 of the mean of `count` others, dead ones included, `draws` times.

    Args:
        log10_values: of the live networks.
        dead: how many there are beside them.

    Raises:
        TooFewReplicates: fewer than ten live networks.
    """
    sample, generator = np.asarray(log10_values, dtype=np.float64), as_generator(seed)
    if len(sample) < 10:
        raise TooFewReplicates("needs ten live networks")
    again = sample[generator.integers(len(sample), size=(draws, len(sample)))]
    mean, spread = again.mean(axis=1), again.std(axis=1, ddof=1)
    skewness = ((again - mean[:, None]) ** 3).mean(axis=1) / again.var(axis=1) ** 1.5
    skewness = np.where(np.abs(skewness) < _NO_SKEWNESS, _NO_SKEWNESS, skewness)
    shape = (4 / skewness**2)[:, None]
    z = np.sign(skewness)[:, None] * (
        (generator.standard_gamma(shape, size=(draws, count)) - shape) / np.sqrt(shape)
    )
    alive = generator.beta(len(sample) + 0.5, dead + 0.5, size=draws) if dead else np.ones(draws)
    alive = generator.binomial(count, alive).clip(1)
    logs = (mean[:, None] + spread[:, None] * z) * np.log(10)
    logs = np.where(np.arange(count) < alive[:, None], logs, -np.inf)
    return (special.logsumexp(logs, axis=1) - np.log(count)) / np.log(10)

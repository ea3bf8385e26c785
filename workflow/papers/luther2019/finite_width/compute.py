"""Sample mean and variance by layer of finite networks: one width, one block of networks."""

import numpy as np

from deepinit.meanfield.sample_variance import nested_sample_statistics
from study.figure import Figure

figure = Figure(unit="networks")


def _address(s, width, block, samples, networks):
    return [{"width": width, "samples": samples}, block]


@figure.point(_address, index=("width", "block"))
def ratios(s, stream, progress, width, samples, networks):
    """One row per network and layer: squared_mean (m²), variance (v²) and ratio (m/v).

    m² is unbiased, so it scatters around zero in the first layers; the ratio takes its sign,
    lest its mean be biased there. ratio_of_few: m/v of the same network from its first `few` inputs.
    """
    few, every = nested_sample_statistics(
        width, s.layers, [s.few, samples], networks, stream, progress=progress
    )
    return every.frame().assign(ratio=_ratio(every).ravel(), ratio_of_few=_ratio(few).ravel())


def _ratio(found):
    m2, v2 = found.squared_mean.numpy(), found.variance.numpy()
    return np.sign(m2) * np.sqrt(np.abs(m2) / v2)

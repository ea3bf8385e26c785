"""Sample mean and variance by layer of finite networks: one width, one block of networks."""

import numpy as np

from deepinit.meanfield.sample_variance import sample_statistics
from study.figure import Figure

figure = Figure(unit="networks")


def _address(s, width, block, samples, networks):
    return [{"width": width, "samples": samples}, block]


@figure.point(_address, index=("width", "block"))
def ratios(s, stream, progress, width, samples, networks):
    """One row per network and layer: squared_mean (m²), variance (v²) and ratio (m/v).

    m² is unbiased, so it scatters around zero in the first layers; the ratio takes its sign,
    lest its mean be biased there.
    """
    found = sample_statistics(width, s.layers, samples, networks, stream, progress=progress).frame()
    m2, v2 = found["squared_mean"], found["variance"]
    return found.assign(ratio=np.sign(m2) * np.sqrt(np.abs(m2) / v2))

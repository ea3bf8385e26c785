"""Distance of networks of several depths to a much deeper one on the same path of weights."""

import numpy as np

from deepinit.resnet.strong_convergence import brownian_weights, smooth_weights
from study.figure import Figure

figure = Figure(unit="widths")

PLACE = ("law", "width", "reference")


def _address(s, **point):
    return {key: point[key] for key in PLACE}


@figure.point(_address, index=PLACE)
def errors(s, stream, law, width, reference, networks):
    """One row per network and depth; rows of one network share their path.

    log10_error is log10 ‖h_L − h_{L′}‖/‖h_0‖, log10_output_norm is log10 ‖h_L‖/‖h_0‖, where L′ is
    `reference`, and log10_reference_norm is log10 ‖h_{L′}‖/‖h_0‖.
    """
    depths = sorted(s.depths)
    if law == "independent":
        found = brownian_weights(depths, reference, width, networks, stream)
    else:
        found = smooth_weights(depths, reference, width, networks, stream, s.variance)
    network, depth = np.indices((networks, len(depths))).reshape(2, -1)
    return {
        "depth": np.array(depths)[depth],
        "network": network,
        "log10_error": found.error.log10().cpu().numpy().ravel(),
        "log10_output_norm": found.norm.log10().cpu().numpy().ravel(),
        "log10_reference_norm": found.reference_norm.log10().cpu().numpy()[network],
    }

"""Squared length in convolutional networks that see one image: one padding."""

import numpy as np

from deepinit.conv.convolution import lengths, networks_at_once, smooth_image
from deepinit.conv.convolution_theory import mean_length
from study.blocks import blocks_of_streams
from study.figure import Figure

figure = Figure(unit="networks of one padding")


@figure.point()
def squared_lengths(s, streams, progress, channels, padding):
    """One row per layer and network.

    log10_length is log10 M_j/M_0, missing where `dead`; mean_growth as in
    `deepinit.conv.convolution`, and map_contrast, missing where `dead`; exact_log10_mean is
    log10 E[M_j]/M_0.
    """
    image = smooth_image(s.side, 3, s.smoothness, streams("image").numpy)
    layers, depth = np.array(s.layers), max(s.layers)
    address = {"channels": channels, "kernel": s.kernel, "padding": padding}
    at_once = networks_at_once(image, channels, s.kernel)
    found, done = [], 0
    for stream, count in blocks_of_streams(streams, s.networks, at_once, address):
        found.append(
            lengths(image, channels, depth, count, stream, kernel=s.kernel, padding=padding)
        )
        done += count
        progress(done, s.networks)

    def column(name):
        return np.concatenate([getattr(block, name)[:, layers - 1] for block in found]).T

    log10 = column("log_length") / np.log(10)
    dead = np.isneginf(log10)
    layer, network = np.indices(log10.shape).reshape(2, -1)
    exact = np.log10(mean_length(image, depth, s.kernel, padding))[layers]
    return {
        "depth": layers[layer],
        "network": network,
        "log10_length": np.where(dead, np.nan, log10).ravel(),
        "dead": dead.ravel(),
        "mean_growth": column("mean_growth").ravel(),
        "map_contrast": column("map_contrast").ravel(),
        "exact_log10_mean": exact[layer],
    }

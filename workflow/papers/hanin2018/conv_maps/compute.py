"""Output maps of one image in a random convolutional network."""

import numpy as np
import pandas as pd

from deepinit.conv.convolution import propagate, smooth_image
from study.figure import Figure

figure = Figure(unit="networks")


def _rows(activation, layer):
    """Return one row per pixel of the channel with the largest length, scaled to mean square one."""
    squares = np.square(activation.astype(np.float64)).mean(axis=(1, 2))
    channel = int(squares.argmax())
    row, column = np.indices(activation.shape[1:]).reshape(2, -1)
    value = activation[channel] / max(np.sqrt(squares[channel]), np.finfo(np.float32).tiny)
    return pd.DataFrame(
        {
            "layer": layer,
            "channel": channel,
            "row": row,
            "column": column,
            "value": value.astype(np.float64).ravel(),
        }
    )


# Both paddings have the same weights.
@figure.point(lambda s, channels, padding: [{"channels": channels, "kernel": s.kernel}, "weights"])
def maps(s, stream, streams, channels, padding):
    """One row per layer and pixel; layer 0 is the image.

    value is the activation of the channel with the largest length (all zero if the network is dead),
    scaled to mean square one.
    """
    image = smooth_image(s.side, 3, s.smoothness, streams("image").numpy)
    layers = propagate(image, channels, max(s.layers), 1, stream, kernel=s.kernel, padding=padding)
    shown = [
        _rows(layer.activation[0].cpu().numpy(), layer.number)
        for layer in layers
        if layer.number in s.layers
    ]
    return pd.concat([_rows(image, 0), *shown], ignore_index=True)

"""Output maps of one image in random convolutional networks of several widths."""

import numpy as np
import pandas as pd

from deepinit.conv.convolution import propagate, smooth_image
from study.job import Job
from study.streams import random_stream


def _rows(activation: np.ndarray, **place: object) -> pd.DataFrame:
    """Return one row a pixel of the channel with the largest length, scaled to mean square one."""
    squares = np.square(activation.astype(np.float64)).mean(axis=(1, 2))
    channel = int(squares.argmax())
    rows, columns = np.indices(activation.shape[1:])
    value = activation[channel] / max(np.sqrt(squares[channel]), np.finfo(np.float32).tiny)
    return pd.DataFrame(
        {
            **place,
            "channel": channel,
            "row": rows.ravel(),
            "column": columns.ravel(),
            "value": value.astype(np.float64).ravel(),
        }
    )


def run(job: Job) -> None:
    """Write one row a number of channels, padding, layer and pixel; layer 0 is the image.

    Both paddings have the same weights; value is the activation of the channel with the largest
    length (all zero if the network is dead), scaled to mean square one.
    """
    spec = job.spec
    kernel, layers = spec["kernel"], spec["layers"]
    image = smooth_image(spec["side"], 3, spec["smoothness"], random_stream(job, "image").numpy)
    frames = []
    for channels in spec["channels"]:
        for padding in spec["paddings"]:
            place = {"channels": channels, "padding": padding}
            stream = random_stream(job, {"channels": channels, "kernel": kernel}, "weights")
            frames.append(_rows(image, **place, layer=0))
            for layer in propagate(
                image, channels, max(layers), 1, stream, kernel=kernel, padding=padding
            ):
                if layer.number in layers:
                    activation = layer.activation[0].cpu().numpy()
                    frames.append(_rows(activation, **place, layer=layer.number))
    job.write_table(pd.concat(frames, ignore_index=True))

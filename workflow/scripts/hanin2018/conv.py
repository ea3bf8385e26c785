"""Squared length in convolutional networks that see one image: one number of channels."""

import numpy as np
import pandas as pd

from deepinit.conv.convolution import lengths, networks_at_once, smooth_image
from deepinit.conv.convolution_theory import mean_length
from scripts.hanin2018.streams import blocks_of_streams
from study.job import Job
from study.streams import random_stream


def run(job: Job) -> None:
    """Write one row a padding, layer and network.

    log10_length is log10 M_j/M_0, missing where `dead`; mean_growth as in
    `deepinit.conv.convolution`, and map_contrast, missing where `dead`; exact_log10_mean is
    log10 E[M_j]/M_0.
    """
    spec = job.spec
    channels, kernel, layers = spec["channels"], spec["kernel"], np.array(spec["layers"])
    image_stream = random_stream(job, "image")
    image = smooth_image(spec["side"], 3, spec["smoothness"], image_stream.numpy)
    depth, block = int(layers.max()), networks_at_once(image, channels, kernel)
    frames, done, progress = [], 0, job.progress("networks")
    for padding in spec["paddings"]:
        address = {"channels": channels, "kernel": kernel, "padding": padding}
        logs, growths, contrasts = [], [], []
        for stream, count in blocks_of_streams(job, spec["networks"], block, address):
            found = lengths(image, channels, depth, count, stream, kernel=kernel, padding=padding)
            logs.append(found.log_length[:, layers - 1] / np.log(10))
            growths.append(found.mean_growth[:, layers - 1])
            contrasts.append(found.map_contrast[:, layers - 1])
            done += count
            progress(done, len(spec["paddings"]) * spec["networks"])
        logs, growths, contrasts = (np.concatenate(part).T for part in (logs, growths, contrasts))
        exact = np.log10(mean_length(image, depth, kernel, padding))[layers]
        dead = np.isneginf(logs)
        frames.append(
            pd.DataFrame(
                {
                    "channels": channels,
                    "padding": padding,
                    "depth": np.repeat(layers, spec["networks"]),
                    "network": np.tile(np.arange(spec["networks"]), len(layers)),
                    "log10_length": np.where(dead, np.nan, logs).ravel(),
                    "dead": dead.ravel(),
                    "mean_growth": growths.ravel(),
                    "map_contrast": contrasts.ravel(),
                    "exact_log10_mean": np.repeat(exact, spec["networks"]),
                }
            )
        )
    job.write_table(
        pd.concat(frames, ignore_index=True),
        missing={"log10_length": "dead", "map_contrast": "dead"},
    )

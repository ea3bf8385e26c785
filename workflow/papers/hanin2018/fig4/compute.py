"""Squared length of one image after the last layer of convolutional networks: one depth.

The paper's image is number 200 of CIFAR-10's data_batch_1. Where CIFAR-10 is not at hand, which may
not be redistributed, a seeded random image stands in that has its size and of each colour its mean and
standard deviation, the correlations between colours, and the correlation of neighbouring pixels
(`deepinit.conv.images.natural_image`).
"""

import hashlib

import numpy as np
import pandas as pd

from deepinit.conv.convolution_theory import mean_length
from deepinit.conv.images import BRIGHTEST, natural_image, white_image
from deepinit.conv.zero_padding import final_lengths, log_gain
from deepinit.initialisers import WEIGHT_LAWS
from papers.hanin2018.published import LAYERS_PER_CHANNEL
from study.data_sets import images_of
from study.errors import UserError
from study.figure import Figure

figure = Figure(unit="blocks of networks")

#: SHA-256 of the image's bytes: red, then green, then blue, row by row.
IMAGE_SHA256 = "6116c42485d63cd301ef45945bf99ba9178844e424f047cfefdd1e55f24cf5af"
_BATCH, _SHAPE = 10_000, (3, 32, 32)
#: Measured on that image, grey values 0 … 255; red, green, blue.
STATISTICS = {
    "means": (99.8, 128.3, 111.4),
    "deviations": (43.9, 51.9, 56.0),
    "correlations": ((1, 0.755, 0.625), (0.755, 1, 0.825), (0.625, 0.825, 1)),
    "neighbours": 0.795,
}
#: One law of each shape is simulated; the others are it, times a number, with the same random numbers.
_SIMULATED = ("he_normal", "he_uniform", "he_normal_truncated")


def published_image(images):
    """Return the paper's image, float32, grey values 0 … 255, shape (3, 32, 32).

    Raises:
        UserError: it is not among the data set's first 10,000 images.
    """
    batch = np.rint(images.train_images[:_BATCH] * BRIGHTEST).astype(np.uint8)
    for picture in batch:
        if hashlib.sha256(picture.tobytes()).hexdigest() == IMAGE_SHA256:
            return picture.reshape(_SHAPE).astype(np.float32)
    raise UserError(
        "hanin2018 fig4: the image of the paper is not in this copy of CIFAR-10; delete "
        "results/data/cifar10.npz to have it made again, or set `data: stand_in`"
    )


def stand_in(seed):
    """Return the image that stands in for it, of the same type and shape."""
    return natural_image(_SHAPE[1], **STATISTICS, seed=seed)


def _address(s, depth, image, block, networks):
    # Both images meet the same networks.
    return [{"depth": depth, "kernel": s.kernel}, block]


@figure.point(_address, index=("depth", "image"))
def lengths(s, job, stream, streams, depth, image, block, networks):
    """One row per network and law; of the image of noise, He normal alone.

    log10_length is log10 of ‖act_d‖², the sum over channels and pixels for grey values 0 … 255, missing
    if dead; exact_log10_mean that of its expectation; mean_growth as in
    `deepinit.conv.zero_padding`. Laws of one shape share their random
    numbers, and so do the uniform and the truncated ones.
    """
    picture = published_image(images_of(job)) if hasattr(s, "data") else stand_in(streams("image"))
    if image == "noise":
        picture = white_image(picture, streams("noise"))
    channels, found, frames = depth // LAYERS_PER_CHANNEL, {}, []
    power = np.square(picture, dtype=np.float64).mean() * channels * picture[0].size
    kept = mean_length(picture, depth, s.kernel, "zero")[-1]
    for law in s.laws if image == "picture" else ["he_normal"]:
        base = next(
            name for name in _SIMULATED if WEIGHT_LAWS[name].shape == WEIGHT_LAWS[law].shape
        )
        if base not in found:
            again = stream.from_beginning()
            found[base] = final_lengths(
                picture, channels, depth, networks, again, law=base, kernel=s.kernel
            )
        gain = log_gain(law, base, len(picture), channels, depth, s.kernel) + np.log(power)
        kappa = WEIGHT_LAWS[base].length_gain
        log10 = (found[base].log_length + gain) / np.log(10)
        dead = np.isneginf(log10)
        frames.append(
            pd.DataFrame(
                {
                    "law": law,
                    "network": s.block * block + np.arange(networks),
                    "log10_length": np.where(dead, np.nan, log10),
                    "dead": dead,
                    "mean_growth": found[base].mean_growth,
                    "exact_log10_mean": (gain + np.log(kept * kappa**depth)) / np.log(10),
                }
            )
        )
    return pd.concat(frames, ignore_index=True)

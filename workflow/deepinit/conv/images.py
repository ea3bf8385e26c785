"""Random images with a few statistics of a photograph.

The amplitudes of the spatial frequencies f of photographs fall about like 1/f (Field 1987). Here white noise,
one field a channel, is given amplitudes f^−α on a torus of twice the side, of which a corner is cut
out, so that opposite borders do not match. A linear map of the channels then gives them exactly the
wanted means, standard deviations and correlations, and α is the one for which neighbouring pixels have
exactly the wanted correlation. Values beyond 0 … 255 are cut off last, which for statistics of photographs
concerns about one value in sixty and moves the others by a few per cent.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import optimize

from deepinit.seeds import Randomness, as_generator

BRIGHTEST = 255
_STEEPEST = 4.0


def neighbour_correlation(image: ArrayLike) -> float:
    """Return the mean product of neighbours' deviations over the variance, mean over channels and both axes.

    Args:
        image: shape (channels, rows, columns).
    """
    values = np.asarray(image, dtype=np.float64)
    values = values - values.mean(axis=(1, 2), keepdims=True)
    along = (values[:, :, 1:] * values[:, :, :-1]).mean(axis=(1, 2))
    down = (values[:, 1:] * values[:, :-1]).mean(axis=(1, 2))
    return float(((along + down) / 2 / values.var(axis=(1, 2))).mean())


def natural_image(
    side: int,
    means: Sequence[float],
    deviations: Sequence[float],
    correlations: ArrayLike,
    neighbours: float,
    seed: Randomness,
) -> NDArray[np.float32]:
    """Return a random smooth image with values in [0, 255], shape (channels, side, side).

    Args:
        means, deviations: of each channel's pixels.
        correlations: between channels, shape (channels, channels).
        neighbours: the correlation of neighbouring pixels, see `neighbour_correlation`; less than
            that of the smoothest image there is (amplitudes f^−4) and more than that of white noise.

    Raises:
        ValueError: there is no image with such `neighbours`.
    """
    channels, torus = len(means), 2 * side
    noise = as_generator(seed).standard_normal((channels, torus, torus))
    frequency = np.hypot(np.fft.fftfreq(torus)[:, None], np.fft.fftfreq(torus))
    frequency[0, 0] = 1 / torus
    spectrum = np.fft.fft2(noise)
    mixing = np.diag(deviations) @ np.linalg.cholesky(np.asarray(correlations, dtype=np.float64))

    def image(alpha: float) -> NDArray[np.float64]:
        fields = np.fft.ifft2(spectrum * frequency**-alpha).real[:, :side, :side]
        flat = fields.reshape(channels, -1)
        flat = flat - flat.mean(axis=1, keepdims=True)
        white = np.linalg.solve(np.linalg.cholesky(np.cov(flat, bias=True)), flat)
        return (mixing @ white + np.asarray(means)[:, None]).reshape(channels, side, side)

    least, most = (neighbour_correlation(image(alpha)) for alpha in (0, _STEEPEST))
    if not least <= neighbours <= most:
        raise ValueError(
            f"neighbours must lie between {least:.3f} and {most:.3f} at this size, not {neighbours}"
        )
    alpha = optimize.brentq(
        lambda alpha: neighbour_correlation(image(alpha)) - neighbours, 0, _STEEPEST
    )
    return image(alpha).clip(0, BRIGHTEST).astype(np.float32)


def white_image(image: NDArray[np.float32], seed: Randomness) -> NDArray[np.float32]:
    """Return normal white noise with mean zero and the root mean square of each of `image`'s channels."""
    noise = as_generator(seed).standard_normal(image.shape)
    scale = np.sqrt(np.square(image.astype(np.float64)).mean(axis=(1, 2), keepdims=True))
    return (noise * scale / np.sqrt(np.square(noise).mean(axis=(1, 2), keepdims=True))).astype(
        np.float32
    )

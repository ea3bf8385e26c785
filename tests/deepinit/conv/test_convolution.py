"""Convolutional networks: exact mean length, padding, spread between its bounds, exact limit.

Seeds are fixed; statistical tests share a false-alarm rate of 1e-5 (Bonferroni).
"""

import math

import numpy as np
import pandas as pd
import pytest
import torch
from rounding import sum_rounding
from scipy import stats
from streams import levels, streams
from torch.nn import functional

from deepinit.conv.convolution import convolve, lengths, propagate, smooth_image
from deepinit.conv.convolution_theory import (
    kept_share,
    mean_length,
    mean_square_by_pixel,
)
from deepinit.dense.length_law import log_length_law
from deepinit.meanfield.arc_cosine import squared_relu_kernel
from papers.hanin2018.conv_maps.present import map_contrast
from study.figure_data import FigureData
from study.verdicts import NotTested

ALPHA, Z = levels(30, 1e-5)
PADDINGS = ["circular", "zero"]
stream = streams(78, "test_convolution")


def picture(rows: int = 6, columns: int = 6, channels: int = 3) -> np.ndarray:
    """Return an image without symmetry, values in [0, 1)."""
    numbers = stream("picture", rows, columns, channels).numpy.random((channels, rows, columns))
    return numbers.astype(np.float32)


@pytest.mark.rounding
@pytest.mark.parametrize("padding", PADDINGS)
@pytest.mark.parametrize("kernel", [1, 3, 5])
def test_convolutions_are_those_of_torch_network_by_network(padding, kernel):
    source = stream("torch", padding, kernel)
    x, w = source.normal(4, 3, 7, 5), source.normal(4, 2, 3, kernel, kernel)
    mode = {"circular": "circular", "zero": "constant"}[padding]
    padded = functional.pad(x, [kernel // 2] * 4, mode=mode)

    def exact(x: torch.Tensor, w: torch.Tensor) -> torch.Tensor:
        return torch.stack([functional.conv2d(a, b) for a, b in zip(x, w, strict=True)])

    padded, w_double = padded.double(), w.double()
    allowed = sum_rounding(3 * kernel**2) * exact(padded.abs(), w_double.abs())
    error = (convolve(x, w, padding) - exact(padded, w_double)).abs()
    assert (error <= allowed).all()


def test_circular_padding_keeps_the_mean_length_exactly():
    """Theory alone: the sum over pixels does not change, whatever the image."""
    assert mean_length(picture(), 30, 3, "circular") == pytest.approx(np.ones(31), rel=1e-12)
    assert kept_share(6, 6, 3, "circular") == pytest.approx(np.ones((6, 6)), rel=1e-12)


def test_zero_padding_loses_what_leaves_the_border():
    """One bright pixel in a corner is in 4 of 9 patches; in the middle in all."""
    image = np.zeros((1, 5, 5))
    image[0, 0, 0] = 1
    assert mean_length(image, 1, 3, "zero")[1] == pytest.approx(4 / 9)
    image = np.roll(image, (2, 2), axis=(1, 2))
    by_layer = mean_length(image, 2, 3, "zero")
    assert by_layer == pytest.approx([1, 1, 1], rel=1e-12)
    assert kept_share(5, 5, 3, "zero")[0] == pytest.approx([4 / 9, 2 / 3, 2 / 3, 2 / 3, 4 / 9])


@pytest.mark.parametrize("kernel", [3, 5])
@pytest.mark.parametrize("padding", PADDINGS)
def test_the_mean_square_of_every_pixel_is_exact(padding, kernel):
    """Of 1500 networks with 16 channels after three layers: 36 z-tests at a shared level."""
    image = picture()
    source = stream("pixels", padding, kernel)
    *_, last = propagate(image, 16, 3, 1500, source, kernel=kernel, padding=padding)
    scale = last.log_length.exp()[:, None, None] * np.square(image.astype(float)).mean()
    squares = (last.activation.double().square().mean(dim=1) * scale).numpy()
    expected = mean_square_by_pixel(image, 3, kernel, padding)[3]
    score = (squares.mean(axis=0) - expected) / stats.sem(squares, axis=0)
    assert np.abs(score).max() < stats.norm.isf(ALPHA / 2 / 36)


@pytest.mark.parametrize("padding", PADDINGS)
def test_growth_given_the_layer_below_has_mean_one_at_any_depth(padding):
    """400 networks of 3 channels, 25 layers: some die, and M is heavy-tailed by far.

    The variance of `mean_growth` is at most 5/(C d).
    """
    found = lengths(picture(), 3, 25, 400, stream("growth", padding), kernel=3, padding=padding)
    logs = found.log_length[:, -1]
    assert np.isneginf(logs).any() == (padding == "circular")
    assert logs[np.isfinite(logs)].std() > 2
    last = found.mean_growth[:, -1]
    assert abs(last.mean() - 1) < Z * stats.sem(last)
    assert last.var() < 5 / (3 * 25) * (1 + Z * math.sqrt(50 / 400))


def test_a_constant_image_has_the_law_of_a_fully_connected_network():
    """Circular padding: Kolmogorov–Smirnov against the exact law of width C, 4000 networks."""
    image = np.full((3, 3, 3), 0.7, dtype=np.float32)
    found = lengths(image, 8, 6, 4000, stream("constant"), kernel=3, padding="circular")
    logs = found.log_length[:, -1]
    assert stats.kstest(logs[np.isfinite(logs)], log_length_law([8] * 6).cdf).pvalue > ALPHA


def test_the_spread_of_one_layer_is_the_kernel_sum_and_lies_between_its_bounds():
    """E M_1² = 1 + (E m²/M_0² − 1)/C of the image's patches; 20,000 networks of 2 channels."""
    image, channels = picture(4, 4, 1), 2
    padded = np.pad(image[0].astype(float), 1, mode="wrap")
    windows = np.lib.stride_tricks.sliding_window_view(padded, (3, 3)).reshape(16, 9)
    squares = np.square(windows).mean(axis=1)
    unit = windows / np.linalg.norm(windows, axis=1, keepdims=True)
    pairs = np.outer(squares, squares) * squared_relu_kernel(unit @ unit.T)
    one_channel = pairs.mean() / squares.mean() ** 2
    expected = 1 + (one_channel - 1) / channels
    assert 1 + 5 / (channels * 16) < expected < 1 + 5 / channels
    found = lengths(image, channels, 1, 20_000, stream("spread"), kernel=3, padding="circular")
    values = np.exp(2 * found.log_length[:, 0])
    assert abs(values.mean() - expected) < Z * stats.sem(values)


def test_the_smooth_image_fills_the_unit_interval_and_is_smooth():
    image = smooth_image(32, 3, 3.0, stream("image").numpy)
    assert image.shape == (3, 32, 32) and image.dtype == np.float32
    assert (image.min(), image.max()) == (0, 1)
    assert np.abs(np.diff(image, axis=2)).mean() < 0.3 * image.std()


@pytest.mark.parametrize("padding", PADDINGS)
def test_contrast_is_that_of_the_channel_with_the_largest_length(padding):
    options = {"kernel": 3, "padding": padding}
    found = lengths(picture(), 2, 12, 40, stream("contrast"), **options)
    dead = np.isneginf(found.log_length)
    assert (np.isnan(found.map_contrast) == dead).all()
    # At borders patches differ, and hardly any network dies.
    assert dead.any() or padding == "zero"
    for layer in propagate(picture(), 2, 12, 40, stream("contrast"), **options):
        for network, maps in enumerate(layer.activation.double().numpy()):
            longest = max(maps, key=lambda one: (one**2).sum())
            expected = longest.std() / longest.mean() if longest.any() else np.nan
            contrast = found.map_contrast[network, layer.number - 1]
            assert contrast == pytest.approx(expected, rel=1e-6, nan_ok=True)


def contrasts(ratios: np.ndarray) -> FigureData:
    """Return a table of networks whose contrast falls by `ratios`; few channels do not count."""
    rows = [
        {"padding": "circular", "channels": channels, "depth": depth, "network": network,
         "map_contrast": 0.3 * (ratio if depth == 50 and channels == 64 else 1)}
        for channels in (8, 64)
        for depth in (1, 20, 50)
        for network, ratio in enumerate(ratios)
    ]  # fmt: skip
    return FigureData("conv_maps", {"conv": pd.DataFrame(rows)}, {}, {})


def test_the_fall_of_contrast_is_a_mean_over_networks_and_one_network_decides_nothing():
    logs = stream("fall of contrast").numpy.normal(-0.7, 0.4, 60)
    value, low, high = map_contrast(contrasts(np.exp(logs)), "circular").estimate
    reach = stats.t.isf(0.0005, 59) * stats.sem(logs)
    assert value == pytest.approx(np.exp(logs.mean()))
    assert (low, high) == pytest.approx(tuple(np.exp(logs.mean() + np.array([-reach, reach]))))
    for few in (1, 29):
        with pytest.raises(NotTested, match="30 networks"):
            map_contrast(contrasts(np.exp(logs[:few])), "circular")

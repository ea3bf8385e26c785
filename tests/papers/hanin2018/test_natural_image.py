"""The image that stands in for the paper's has the stated statistics, the paper's is known by its hash."""

import hashlib

import numpy as np
import pytest

from deepinit.conv.images import natural_image, neighbour_correlation, white_image
from deepinit.training.images import Images
from papers.hanin2018.fig4 import compute
from papers.hanin2018.fig4.compute import STATISTICS, published_image, stand_in
from study.errors import UserError

SEEDS = range(20)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_stand_in_has_the_statistics_of_the_image(seed):
    """Exactly but for the values beyond 0 … 255 that are cut off, no more than one in twenty."""
    image = stand_in(seed)
    assert image.shape == (3, 32, 32) and image.dtype == np.float32
    assert image.min() >= 0 and image.max() <= 255
    assert ((image == 0) | (image == 255)).mean() < 0.05
    assert image.mean(axis=(1, 2)) == pytest.approx(STATISTICS["means"], abs=3)
    assert image.std(axis=(1, 2)) == pytest.approx(STATISTICS["deviations"], rel=0.06)
    between = np.corrcoef(image.reshape(3, -1).astype(float))
    assert between == pytest.approx(np.array(STATISTICS["correlations"]), abs=0.03)
    assert neighbour_correlation(image) == pytest.approx(STATISTICS["neighbours"], abs=0.03)


def test_statistics_are_exact_where_nothing_is_cut_off():
    narrow = STATISTICS | {"means": (120, 130, 125), "deviations": (5, 6, 7)}
    image = natural_image(32, **narrow, seed=1).astype(float)
    assert image.mean(axis=(1, 2)) == pytest.approx(narrow["means"], rel=1e-6)
    assert image.std(axis=(1, 2)) == pytest.approx(narrow["deviations"], rel=1e-5)
    assert neighbour_correlation(image) == pytest.approx(narrow["neighbours"], abs=1e-5)


def test_amplitudes_fall_about_like_one_over_the_frequency():
    """Power over frequencies of 2 to 12 periods a side, windowed, mean of 20 images: slope −2 ± 1."""
    window = np.hanning(32)[:, None] * np.hanning(32)
    frequency = 32 * np.hypot(np.fft.fftfreq(32)[:, None], np.fft.fftfreq(32))
    images = np.stack([stand_in(seed) for seed in SEEDS]).astype(float)
    images -= images.mean(axis=(2, 3), keepdims=True)
    power = (np.abs(np.fft.fft2(images * window)) ** 2).mean(axis=(0, 1))
    chosen = (frequency >= 2) & (frequency <= 12)
    slope = np.polyfit(np.log(frequency[chosen]), np.log(power[chosen]), 1)[0]
    assert -3 < slope < -1


def test_white_noise_has_the_power_of_each_colour_and_no_smoothness():
    """5,952 pairs of neighbours: a correlation of 0.07 lies 5 sd off."""
    image = stand_in(3)
    noise = white_image(image, 4)
    power = [np.square(one.astype(float)).mean(axis=(1, 2)) for one in (image, noise)]
    assert power[1] == pytest.approx(power[0], rel=1e-6)
    assert abs(neighbour_correlation(noise)) < 0.07


def data_set(images: np.ndarray) -> Images:
    flat = images.reshape(len(images), -1).astype(np.float32) / 255
    labels = np.zeros(len(images), np.int64)
    return Images(flat, labels, flat[:1], labels[:1], image_shape=(3, 32, 32))


def test_the_image_of_the_paper_is_found_by_its_hash_and_missed_by_name(monkeypatch):
    images = np.random.default_rng(5).integers(0, 256, (9, 3, 32, 32), dtype=np.uint8)
    with pytest.raises(UserError, match="data: stand_in"):
        published_image(data_set(images))
    monkeypatch.setattr(compute, "IMAGE_SHA256", hashlib.sha256(images[6].tobytes()).hexdigest())
    assert np.array_equal(published_image(data_set(images)), images[6])

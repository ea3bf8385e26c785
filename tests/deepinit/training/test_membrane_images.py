"""Seeded images of cells: repeatable, and not solved by brightness."""

import numpy as np
import pytest
from scipy import ndimage

from deepinit.training.detection import average_precision, best_threshold
from deepinit.training.membrane_images import MembraneImages, membrane_images


@pytest.fixture(scope="module")
def made() -> MembraneImages:
    return membrane_images(30, 64, np.random.default_rng(36))


def test_the_same_seed_gives_the_same_images_however_many_follow(made):
    fewer = membrane_images(2, 64, np.random.default_rng(36))
    assert np.array_equal(fewer.images, made.images[:2])
    assert np.array_equal(fewer.boundary, made.boundary[:2])


def test_images_are_standardised_and_labels_are_thin_lines_around_cells(made):
    np.testing.assert_allclose(made.images.mean(axis=(1, 2)), 0, atol=1e-5)
    np.testing.assert_allclose(made.images.std(axis=(1, 2)), 1, rtol=1e-5)
    assert set(np.unique(made.boundary)) == {0.0, 1.0}
    for label in made.boundary:
        assert 0.15 < label.mean() < 0.35
        # Cells do not touch once their boundaries are taken away, and no line is thick.
        assert ndimage.label(label == 0)[1] >= 8
        assert ndimage.distance_transform_edt(label).max() < 7


def test_darkness_tells_something_of_the_boundaries_but_little(made):
    pairs = [(-image, label) for image, label in zip(*made, strict=True)]
    precision = [average_precision(*pair) for pair in pairs]
    assert made.boundary.mean() + 0.1 < np.mean(precision) < 0.65
    assert 0.55 < np.mean([best_threshold(*pair)[1] for pair in pairs]) < 0.8


def test_impossible_sizes_are_refused():
    with pytest.raises(ValueError, match="side must be positive"):
        membrane_images(1, 0, np.random.default_rng(0))

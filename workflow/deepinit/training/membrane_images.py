"""Random images that look like electron micrographs of tissue, with the cells' boundaries.

They stand in for the cell images of luther2019's U-Net, which are not known. One image is made of

* cells: the Voronoi regions of jittered grid points with random weights, in coordinates that are
  bent by a smooth random displacement, so that boundaries curve and cells differ in size;
* membranes: dark lines along the boundaries, of a width and a contrast that vary along them, down
  to nearly nothing;
* cytoplasm: a grey level of its own for every cell, a smooth shading and a fine texture;
* distractors: mitochondria, ellipses with a dark rim as wide and as dark as a membrane and stripes
  inside, and vesicles, small dark dots, both anywhere in the cells;
* the microscope: blur and noise, brightness and contrast, all of them different from image to image.

A pixel is boundary if it lies within a fixed distance of the line between two cells, whatever the
membrane looks like there. Brightness alone tells little: rims, vesicles and dark cells are as
dark as membranes (luther2019_membrane_images measures it).
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage
from scipy.spatial import cKDTree

from deepinit.seeds import Randomness, as_generator

_CELL = 15.0  # mean distance of neighbouring cells' centres, pixels
_MARGIN = 24  # pixels around the image in which cells are made too
_BOUNDARY = 1.0  # distance from the line between two cells up to which a pixel is boundary

Array = NDArray[np.float64]


class MembraneImages(NamedTuple):
    """Images and their labels.

    Attributes:
        images: grey values with mean 0 and variance 1 in each image, float32, shape (n, side, side).
        boundary: 1 where a pixel is boundary and 0 elsewhere, float32, the same shape.
    """

    images: NDArray[np.float32]
    boundary: NDArray[np.float32]


def smooth_field(side: int, smoothness: float, generator: np.random.Generator) -> Array:
    """Return a smooth random field of mean 0 and variance 1, shape (side, side).

    Args:
        smoothness: standard deviation, in pixels, of the Gaussian that blurs white noise.
    """
    field = ndimage.gaussian_filter(
        generator.standard_normal((side, side)), smoothness, mode="wrap"
    )
    return (field - field.mean()) / field.std()


def _cells(side: int, generator: np.random.Generator) -> tuple[Array, NDArray[np.intp]]:
    """Return every pixel's distance to the nearest line between two cells, and its cell."""
    whole = side + 2 * _MARGIN
    steps = np.arange(0, whole, _CELL)
    centres = np.stack(np.meshgrid(steps, steps), axis=-1).reshape(-1, 2)
    centres = centres + generator.uniform(-0.45 * _CELL, 0.45 * _CELL, centres.shape)
    # A weighted Voronoi diagram is a plain one with the weight as a third coordinate.
    heights = generator.uniform(0, 0.5 * _CELL, len(centres))
    tree = cKDTree(np.column_stack([centres, heights]))
    rows, columns = np.mgrid[_MARGIN : _MARGIN + side, _MARGIN : _MARGIN + side].astype(float)
    # Stretches lengths by a tenth or so, r.m.s., so that no boundary is much wider than another.
    bend = generator.uniform(1.0, 2.2)
    points = np.stack(
        [
            columns + bend * smooth_field(side, 9, generator),
            rows + bend * smooth_field(side, 9, generator),
            np.zeros((side, side)),
        ],
        axis=-1,
    )
    near, cells = tree.query(points.reshape(-1, 3), k=2)
    first, second = tree.data[cells[:, 0]], tree.data[cells[:, 1]]
    # Exact for points of a plane: (d₂² − d₁²)/(2 |c₂ − c₁| within the plane).
    apart = np.linalg.norm((second - first)[:, :2], axis=1)
    distance = (near[:, 1] ** 2 - near[:, 0] ** 2) / (2 * np.maximum(apart, 1e-9))
    return distance.reshape(side, side), cells[:, 0].reshape(side, side)


def _mitochondrion(image: Array, generator: np.random.Generator) -> None:
    """Darken an ellipse's rim and stripes within it, somewhere in the image."""
    side = len(image)
    row, column = generator.uniform(0, side, 2)
    long, angle = generator.uniform(3.0, 6.5), generator.uniform(0, np.pi)
    short = long * generator.uniform(0.5, 0.9)
    rows, columns = np.mgrid[:side, :side]
    along = (rows - row) * np.sin(angle) + (columns - column) * np.cos(angle)
    across = (rows - row) * np.cos(angle) - (columns - column) * np.sin(angle)
    radius = np.hypot(along / long, across / short)
    rim = np.exp(-((short * (radius - 1) / generator.uniform(0.7, 1.4)) ** 2))
    stripes = (radius < 1) * (0.5 + 0.5 * np.sin(along * generator.uniform(1.5, 2.5)))
    image -= generator.uniform(0.25, 0.6) * rim + generator.uniform(0.05, 0.3) * stripes


def _vesicles(image: Array, number: int, generator: np.random.Generator) -> None:
    """Put small dark dots into the image."""
    dots = np.zeros_like(image)
    places = tuple(generator.integers(0, len(image), (2, number)))
    dots[places] = generator.uniform(0.5, 1.0, number)
    dots = ndimage.gaussian_filter(dots, generator.uniform(0.7, 1.1), mode="wrap")
    image -= 2.5 * dots


def membrane_image(side: int, generator: np.random.Generator) -> tuple[Array, NDArray[np.bool_]]:
    """Return one image of mean 0 and variance 1, and where its boundaries are."""
    distance, cells = _cells(side, generator)
    greys = generator.normal(0.0, 0.12, cells.max() + 1)
    image = 0.65 + greys[cells] + 0.08 * smooth_field(side, 8, generator)
    image += generator.uniform(0.02, 0.07) * smooth_field(side, 1.0, generator)
    for _ in range(generator.poisson(5 * (side / 64) ** 2)):
        _mitochondrion(image, generator)
    _vesicles(image, generator.poisson(14 * (side / 64) ** 2), generator)
    thickness = 1.1 * np.exp(0.25 * smooth_field(side, 5, generator))
    contrast = 0.08 + 0.5 / (1 + np.exp(-1.5 * smooth_field(side, 5, generator) - 0.5))
    image -= contrast * np.exp(-((distance / thickness) ** 2))
    image = ndimage.gaussian_filter(image, generator.uniform(0.5, 1.0), mode="nearest")
    image += generator.uniform(0.02, 0.07) * generator.standard_normal(image.shape)
    return (image - image.mean()) / image.std(), distance < _BOUNDARY


def membrane_images(number: int, side: int, seed: Randomness) -> MembraneImages:
    """Return `number` independent images of `side` × `side` pixels.

    The first ones do not depend on how many follow.

    Raises:
        ValueError: `side` is not positive, or `number` is negative.
    """
    if side < 1 or number < 0:
        raise ValueError(f"the side must be positive and the number not negative: {side}, {number}")
    generator = as_generator(seed)
    images = np.empty((number, side, side), np.float32)
    boundary = np.empty((number, side, side), np.float32)
    for i in range(number):
        images[i], boundary[i] = membrane_image(side, generator)
    return MembraneImages(images, boundary)

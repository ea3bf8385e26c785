"""Squared length in random convolutional ReLU networks (Hanin & Rolnick 2018).

a_{j+1} = ReLU(w_{j+1} * a_j) with C channels, P pixels, k × k kernels at stride 1, no bias and
symmetric weights of variance 2/(k² C_in); M_j = ‖a_j‖²/(C_j P). All derived here.

*Mean.* Let A_j(p) be the mean over channels and networks of the squared activation at pixel p. A
pre-activation at p has, given the layer below, the variance 2/(k² C_in) times the squared
length of the patch around p, and ReLU of a symmetric number keeps half of its square:

    A_{j+1}(p) = (1/k²) Σ_{q in the patch of p} A_j(q),   E M_j = (1/P) Σ_p A_j(p),

exactly, at any number of channels. With *circular* padding each pixel is in k² patches, and
E M_d = M_0. With *zero* padding a pixel at the border is in fewer, and length is lost there.

*Spread*, Gaussian weights, given the layer below: channels are independent, and one channel has
the mean length m = (1/P) Σ_p y_p²⁺ with jointly normal y_p of variance 2A_p, A_p ≥ 0 the
patches' mean squares and ρ_pq their cosines,

    E m² = (1/P²) Σ_{p,q} A_p A_q h(ρ_pq),
    h(cos θ) = (2/π) (3 sin θ cos θ + (π − θ)(1 + 2 cos² θ)),

the arc-cosine kernel of degree two (`deepinit.meanfield.arc_cosine`): h(−1) = 0, h(0) = 1, h(1) = 6,
rising in between. Hence

    E M_{j+1}² ≤ (1 + 5/C) E M_j²                                   for either padding,
    E M_{j+1}² ≥ (1 + 5/(C P)) E M_j²     for circular padding and activations that are ≥ 0,

(h ≤ 6 and (1/P) Σ A_p ≤ M_j; h ≥ 1 for ρ ≥ 0, h(1) = 6 on the diagonal, Jensen). The upper bound is
attained where all patches are parallel, as in a constant image; there the network has the law
of a fully connected one of width C (`deepinit.dense.length_law`). Patches become parallel
with depth as the inputs of `deepinit.meanfield.arc_cosine` do. The simulation is in
`deepinit.conv.convolution`.
"""

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import ndimage

Padding = Literal["circular", "zero"]
_FILTER_MODE = {"circular": "wrap", "zero": "constant"}


def check_kernel(kernel: int) -> None:
    """Check that kernels have a middle.

    Raises:
        ValueError: their side is even, or not positive.
    """
    if kernel < 1 or kernel % 2 == 0:
        raise ValueError(f"the kernel must have an odd side, not {kernel}")


def _filter_mode(padding: Padding) -> str:
    """Return what scipy calls a padding.

    Raises:
        ValueError: it is not known.
    """
    if padding not in _FILTER_MODE:
        raise ValueError(f"padding must be 'circular' or 'zero', not {padding!r}")
    return _FILTER_MODE[padding]


def check_networks(image: NDArray[np.float32], networks: int) -> None:
    """Check that there are networks, and that they see an image.

    Raises:
        ValueError: there is none, or an image of another shape than (channels, rows, columns), or of zeros.
    """
    if networks < 1:
        raise ValueError(f"networks must be positive, not {networks}")
    if image.ndim != 3:
        raise ValueError(f"an image has the shape (channels, rows, columns), not {image.shape}")
    if not image.any():
        raise ValueError("the image is zero everywhere, and so are all lengths")


def mean_square_by_pixel(
    image: ArrayLike, depth: int, kernel: int, padding: Padding
) -> NDArray[np.float64]:
    """Return A_j(p) for j = 0 … depth, shape (depth + 1, rows, columns).

    Args:
        image: input, shape (channels, rows, columns).

    Raises:
        ValueError: an even kernel (which has no middle), or an unknown padding.
    """
    check_kernel(kernel)
    mode = _filter_mode(padding)
    squares = [np.square(np.asarray(image, dtype=np.float64)).mean(axis=0)]
    for _ in range(depth):
        squares.append(ndimage.uniform_filter(squares[-1], kernel, mode=mode))
    return np.stack(squares)


def mean_length(image: ArrayLike, depth: int, kernel: int, padding: Padding) -> NDArray[np.float64]:
    """Return E[M_j]/M_0 for j = 0 … depth, shape (depth + 1,), any symmetric weights."""
    lengths = mean_square_by_pixel(image, depth, kernel, padding).mean(axis=(1, 2))
    return lengths / lengths[0]


def kept_share(rows: int, columns: int, kernel: int, padding: Padding) -> NDArray[np.float64]:
    """Return in which share of k² patches each pixel is, shape (rows, columns).

    1 everywhere for circular padding, less at the borders for zero padding: given a layer, the
    next has E M_{j+1} = the mean of this share times the squared activations.

    Raises:
        ValueError: an unknown padding.
    """
    return ndimage.uniform_filter(np.ones((rows, columns)), kernel, mode=_filter_mode(padding))

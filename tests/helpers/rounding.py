"""What float32 may be off by, on any processor: tests of rounding take their bounds from here.

Libraries add up in another order on every processor and instruction set, so that no error seen on
one of them is a bound on another. Two bounds do hold:

* in advance: `sum_rounding`, of a sum in whatever order;
* beside a plain computation in the same test, `assert_as_exact_as_plain`, where errors are amplified
  on the way, as in training, by nobody knows how much.
"""

from collections.abc import Callable

import numpy as np
import torch

#: Largest relative error of one rounding to float32.
UNIT = 2.0**-24
PLAIN_RUNS, FACTOR = 7, 10


def sum_rounding(terms: int) -> float:
    """Return what a float32 sum of products may be off by, as a share of the sum of their absolute values.

    n u/(1 − n u), in any order, with or without fused multiplication (Higham 2002, section 3.1).
    """
    return terms * UNIT / (1 - terms * UNIT)


def nudged(numbers: torch.Tensor, run: int) -> torch.Tensor:
    """Return float32 numbers of which one in twelve is moved to a neighbour: the variance of a rounding.

    Numbers of run 0 stay as they are.
    """
    if run == 0:
        return numbers.clone()
    draws = torch.rand(numbers.shape, generator=torch.Generator().manual_seed(run))
    up, down = (numbers.new_full(numbers.shape, sign * torch.inf) for sign in (1, -1))
    towards = torch.where(draws < 1 / 24, up, torch.where(draws < 1 / 12, down, numbers))
    return torch.nextafter(numbers, towards)


def largest_error(found: object, exact: object) -> float:
    """Return the largest distance of two arrays of one shape."""
    found, exact = np.asarray(found, dtype=float), np.asarray(exact, dtype=float)
    assert found.shape == exact.shape
    return float(np.abs(found - exact).max())


def assert_as_exact_as_plain(ours: object, plain: Callable[[int], object], exact: object) -> None:
    """Assert that an error is at most FACTOR times the largest of PLAIN_RUNS plain float32 computations.

    `plain` computes from numbers `nudged` by run. If all errors have one normal law, the largest of
    seven is below a tenth of the eighth with a probability of 1e-6, and with a smaller one where a
    largest error is that of many independent numbers. One rounding of the result is always allowed.

    Args:
        ours: the numbers to be judged.
        plain: run ↦ the same numbers computed in the reference way.
        exact: the same numbers computed in float64.
    """
    plain_error = max(largest_error(plain(run), exact) for run in range(PLAIN_RUNS))
    allowed = FACTOR * plain_error + UNIT * np.abs(np.asarray(exact, dtype=float)).max()
    error = largest_error(ours, exact)
    assert error <= allowed

"""Sums of one tensor of a network: its size, how much of it differs between inputs, and its gradient.

Over T inputs (t, along the batch axis) and all other elements (i), a pixel counting as a unit,

    mean square  mean_{i,t} y_i(t)²,
    v² = mean_i var_t y_i(t)  (T − 1 in the denominator),     m² = mean_i (mean_t y_i(t))² − v²/T,

unbiased as in `deepinit.meanfield.sample_variance`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

import numpy as np
import torch
from numpy.typing import NDArray

#: Numbers of each tensor that are kept until the network has been measured.
SAMPLED = 2048


@cache
def _sampled(size: int) -> torch.Tensor:
    """Return which numbers of a tensor are kept, spread over all of it; the same for the same size."""
    if size <= SAMPLED:
        return torch.arange(size)
    return torch.randint(size, (SAMPLED,), generator=torch.Generator().manual_seed(0))


@dataclass
class Statistics:
    """Sums of one tensor; NaN for what it does not have.

    Attributes:
        shape: of the tensor.
        mean_square: over everything.
        first: the mean square of the first input alone.
        squared_mean: m².
        variance: v².
        off: share of units that are zero for every input.
        gradient: mean square of ∂loss/∂y.
        numbers: some of the tensor's, float32 or wider, at the same places in tensors of one size.
        epsilon: relative rounding error of the tensor's type.
    """

    shape: tuple[int, ...]
    mean_square: float
    first: float
    squared_mean: float
    variance: float
    off: float
    numbers: torch.Tensor
    epsilon: float
    gradient: float = math.nan

    @property
    def array(self) -> NDArray[np.float64]:
        """These numbers, float64."""
        return self.numbers.double().numpy(force=True)

    def set_gradient(self, gradient: torch.Tensor) -> None:
        """Take the gradient when it is known; what is not a number counts as infinite."""
        square = float(gradient.detach().double().square().mean())
        self.gradient = square if math.isfinite(square) else math.inf


def statistics(values: torch.Tensor, samples: int, batch_axis: int, units: int) -> Statistics:
    """Return the sums of a tensor.

    Args:
        samples: T; a batch axis of k T elements is read as T times k, any other as no batch axis.
        batch_axis: of the tensor.
        units: axis of the units, after the batch axis was moved to the front.
    """
    x = values.detach().movedim(min(batch_axis, values.ndim - 1), 0)
    numbers = x.reshape(-1)[_sampled(x.numel()).to(x.device)]
    numbers = numbers.to(torch.promote_types(x.dtype, torch.float32))
    x = x.double()
    off = math.nan
    if x.ndim > 1:
        off = float((x == 0).movedim(units, 0).flatten(1).all(dim=1).double().mean())
    first, m2, v2 = (math.nan,) * 3
    if x.shape[0] % samples == 0 and x.numel():
        rows = x.reshape(samples, -1)
        first = float(rows[0].square().mean())
        if samples > 1:
            v2 = float(rows.var(dim=0).mean())
            m2 = float(rows.mean(dim=0).square().mean()) - v2 / samples
    mean_square, epsilon = float(x.square().mean()), torch.finfo(values.dtype).eps
    return Statistics(tuple(values.shape), mean_square, first, m2, v2, off, numbers, epsilon)

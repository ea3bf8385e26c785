"""Residual branches, found by comparing numbers (derived here).

What goes into a layer and equals h + a f, with h and f tensors seen shortly before and a number a, is the
sum of a stream h and a branch f; so is max(h + a f, 0), compared where it is positive. With n numbers at
hand (n ≥ 32 is asked for, 2048 are looked at), x − h is parallel to f by chance with a probability below
δ^{n−1}, δ ≈ 10⁻³ the angle that counts as none. Of the two, h is the one that went into a layer, too; where
neither did, as with a convolution in the shortcut (stride 2 in ResNet), there is no stream that goes on and
no branch is counted. Branches that are not parallel to a tensor seen (scaled unit by unit) or zero are
not found either; `blocks` of `deepinit.probe` names them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from deepinit.probing.recording import Layer
from deepinit.probing.sums import Statistics

#: How far back a stream or a branch is looked for.
_WINDOW = 24
_FEWEST_NUMBERS = 32
_ANGLE = 1e-3


class Place(NamedTuple):
    """A tensor: the "inputs" or "outputs" of layer number `layer`."""

    layer: int
    side: str

    def of(self, layers: Sequence[Layer]) -> Statistics:
        """Return its statistics in one network."""
        return getattr(layers[self.layer], self.side)


class Addition(NamedTuple):
    """A residual branch: `total` is `base` + branch, or the ReLU of it if `rectified`.

    Attributes:
        end: where the stream goes on: where a module takes the ReLU of the sum, what comes out of it.
        branch: a tensor of which the branch is a multiple, where there is one.
    """

    base: Place
    total: Place
    rectified: bool
    end: Place
    branch: Place | None = None

    def relative_size(self, layers: Sequence[Layer]) -> float:
        """Return ‖branch‖/‖base‖ in one network, exact if `branch` is known, else from some numbers."""
        base, total = (place.of(layers).array for place in (self.base, self.total))
        if self.rectified:
            base, total = base[total > 0], total[total > 0]
        with np.errstate(divide="ignore", invalid="ignore"):
            size = np.linalg.norm(total - base)
            if self.branch is None:
                return float(size / np.linalg.norm(base))
            found = self.branch.of(layers)
            seen = found.array[self.total.of(layers).array > 0] if self.rectified else found.array
            square = found.mean_square / self.base.of(layers).mean_square
            return float(size / np.linalg.norm(seen) * np.sqrt(square))


def addition_into(total: Place, layers: Sequence[Layer]) -> Addition | None:
    """Return the addition of which layer `total.layer` gets the sum, or None."""
    found, after = total.of(layers), layers[total.layer].outputs
    x, places = found.array, []
    # By their bytes, so that a tensor that was seen several times is one.
    pool: dict[bytes, NDArray[np.float64]] = {}
    entered: set[bytes] = set()
    if len(x) < _FEWEST_NUMBERS:
        return None
    for number in range(max(0, total.layer - _WINDOW), total.layer):
        for side in ("inputs", "outputs"):
            seen = getattr(layers[number], side)
            if seen is None or seen.shape != found.shape:
                continue
            values = seen.array
            key = values.tobytes()
            if key not in pool and values.any():
                pool[key] = values
                places.append(Place(number, side))
            if side == "inputs":
                entered.add(key)
    if not pool or x.tobytes() in pool:
        return None
    bases, streams = np.array(list(pool.values())), np.array([key in entered for key in pool])
    # A branch may end in a ReLU that is no module.
    branches = np.concatenate([bases, np.maximum(bases, 0)])
    for rectified in (False, True):
        chosen = x > 0 if rectified else np.full(len(x), True)
        if (rectified and (x.min() < 0 or chosen.all())) or chosen.sum() < _FEWEST_NUMBERS:
            continue
        pair = _first_sum(x[chosen], bases[:, chosen], branches[:, chosen], found.epsilon, streams)
        if pair is not None:
            follows = after is not None and np.array_equal(after.array, np.maximum(x, 0))
            end = Place(total.layer, "outputs") if follows else total
            branch = places[pair[1]] if pair[1] < len(places) else None
            return Addition(places[pair[0]], total, rectified, end, branch)
    return None


def _first_sum(
    x: NDArray[np.float64],
    bases: NDArray[np.float64],
    branches: NDArray[np.float64],
    epsilon: float,
    streams: NDArray[np.bool_],
) -> tuple[int, int] | None:
    """Return the first row of `bases` in `streams` from which x differs by a multiple of a branch, and it."""
    differences = x - bases
    size = np.linalg.norm(differences, axis=1)
    rounding = 4 * epsilon * (np.linalg.norm(x) + np.linalg.norm(bases, axis=1))
    angle = _ANGLE + rounding / np.maximum(size, rounding)
    cosines = _cosines(differences, branches)
    parallel = 1 - cosines**2 < angle[:, None] ** 2
    # Neither a multiple of one tensor, nor a difference that is rounding alone.
    parallel &= _apart(_cosines(bases, branches)) & _apart(_cosines(x[None], branches))
    parallel &= ((angle < 0.1) & _apart(_cosines(bases, x[None]))[:, 0] & streams)[:, None]
    found = np.argwhere(parallel)
    return (int(found[0][0]), int(found[0][1])) if len(found) else None


def _cosines(rows: NDArray[np.float64], others: NDArray[np.float64]) -> NDArray[np.float64]:
    unit = [
        each / np.maximum(np.linalg.norm(each, axis=1, keepdims=True), 1e-300)
        for each in (rows, others)
    ]
    return unit[0] @ unit[1].T


def _apart(cosines: NDArray[np.float64]) -> NDArray[np.bool_]:
    return 1 - cosines**2 > 1e-9

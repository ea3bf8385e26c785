"""What a network does between its modules, read off the first numbers that pass (derived here).

Two things happen outside modules, and in modules of a user's own: activations (`F.relu`) and sums (`x + f`).
Both are found by comparison. A layer's input that equals φ of what came out before, number by number and up to
rounding, is that activation. One that equals h + a f, with h and f tensors seen shortly before and a number a, is
the sum of a stream h and a residual branch f; so is max(h + a f, 0) where it is positive. With n numbers at
hand (n ≥ 32 is asked for, 2048 are looked at), x − h is parallel to f by chance with a probability below
δ^{n−1}, δ ≈ 10⁻³ the angle that counts as none.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import special

from deepinit.probing.recording import WEIGHTED, Layer, Statistics

Function = Callable[[NDArray[np.float64]], NDArray[np.float64]]
#: How far back a stream or a branch is looked for.
_WINDOW = 24
_FEWEST_NUMBERS = 32
_ANGLE = 1e-3
#: Activations that are recognised, beside leaky ReLU of any slope.
ACTIVATIONS: dict[str, Function] = {
    "ReLU": lambda z: np.maximum(z, 0),
    "tanh": np.tanh,
    "GELU": lambda z: z * special.ndtr(z),
    "GELU, tanh": lambda z: z / 2 * (1 + np.tanh(np.sqrt(2 / np.pi) * (z + 0.044715 * z**3))),
    "erf": special.erf,
    "SiLU": lambda z: z * special.expit(z),
    "ELU": lambda z: np.where(z > 0, z, np.expm1(np.minimum(z, 0))),
    "SELU": lambda z: (
        1.0507009873554805 * np.where(z > 0, z, 1.6732632423543772 * np.expm1(np.minimum(z, 0)))
    ),
    "sigmoid": special.expit,
    "linear": lambda z: z,
}


class Place(NamedTuple):
    """A tensor: the "inputs" or "outputs" of layer number `layer`."""

    layer: int
    side: str

    def of(self, layers: Sequence[Layer]) -> Statistics:
        """Return its statistics in one network."""
        return getattr(layers[self.layer], self.side)


class Addition(NamedTuple):
    """A residual branch: `total` is `base` + branch, or the ReLU of it if `rectified`."""

    base: Place
    total: Place
    rectified: bool

    def relative_size(self, layers: Sequence[Layer]) -> float:
        """Return ‖branch‖/‖base‖ in one network; where `rectified`, over positive sums alone."""
        base, total = (_numbers(place.of(layers)) for place in (self.base, self.total))
        if self.rectified:
            base, total = base[total > 0], total[total > 0]
        with np.errstate(divide="ignore", invalid="ignore"):
            return float(np.linalg.norm(total - base) / np.linalg.norm(base))


@dataclass(frozen=True)
class Chain:
    """Fully connected layers, each fed by φ of the one below and by nothing else.

    Attributes:
        layers: numbers of the linear layers, from the input up.
        activation: name of φ, and `function`, φ itself.
        normalisation: name of the module between each layer and its φ, or "".
        last: whether φ follows on the last layer, too.
    """

    layers: tuple[int, ...]
    activation: str
    function: Function
    normalisation: str
    last: bool


@dataclass(frozen=True)
class Structure:
    """How the layers of a network hang together.

    Attributes:
        additions: residual branches in their order.
        stream: those of the longest run in which each begins with the sum of the one before.
        chain: the network as a chain, or None.
        lengths: where the size of activations is followed: the stream of a residual network, else what
            goes into each layer with weights.
        preactivations: the stream, else what comes out of each layer with weights.
    """

    additions: tuple[Addition, ...]
    stream: tuple[Addition, ...]
    chain: Chain | None
    lengths: tuple[Place, ...]
    preactivations: tuple[Place, ...]


def _numbers(found: Statistics) -> NDArray[np.float64]:
    return found.numbers.double().numpy(force=True)


def _addition(total: Place, layers: Sequence[Layer]) -> Addition | None:
    """Return the addition of which layer `total.layer` gets the sum, or None."""
    found = total.of(layers)
    x, pool, places = _numbers(found), [], []
    if len(x) < _FEWEST_NUMBERS:
        return None
    for number in range(max(0, total.layer - _WINDOW), total.layer):
        for side in ("inputs", "outputs"):
            seen = getattr(layers[number], side)
            if seen is None or seen.shape != found.shape:
                continue
            values = _numbers(seen)
            if np.array_equal(values, x):
                return None
            if values.any() and not any(np.array_equal(values, other) for other in pool):
                pool.append(values)
                places.append(Place(number, side))
    if not pool:
        return None
    bases = np.array(pool)
    # A branch may end in a ReLU that is no module.
    branches = np.concatenate([bases, np.maximum(bases, 0)])
    for rectified in (False, True):
        chosen = x > 0 if rectified else np.full(len(x), True)
        if rectified and (x.min() < 0 or chosen.all()) or chosen.sum() < _FEWEST_NUMBERS:
            continue
        base = _first_sum(x[chosen], bases[:, chosen], branches[:, chosen], found.epsilon)
        if base is not None:
            return Addition(places[base], total, rectified)
    return None


def _first_sum(
    x: NDArray[np.float64],
    bases: NDArray[np.float64],
    branches: NDArray[np.float64],
    epsilon: float,
) -> int | None:
    """Return the first row of `bases` from which x differs by a multiple of one of `branches`."""
    differences = x - bases
    size = np.linalg.norm(differences, axis=1)
    rounding = 4 * epsilon * (np.linalg.norm(x) + np.linalg.norm(bases, axis=1))
    angle = _ANGLE + rounding / np.maximum(size, rounding)
    cosines = _cosines(differences, branches)
    parallel = 1 - cosines**2 < angle[:, None] ** 2
    # Neither a multiple of one tensor, nor a difference that is rounding alone.
    parallel &= _apart(_cosines(bases, branches)) & _apart(_cosines(x[None], branches))
    parallel &= ((angle < 0.1) & _apart(_cosines(bases, x[None]))[:, 0])[:, None]
    found = np.flatnonzero(parallel.any(axis=1))
    return int(found[0]) if len(found) else None


def _cosines(rows: NDArray[np.float64], others: NDArray[np.float64]) -> NDArray[np.float64]:
    unit = [
        each / np.maximum(np.linalg.norm(each, axis=1, keepdims=True), 1e-300)
        for each in (rows, others)
    ]
    return unit[0] @ unit[1].T


def _apart(cosines: NDArray[np.float64]) -> NDArray[np.bool_]:
    return 1 - cosines**2 > 1e-9


def _fits(before: Statistics, after: Statistics) -> dict[str, float]:
    """Return name ↦ error of the activations that lead from one tensor to another."""
    z, x = _numbers(before), _numbers(after)
    scale = np.abs(z).max(initial=0)
    if len(z) != len(x) or not scale:
        return {}
    candidates = dict(ACTIVATIONS)
    below = z < -scale / 100
    if below.any() and (slope := float(np.median(x[below] / z[below]))) > 0.001:
        name = f"leaky ReLU {slope:.3g}"
        if slope < 0.999:
            candidates[name] = _leaky(name)
    errors = {name: float(np.abs(f(z) - x).max()) / scale for name, f in candidates.items()}
    return {name: error for name, error in errors.items() if error < 16 * after.epsilon}


def _leaky(name: str) -> Function:
    slope = float(name.rpartition(" ")[2])
    return lambda z: np.where(z > 0, z, slope * z)


def activation_function(name: str) -> Function:
    """Return φ of a name that `Chain.activation` may have."""
    return ACTIVATIONS[name] if name in ACTIVATIONS else _leaky(name)


def _chain(layers: Sequence[Layer]) -> Chain | None:
    """Return the network as a chain; None if it is none, or has one layer alone."""
    weighted = [number for number, layer in enumerate(layers) if layer.kind in WEIGHTED]
    if len(weighted) < 2 or any(layers[number].kind != "linear" for number in weighted):
        return None
    errors: dict[str, float] | None = None
    norms: set[str] = set()
    last = False
    for below, above in zip(weighted, [*weighted[1:], len(layers) - 1], strict=True):
        between = [n for n in range(below, above) if layers[n].kind == "normalisation"]
        entering = layers[above].inputs
        if entering is None:
            return None
        fits = _fits(layers[between[-1] if between else below].outputs, entering)
        if above == len(layers) - 1:
            last = bool(fits) and (bool(between) or "linear" not in fits)
            if not last:
                break
        norms.add(layers[between[-1]].module if between else "")
        errors = {n: max(e, (errors or fits)[n]) for n, e in fits.items() if n in (errors or fits)}
    if not errors or len(norms) != 1:
        return None
    # Where all numbers are tiny, smooth activations are linear up to rounding.
    name = min(errors, key=lambda n: (n == "linear", errors[n]))
    return Chain(tuple(weighted), name, activation_function(name), norms.pop(), last)


def structure_of(layers: Sequence[Layer]) -> Structure:
    """Return the structure of a network that has been recorded, its numbers still there."""
    additions, totals = [], set()
    for number, layer in enumerate(layers):
        found = _addition(Place(number, "inputs"), layers) if layer.inputs else None
        # A sum that goes into two modules is one addition.
        if found and (key := _numbers(found.total.of(layers)).tobytes()) not in totals:
            totals.add(key)
            additions.append(found)
    runs: list[list[Addition]] = []
    for found in additions:
        end = _numbers(runs[-1][-1].total.of(layers)) if runs else None
        if end is not None and np.array_equal(end, _numbers(found.base.of(layers))):
            runs[-1].append(found)
        else:
            runs.append([found])
    stream = tuple(max(runs, key=len, default=[]))
    chain = None if additions else _chain(layers)
    if len(additions) > 1:
        places = (additions[0].base, *(found.total for found in additions))
        return Structure(tuple(additions), stream, None, places, places)
    weighted = [n for n, layer in enumerate(layers) if layer.kind in WEIGHTED]
    ends = [Place(n, "inputs") for n in weighted if layers[n].inputs]
    if chain and chain.last:
        ends.append(Place(len(layers) - 1, "inputs"))
    outputs = tuple(Place(n, "outputs") for n in weighted if layers[n].outputs)
    return Structure(tuple(additions), stream, chain, tuple(ends), outputs)

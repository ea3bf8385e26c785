"""How the layers of a network hang together, read off some of the numbers that pass.

Two things happen outside modules, and in modules of a user's own: activations (`F.relu`), which
`deepinit.probing.activations` knows, and sums (`x + f`), for which see `deepinit.probing.additions`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from deepinit.probing.activations import Function, activation_function, fits
from deepinit.probing.additions import Addition, Place, addition_into
from deepinit.probing.recording import WEIGHTED, Layer
from deepinit.probing.sums import Statistics


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

    @property
    def is_residual(self) -> bool:
        """Whether lengths and gradients are followed along a stream."""
        return len(self.additions) > 1


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
        found = fits(layers[between[-1] if between else below].outputs, entering)
        if above == len(layers) - 1:
            last = bool(found) and (bool(between) or "linear" not in found)
            if not last:
                break
        norms.add(layers[between[-1]].module if between else "")
        known = found if errors is None else errors
        errors = {name: max(error, known[name]) for name, error in found.items() if name in known}
    if not errors or len(norms) != 1:
        return None
    # Where all numbers are tiny, smooth activations are linear up to rounding.
    name = min(errors, key=lambda n: (n == "linear", errors[n]))
    return Chain(tuple(weighted), name, activation_function(name), norms.pop(), last)


def _of_blocks(layers: Sequence[Layer]) -> list[Addition]:
    """Return what the blocks add that the user has named: what comes out less what goes in."""
    blocks = [
        (Place(number, "inputs"), Place(number, "outputs"))
        for number, layer in enumerate(layers)
        if layer.kind == "block" and layer.inputs and layer.inputs.shape == layer.outputs.shape
    ]
    return [Addition(base, total, False, total) for base, total in blocks]


def _found(layers: Sequence[Layer]) -> list[Addition]:
    additions, totals = [], set()
    for number, layer in enumerate(layers):
        found = addition_into(Place(number, "inputs"), layers) if layer.inputs else None
        # A sum that goes into two modules is one addition.
        if found and (key := found.total.of(layers).array.tobytes()) not in totals:
            totals.add(key)
            additions.append(found)
    return additions


def _same(one: Statistics, other: Statistics) -> bool:
    return one.shape == other.shape and np.array_equal(one.array, other.array)


def structure_of(layers: Sequence[Layer]) -> Structure:
    """Return the structure of a network that has been recorded, its numbers still there."""
    named = any(layer.kind == "block" for layer in layers)
    additions = _of_blocks(layers) if named else _found(layers)
    runs: list[list[Addition]] = []
    for found in additions:
        end = runs[-1][-1].end.of(layers).array if runs else None
        if end is not None and np.array_equal(end, found.base.of(layers).array):
            runs[-1].append(found)
        else:
            runs.append([found])
    stream = tuple(max(runs, key=len, default=[]))
    chain = None if additions else _chain(layers)
    if len(additions) > 1:
        places = (additions[0].base, *(found.end for found in additions))
        return Structure(tuple(additions), stream, None, places, places)
    weighted = [n for n, layer in enumerate(layers) if layer.kind in WEIGHTED]
    alone: list[int] = []
    for n in weighted:
        # Layers side by side, such as two heads, or a gate and its own, are one. Zeros that go in do not
        # tell: behind a dead layer all get them.
        entering, before = layers[n].inputs, layers[alone[-1]].inputs if alone else None
        if not (entering and before and entering.array.any() and _same(entering, before)):
            alone.append(n)
    ends = [Place(n, "inputs") for n in alone if layers[n].inputs]
    # The state of a recurrent cell before its first step.
    while ends and not ends[0].of(layers).array.any():
        del ends[0]
    if chain and chain.last:
        ends.append(Place(len(layers) - 1, "inputs"))
    outputs = tuple(Place(n, "outputs") for n in alone if layers[n].outputs)
    return Structure(tuple(additions), stream, chain, tuple(ends), outputs)

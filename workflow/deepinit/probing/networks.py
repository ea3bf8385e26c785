"""Networks built one after another, each from a seed of its own, and what was measured on them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from numbers import Integral
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from deepinit.probing.checks import (
    fresh,
    named_modules,
    refuse_if_no_stream,
    refuse_if_not_alike,
    refuse_if_not_finite,
    refuse_if_seen,
)
from deepinit.probing.inputs import UnfitNetworks, arguments, own_copy, tensors
from deepinit.probing.recording import Layer, Recorder
from deepinit.probing.structure import Place, Structure, structure_of
from deepinit.probing.unchanged import as_at_initialisation, seeded
from deepinit.progress import Report, no_progress

FIELDS = ("mean_square", "first", "squared_mean", "variance", "off", "gradient")


@dataclass(frozen=True)
class Measured:
    """What was measured on N networks with the same R layers.

    Attributes:
        samples: T, inputs.
        seeds: of each network, shape (N,): `torch.manual_seed(seeds[k]); build()` gives network k.
        dropout: names of the modules that were switched off.
        layers: of the first network; numbers of weights are means over networks.
        structure: of the first network.
        values: "inputs" or "outputs" ↦ field of `Statistics` ↦ shape (N, R), NaN where there is none.
        branches: ‖branch‖/‖stream‖ of each addition, shape (N, A).
        change: ‖h_L − h_0‖/‖h_0‖ of the stream, shape (N,), NaN without one.
    """

    samples: int
    seeds: NDArray[np.uint32]
    dropout: tuple[str, ...]
    layers: tuple[Layer, ...]
    structure: Structure
    values: Mapping[str, Mapping[str, NDArray[np.float64]]]
    branches: NDArray[np.float64]
    change: NDArray[np.float64]

    @property
    def networks(self) -> int:
        """N."""
        return len(self.seeds)

    def at(self, places: tuple[Place, ...], name: str) -> NDArray[np.float64]:
        """Return a field of `Statistics` at some places, shape (N, places)."""
        columns = [self.values[place.side][name][:, place.layer] for place in places]
        return np.stack(columns, axis=1) if columns else np.empty((self.networks, 0))


def _recorded(
    model: nn.Module, given: tuple, keywords: dict, recorder: Recorder, seed: int
) -> list[Layer]:
    """Return the layers of one network.

    Raises:
        UnfitNetworks: it does not take the inputs.
    """
    own = own_copy(model, (given, keywords))
    try:
        with as_at_initialisation(model):
            return recorder.record(model, *own, seed)
    except (RuntimeError, TypeError, ValueError, IndexError, NotImplementedError) as error:
        sizes = ", ".join(
            f"{tuple(tensor.shape)} {str(tensor.dtype).removeprefix('torch.')}"
            for tensor in tensors((given, keywords))
        )
        said = (str(error).strip().splitlines() or [type(error).__name__])[0]
        name = type(model).__name__
        raise UnfitNetworks(f"{name} does not take inputs of shape {sizes}: {said}") from error


def measure(
    build: Callable[[], nn.Module],
    inputs: Any,
    networks: int,
    seed: int,
    batch_axis: int = 0,
    progress: Report = no_progress,
    blocks: Sequence[str] = (),
) -> Measured:
    """Return what is measured on `networks` networks, one of which is in memory at a time.

    Raises:
        UnfitNetworks: they cannot be measured.
    """
    for name, number, least in (("networks", networks, 2), ("seed", seed, 0)):
        if not isinstance(number, Integral) or number < least:
            raise UnfitNetworks(f"{name} must be a whole number from {least} on, not {number!r}")
    seeds = np.random.SeedSequence(seed).generate_state(networks + 1)
    with seeded(int(seeds[-1])):
        given, keywords, samples = arguments(inputs, batch_axis)
    recorded: list[list[Layer]] = []
    structure, residual = None, []
    seen: set[tuple[float, ...]] = set()
    dropout: tuple[str, ...] = ()
    for network, own in enumerate(seeds[:-1]):
        with seeded(int(own)):
            model = fresh(build)
            recorder = Recorder(samples, batch_axis, named_modules(model, blocks))
            layers = _recorded(model, given, keywords, recorder, int(own))
        refuse_if_seen(model, seen)
        dropout = tuple(
            name
            for name, part in model.named_modules()
            if isinstance(part, nn.modules.dropout._DropoutNd)
        )
        del model
        recorded.append(layers)
        refuse_if_not_alike(recorded[0], layers)
        # Numbers that are not finite are refused below, with how many networks have them.
        with np.errstate(all="ignore"):
            structure = structure or structure_of(layers)
            refuse_if_no_stream(structure, layers, blocks)
            residual.append(_residual(structure, layers))
        for layer in layers:
            for found in (layer.inputs, layer.outputs):
                if found is not None:
                    found.numbers = torch.empty(0)
        progress(network + 1, networks)
    refuse_if_not_finite(recorded)
    branches, change = (np.array(column) for column in zip(*residual, strict=True))
    return Measured(
        samples, seeds[:-1], dropout, _mean_layers(recorded), structure, _stacked(recorded),
        branches, change,
    )  # fmt: skip


def _residual(structure: Structure, layers: list[Layer]) -> tuple[list[float], float]:
    """Return the relative size of each branch, and the change of the stream."""
    sizes = [found.relative_size(layers) for found in structure.additions]
    if not structure.stream:
        return sizes, np.nan
    start, end = (
        place.of(layers).numbers.double()
        for place in (structure.stream[0].base, structure.stream[-1].end)
    )
    return sizes, float((end - start).norm() / start.norm())


def _mean_layers(recorded: list[list[Layer]]) -> tuple[Layer, ...]:
    """Return the layers of the first network, with the moments of weights of all of them."""
    for layer, *others in zip(*recorded, strict=True):
        for name in ("weight_square", "bias_square"):
            setattr(layer, name, float(np.mean([getattr(o, name) for o in (layer, *others)])))
    return tuple(recorded[0])


def _stacked(recorded: list[list[Layer]]) -> dict[str, dict[str, NDArray[np.float64]]]:
    def values(side: str, name: str) -> NDArray[np.float64]:
        rows = [[getattr(getattr(each, side), name, np.nan) for each in row] for row in recorded]
        return np.array(rows)

    return {side: {name: values(side, name) for name in FIELDS} for side in ("inputs", "outputs")}

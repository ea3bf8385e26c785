"""What a builder must return to be measured."""

from __future__ import annotations

import difflib
import fnmatch
from collections.abc import Callable, Sequence

import numpy as np
from torch import nn
from torch.nn.parameter import is_lazy

from deepinit.probing.inputs import UnfitNetworks
from deepinit.probing.recording import Layer
from deepinit.probing.structure import Structure


def fresh(build: Callable[[], nn.Module]) -> nn.Module:
    """Return a new network.

    Raises:
        UnfitNetworks: it is none, or has no parameters, or lazy ones.
    """
    model = build()
    name = type(model).__name__
    if not isinstance(model, nn.Module):
        raise UnfitNetworks(f"the builder must return a torch.nn.Module, and returned {name}")
    if not any(True for _ in model.parameters()):
        raise UnfitNetworks(f"the module {name} has no parameters: nothing in it is initialised")
    for key, parameter in model.named_parameters():
        if is_lazy(parameter):
            raise UnfitNetworks(
                f"the parameter {key} is lazy and has no numbers yet: let the builder call the module on a "
                "batch, in eval mode"
            )
    return model


def named_modules(model: nn.Module, patterns: Sequence[str]) -> set[str]:
    """Return the names of modules that fit patterns; a * stands for a part between two dots.

    Raises:
        UnfitNetworks: one fits none.
    """
    names, found = [name for name, _ in model.named_modules() if name], set()
    for pattern in patterns:
        dots = pattern.count(".")
        fit = {n for n in names if n.count(".") == dots and fnmatch.fnmatchcase(n, pattern)}
        if not fit:
            close = difflib.get_close_matches(pattern, names, n=1, cutoff=0)
            near = f"; the nearest is '{close[0]}'" if close else ""
            raise UnfitNetworks(f"there is no module '{pattern}'{near}")
        found |= fit
    return found


def refuse_if_no_stream(structure: Structure, layers: list[Layer], blocks: Sequence[str]) -> None:
    """Check that blocks that were named take a stream and give it back.

    Raises:
        UnfitNetworks: none does.
    """
    if blocks and not (structure.additions and any(layer.kind == "block" for layer in layers)):
        raise UnfitNetworks(
            f"no module of {', '.join(blocks)} is called with a tensor and gives back one of its shape, "
            "so none has a residual branch"
        )


def refuse_if_seen(model: nn.Module, seen: set[tuple[float, ...]]) -> None:
    """Check that a network has other weights than those before, and remember them in `seen`.

    Raises:
        UnfitNetworks: it has the same.
    """
    squares = tuple(float(p.detach().double().square().sum()) for p in model.parameters())
    if squares in seen:
        raise UnfitNetworks(
            "the builder returned the same weights twice: it must build a new module at every call, and draw "
            "its weights without a seed of its own"
        )
    seen.add(squares)


def refuse_if_not_alike(first: list[Layer], other: list[Layer]) -> None:
    """Check that two networks have the same layers.

    Raises:
        UnfitNetworks: they have not.
    """
    names, others = ([(layer.name, layer.kind) for layer in layers] for layers in (first, other))
    if names != others:
        odd = next((b[0] for a, b in zip(names, others, strict=False) if a != b), "the last")
        raise UnfitNetworks(
            f"the builder returned networks with other layers than the first, from '{odd}' on"
        )


def refuse_if_not_finite(recorded: list[list[Layer]]) -> None:
    """Check that all outputs and gradients are numbers.

    Raises:
        UnfitNetworks: some are not; the first such layer on the way is named.
    """
    for name, words, order in (("mean_square", "outputs", 1), ("gradient", "gradients", -1)):
        first = []
        for layers in recorded:
            values = np.array([getattr(layer.outputs, name, 0.0) for layer in layers])
            # Not every output has a gradient.
            wrong = np.isinf(values) if order < 0 else ~np.isfinite(values)
            first += np.flatnonzero(wrong)[::order][:1].tolist()
        if first:
            number = min(first, key=lambda layer: order * layer)
            layer = recorded[0][number]
            raise UnfitNetworks(
                f"{words} of layer {number + 1}, '{layer.name}' ({layer.module}), are infinite or not a "
                f"number in {len(first)} of {len(recorded)} networks"
            )

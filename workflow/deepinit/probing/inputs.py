"""The inputs of a user's module: arguments of a call, of which each network gets copies of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import nn


class UnfitNetworks(ValueError):
    """The builder, its networks or the inputs cannot be measured; one sentence says why."""


def _mapped(function: Callable[[torch.Tensor], torch.Tensor], nested: Any) -> Any:
    """Return nested tuples, lists and dictionaries with `function` of their tensors."""
    if isinstance(nested, torch.Tensor):
        return function(nested)
    if isinstance(nested, Mapping):
        return {name: _mapped(function, part) for name, part in nested.items()}
    if isinstance(nested, tuple | list):
        parts = [_mapped(function, part) for part in nested]
        return type(nested)(*parts) if hasattr(nested, "_fields") else type(nested)(parts)
    return nested


def tensors(nested: Any) -> list[torch.Tensor]:
    """Return all tensors in nested tuples, lists and dictionaries."""
    if isinstance(nested, torch.Tensor):
        return [nested]
    parts = nested.values() if isinstance(nested, Mapping) else nested
    inside = parts if isinstance(nested, Mapping | tuple | list) else ()
    return [tensor for part in inside for tensor in tensors(part)]


def arguments(inputs: Any, batch_axis: int) -> tuple[tuple, dict, int]:
    """Return positional and keyword arguments of a call, and how many inputs they are.

    Args:
        inputs: a tensor, a tuple or list of arguments, a mapping of keywords, or a function
            without arguments that returns one of these.

    Raises:
        UnfitNetworks: there is no tensor, it has no such axis, or its numbers tell nothing.
    """
    inputs = inputs() if callable(inputs) else inputs
    found = tensors(inputs)
    if not found:
        kind = type(inputs).__name__
        raise UnfitNetworks(f"the inputs must be a tensor, or arguments with one, not {kind}")
    if found[0].ndim <= batch_axis or not found[0].numel():
        shape = tuple(found[0].shape)
        raise UnfitNetworks(f"inputs of shape {shape} have no batch along axis {batch_axis}")
    if any(not bool(torch.isfinite(tensor).all()) for tensor in found):
        raise UnfitNetworks("the inputs are infinite or not a number in places")
    if found[0].is_floating_point() and not bool(found[0].any()):
        raise UnfitNetworks("the inputs are all zero: no length can be compared with theirs")
    samples = found[0].shape[batch_axis]
    if isinstance(inputs, Mapping):
        return (), dict(inputs), samples
    return (tuple(inputs) if isinstance(inputs, tuple | list) else (inputs,)), {}, samples


def own_copy(model: nn.Module, given: Any) -> Any:
    """Return copies of all tensors in `given`, on the device of the parameters of `model`."""
    device = next(model.parameters()).device
    return _mapped(lambda tensor: tensor.detach().to(device, copy=True), given)

"""One forward and one backward pass of any torch module, with the sums of every layer.

A *layer* is a call of a module inside which no other module is called, in the order of execution; a module
that is called twice is two layers. Of what goes into a layer and of what comes out there are the numbers of
`deepinit.probing.sums`, the mean square of ∂loss/∂y among them, where the gradient at the output of the
network is white noise of its own for every input. No tensor is kept, but for some numbers of each, by
which `deepinit.probing.structure` finds what happens between layers.
"""

from __future__ import annotations

import math
from collections.abc import Set
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import nn

from deepinit.probing.inputs import tensors
from deepinit.probing.sums import Statistics, statistics

_NORMALISATION = (
    nn.modules.batchnorm._NormBase, nn.LayerNorm, nn.GroupNorm, nn.LocalResponseNorm, nn.RMSNorm,
)  # fmt: skip
_CONVOLUTION = nn.modules.conv._ConvNd
#: Kinds of layers with weights.
WEIGHTED = ("linear", "convolution", "attention", "weights")


@dataclass
class Layer:
    """One layer of one network.

    Attributes:
        name: of the module, " (2)" behind it at its second call.
        kind: "linear", "convolution", "attention", "weights" (any other with a matrix), "normalisation",
            "other", "block" (named by the user, with the layers inside before it), or "output" for what the
            network returns.
        module: name of the module's class.
        width: units or channels of a layer with weights, else 0.
        fan_in: inputs of each unit, else 0.
        weight_square: E w² over its weights.
        orthogonal: whether its rows are orthogonal to each other.
        bias_square: E b².
        inputs: statistics of what goes in, of a recurrent cell its state; None if that is no
            floating-point tensor, or no state is given.
        outputs: of what comes out.
    """

    name: str
    kind: str
    module: str
    width: int = 0
    fan_in: int = 0
    weight_square: float = math.nan
    orthogonal: bool = False
    bias_square: float = 0.0
    inputs: Statistics | None = None
    outputs: Statistics | None = None


def _first(nested: Any) -> torch.Tensor | None:
    """Return the first floating-point tensor in nested tuples, lists and mappings."""
    return next((x for x in tensors(nested) if x.is_floating_point() and x.ndim), None)


def _kind(module: nn.Module) -> str:
    if isinstance(module, nn.Linear):
        return "linear"
    if isinstance(module, _CONVOLUTION):
        return "convolution"
    if isinstance(module, nn.MultiheadAttention):
        return "attention"
    if isinstance(module, _NORMALISATION):
        return "normalisation"
    return "weights" if any(p.ndim > 1 for p in module.parameters()) else "other"


@torch.no_grad()
def _described(name: str, kind: str, module: nn.Module) -> Layer:
    """Return a layer without statistics."""
    layer = Layer(name, kind, type(module).__name__)
    if layer.kind not in ("linear", "convolution"):
        return layer
    weight, bias = module.weight.double(), module.bias
    layer.width = weight.shape[0]
    if getattr(module, "transposed", False):
        layer.width = module.out_channels
    layer.fan_in = weight.numel() // max(layer.width, 1)
    layer.weight_square = float(weight.square().mean())
    rows = nn.functional.normalize(weight.flatten(1)[:32], dim=1)
    if len(rows) > 1:
        gram = rows @ rows.T
        between = float(gram.square().sum() - gram.diag().square().sum()) / (
            len(rows) ** 2 - len(rows)
        )
        layer.orthogonal = between < 0.01 / rows.shape[1]
    layer.bias_square = 0.0 if bias is None else float(bias.double().square().mean())
    return layer


@dataclass
class Recorder:
    """Records the layers of one network.

    Attributes:
        samples: T.
        batch_axis: of all tensors.
        blocks: names of modules that are recorded whatever they call.
        layers: what has been recorded.
    """

    samples: int
    batch_axis: int
    blocks: Set[str] = frozenset()
    layers: list[Layer] = field(default_factory=list)
    _open: list[list[Any]] = field(default_factory=list)
    _calls: dict[str, int] = field(default_factory=dict)

    def record(self, model: nn.Module, inputs: tuple, keywords: dict, seed: int) -> list[Layer]:
        """Return the layers of one network; gradients included where the output has one.

        Args:
            inputs: of one call, and `keywords`; changed if the module changes them in place.
            seed: of the gradient at the output.
        """
        handles = []
        for name, module in model.named_modules():
            if "parametrizations" not in name.split("."):
                handles.append(
                    module.register_forward_pre_hook(self._before(name), with_kwargs=True)
                )
                handles.append(module.register_forward_hook(self._after(name)))
        with torch.enable_grad():
            try:
                output = model(*inputs, **keywords)
            finally:
                for handle in handles:
                    handle.remove()
            if (values := _first(output)) is not None:
                layer = Layer("(output)", "output", "")
                layer.inputs = self._measured(values, layer.kind)
                self.layers.append(layer)
            # A loss beside the output would add its own gradient.
            ends = [values for values in tensors(output) if values.requires_grad and values.ndim]
            if ends:
                generator = torch.Generator().manual_seed(seed)
                noise = [
                    torch.randn(end.shape, generator=generator).to(end.device, end.dtype)
                    for end in ends
                ]
                torch.autograd.backward(ends, noise)
        return self.layers

    def _before(self, name: str) -> Any:
        def hook(module: nn.Module, inputs: tuple, keywords: dict) -> None:
            for above in self._open:
                if above[1] is not None and above[1].kind != "block":
                    above[1] = None
            # A recurrent cell is a layer on the way of its state; its first argument comes from outside.
            is_cell = isinstance(module, nn.RNNCellBase)
            entry = _first((inputs[1:], keywords.get("hx")) if is_cell else (inputs, keywords))
            kind = "block" if name in self.blocks else _kind(module)
            self._open.append([entry, _described(name, kind, module)])
            # What a layer changes in place is recorded before; one with modules inside may be no layer.
            if kind == "block" or not any(True for _ in module.children()):
                self._enter(self._open[-1])

        return hook

    def _after(self, name: str) -> Any:
        def hook(module: nn.Module, inputs: tuple, output: Any) -> None:
            opened = self._open.pop()
            layer, values = opened[1], _first(output)
            if layer is None or values is None:
                return
            if layer.inputs is None:
                self._enter(opened)
            self._calls[name] = self._calls.get(name, 0) + 1
            if self._calls[name] > 1:
                layer.name += f" ({self._calls[name]})"
            layer.outputs = self._measured(values, layer.kind)
            self.layers.append(layer)

        return hook

    def _enter(self, opened: list[Any]) -> None:
        values, layer = opened
        if values is not None:
            layer.inputs = self._measured(values, layer.kind)

    def _measured(self, values: torch.Tensor, kind: str) -> Statistics:
        axis = 1 if kind == "convolution" and values.ndim > 2 else -1
        found = statistics(values, self.samples, self.batch_axis, axis)
        if values.requires_grad:
            values.register_hook(lambda gradient: found.set_gradient(gradient))
        return found

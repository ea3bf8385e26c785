"""The data-dependent initialisation of Luther & Seung (2019) for any module.

In the order of the forward pass, unit i (channel i of a convolution) of every hidden layer has

    w_i ← w_i/s_i,    b_i ← (b_i − μ_i)/s_i,

μ_i and s_i² being the mean and variance over a batch (and over pixels or positions) of what it would give
out, the layers below initialised already: its outputs have mean 0 and variance 1 on that batch, as after
batch normalisation at step 0. For many networks of one shape at once see
`deepinit.training.initialised_layers`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import nn

from deepinit.probing.inputs import UnfitNetworks, arguments, own_copy
from deepinit.probing.unchanged import as_at_initialisation

_CONVOLUTION = nn.modules.conv._ConvNd


@torch.no_grad()
def sample_init_(model: nn.Module, inputs: Any, *, keep: Sequence[str] | None = None) -> nn.Module:
    """Initialise the linear and convolutional layers of `model` on a batch, in place, and return it.

    Two forward passes, with dropout off and batch normalisation by the batch. A module that is called several
    times is initialised at its first call. Modes, buffers and gradients stay.

    Args:
        inputs: a batch, as in `deepinit.probe`.
        keep: names of layers to leave as they are; None leaves the last one, the output layer, as in the
            paper.

    Raises:
        UnfitNetworks: a ValueError; a layer has no bias to centre it with, or a unit gives out the same for
            all inputs.
    """
    given, keywords, _ = arguments(inputs, batch_axis=0)
    names = {
        module: name
        for name, module in model.named_modules()
        if isinstance(module, nn.Linear | _CONVOLUTION)
    }
    order: dict[nn.Module, None] = {}

    def run(hook: Any) -> None:
        handles = [module.register_forward_hook(hook) for module in names]
        try:
            with as_at_initialisation(model):
                arguments_, keywords_ = own_copy(model, (given, keywords))
                model(*arguments_, **keywords_)
        finally:
            for handle in handles:
                handle.remove()

    run(lambda module, entered, output: order.update({module: None}))
    left = [names[module] for module in list(order)[-1:]] if keep is None else list(keep)
    if unknown := sorted(set(left) - set(names.values())):
        raise UnfitNetworks(f"there is no linear or convolutional layer '{unknown[0]}' to keep")
    waiting = {module for module in order if names[module] not in left}
    if bare := [names[module] for module in order if module in waiting and module.bias is None]:
        raise UnfitNetworks(
            f"layer '{bare[0]}' has no bias, with which its outputs are centred: build it with bias=True"
        )

    def initialise(module: nn.Module, entered: tuple, output: torch.Tensor) -> torch.Tensor | None:
        if module not in waiting:
            return None
        waiting.remove(module)
        axis = -1 if isinstance(module, nn.Linear) else output.ndim - len(module.kernel_size) - 1
        units = output.movedim(axis, 0).flatten(1).double()
        variance, mean = torch.var_mean(units, dim=1, correction=0)
        constant = int((variance <= 0).sum())
        if constant:
            raise UnfitNetworks(
                f"{constant} units of layer '{names[module]}' output the same value for all inputs: take "
                "more inputs, or others"
            )
        deviation = variance.sqrt()
        scale, shift = (part.to(module.weight.dtype) for part in (deviation, mean))
        ones = [1] * (module.weight.ndim - 2)
        if getattr(module, "transposed", False):
            # Weights of a transposed convolution: (inputs, outputs of a group, …).
            by_group = module.weight.unflatten(0, (module.groups, -1))
            by_group.div_(scale.view(module.groups, 1, -1, *ones))
        else:
            module.weight.div_(scale.view(-1, 1, *ones))
        module.bias.sub_(shift).div_(scale)
        along = [-1 if dimension == axis % output.ndim else 1 for dimension in range(output.ndim)]
        return (output - shift.view(along)) / scale.view(along)

    run(initialise)
    return model

"""What a measurement leaves as it was: random states, and all of a module that it is given.

Measured is a network at initialisation: dropout is off, and batch normalisation takes the statistics of
the batch. So all modules are in evaluation mode but those that keep a running mean, which are in training
mode.
"""

import random
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import torch
from torch import nn


@contextmanager
def seeded(seed: int) -> Iterator[None]:
    """Seed torch, numpy and Python's `random`, and put their states back at the end."""
    states = random.getstate(), np.random.get_state()  # noqa: NPY002
    devices = list(range(torch.cuda.device_count())) if torch.cuda.is_initialized() else []
    with torch.random.fork_rng(devices=devices):
        torch.manual_seed(seed)
        np.random.seed(seed)  # noqa: NPY002
        random.seed(seed)
        try:
            yield
        finally:
            random.setstate(states[0])
            np.random.set_state(states[1])  # noqa: NPY002


@contextmanager
def as_at_initialisation(model: nn.Module) -> Iterator[None]:
    """Set the mode in which a network is measured; at the end all of `model` is as it was.

    Modes, buffers, gradients and whether a parameter has one are put back. Inside, every parameter has a
    gradient, which is thrown away as soon as it is known: a backward pass takes no memory for them.
    """
    modes = [(module, module.training) for module in model.modules()]
    buffers = [
        (module, name, buffer, None if buffer is None else buffer.detach().clone())
        for module, _ in modes
        for name, buffer in module._buffers.items()
    ]
    gradients = [(p, p.grad, p.requires_grad) for p in model.parameters()]
    for module, _ in modes:
        module.training = getattr(module, "running_mean", None) is not None
    discarding = []
    for parameter, _, _ in gradients:
        parameter.grad = None
        if parameter.is_floating_point() or parameter.is_complex():
            parameter.requires_grad_(True)
            discarding.append(parameter.register_post_accumulate_grad_hook(_discard))
    try:
        yield
    finally:
        for handle in discarding:
            handle.remove()
        for module, mode in modes:
            module.training = mode
        with torch.no_grad():
            for module, name, buffer, values in buffers:
                # A module may have put another tensor in its place.
                module._buffers[name] = buffer
                if buffer is not None:
                    buffer.copy_(values)
        for parameter, gradient, required in gradients:
            parameter.requires_grad_(required)
            parameter.grad = gradient


def _discard(parameter: torch.Tensor) -> None:
    parameter.grad = None

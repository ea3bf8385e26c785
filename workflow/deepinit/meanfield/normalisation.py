"""What is put before the ReLU: nothing, batch normalisation or layer normalisation.

Tensors have the shape (networks, units, samples). Statistics are those of the batch itself, without
running averages, without scale and shift and without a constant beside the variance: the state of
a net at initialisation. The theory is in `deepinit.meanfield.normalisation_theory`.
"""

from collections.abc import Callable

import torch


def _at_least_two(number: int, what: str) -> None:
    if number < 2:
        raise ValueError(f"normalisation needs two {what} or more: a single one has no variance")


def batch_normalise(preactivations: torch.Tensor) -> torch.Tensor:
    """Return (y_i(t) − ȳ_i)/s_i, every unit normalised over the samples (s² with T).

    Raises:
        ValueError: a single sample.
    """
    _at_least_two(preactivations.shape[2], "samples")
    centred = preactivations - preactivations.mean(dim=2, keepdim=True)
    return centred / centred.square().mean(dim=2, keepdim=True).sqrt_()


def layer_normalise(preactivations: torch.Tensor) -> torch.Tensor:
    """Return every sample normalised over the units.

    Raises:
        ValueError: a single unit.
    """
    _at_least_two(preactivations.shape[1], "units")
    centred = preactivations - preactivations.mean(dim=1, keepdim=True)
    return centred / centred.square().mean(dim=1, keepdim=True).sqrt_()


#: Name ↦ step from the pre-activations of a layer to its activations.
STEPS: dict[str, Callable[[torch.Tensor], torch.Tensor]] = {
    "plain": torch.relu_,
    "batch norm": lambda y: batch_normalise(y).relu_(),
    "layer norm": lambda y: layer_normalise(y).relu_(),
}

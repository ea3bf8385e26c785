"""What is put before the ReLU: nothing, batch normalisation or layer normalisation.

Tensors have the shape (networks, units, samples). Statistics are those of the batch itself, without
running averages, without scale and shift and without a constant beside the variance: the state of
a net at initialisation. The theory is in `deepinit.meanfield.normalisation_theory`.
"""

from collections.abc import Callable

import torch

#: What may be normalised over, axes of pre-activations.
SAMPLES, UNITS = 2, 1


def normalise(preactivations: torch.Tensor, over: int) -> torch.Tensor:
    """Return pre-activations with mean 0 and variance 1 over `SAMPLES` or `UNITS`.

    Over samples it is batch normalisation, (y_i(t) − ȳ_i)/s_i (s² with T); over units layer normalisation.

    Raises:
        ValueError: a single one, which has no variance.
    """
    if preactivations.shape[over] < 2:
        what = "samples" if over == SAMPLES else "units"
        raise ValueError(f"normalisation needs two {what} or more: a single one has no variance")
    centred = preactivations - preactivations.mean(dim=over, keepdim=True)
    return centred / centred.square().mean(dim=over, keepdim=True).sqrt_()


#: Name ↦ step from the pre-activations of a layer to its activations.
STEPS: dict[str, Callable[[torch.Tensor], torch.Tensor]] = {
    "plain": torch.relu_,
    "batch norm": lambda y: normalise(y, SAMPLES).relu_(),
    "layer norm": lambda y: normalise(y, UNITS).relu_(),
}

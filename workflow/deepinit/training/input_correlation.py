"""How far the inputs of a network have collapsed onto one line (Luther & Seung 2019), before training.

Of the pre-activations y_d of the last hidden layer, over T inputs and n units,

    c_d = m²/(m² + v²),   v² = mean_i var_t y_i(t),   m² = mean_i (mean_t y_i(t))² − v²/T,

both without bias: the share of the mean square that all inputs have in common, 1 where they have
become one. `deepinit.meanfield.sample_variance` has the same of networks without training.
"""

from collections.abc import Sequence

import torch


def input_correlation(weights: Sequence[torch.Tensor], images: torch.Tensor) -> float | None:
    """Return c_d of a fully connected ReLU network without biases, or with biases of zero.

    Args:
        weights: layers from the input to the output, the output layer included, (out, in).
        images: inputs, shape (T, pixels).

    Returns:
        None where it is not known: no neuron was active, or a number overflowed.
    """
    preactivations = weights[0] @ images.T
    for layer in weights[1:-1]:
        preactivations = layer @ preactivations.relu_()
    y = preactivations.double()
    variance = y.var(dim=1).mean()
    squared_mean = y.mean(dim=1).square().mean() - variance / y.shape[1]
    found = (squared_mean / (squared_mean + variance)).item()
    return found if abs(found) < float("inf") else None

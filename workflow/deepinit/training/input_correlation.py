"""How far the inputs of a network have collapsed onto one line (Luther & Seung 2019), before training.

c_d is the mean cosine of two inputs' pre-activations y_d in the last hidden layer. With unit vectors
u_t = y_d(t)/‖y_d(t)‖ of T inputs,

    c_d = (T ‖mean_t u_t‖² − 1)/(T − 1),

without the pairs of an input with itself and without inputs that activate no neuron. It is 1 where all
inputs have become one but for their length, which a network without biases carries through:
m²/(m² + v²) of `deepinit.meanfield.sample_variance` is the same in wide networks for inputs of one
length.
"""

from collections.abc import Sequence

import torch


def input_correlation(weights: Sequence[torch.Tensor], images: torch.Tensor) -> float | None:
    """Return c_d of a fully connected ReLU network without biases, or with biases of zero.

    Args:
        weights: layers from the input to the output, the output layer included, (out, in).
        images: inputs, shape (T, pixels).

    Returns:
        None where it is not known: fewer than two inputs activate a neuron, or a number overflowed.
    """
    preactivations = weights[0] @ images.T
    for layer in weights[1:-1]:
        preactivations = layer @ preactivations.relu_()
    y = preactivations.double()
    lengths = y.norm(dim=0)
    units = (y / lengths)[:, lengths > 0]
    count = units.shape[1]
    if count < 2 or not units.isfinite().all():
        return None
    return ((count * units.mean(dim=1).square().sum() - 1) / (count - 1)).item()

"""The gradient of scaled residual networks before training, layer by layer, and Adam's first step.

    h_0 = A x,   h_{k+1} = h_k + α V_{k+1} ReLU(h_k),   G_k = ∂loss/∂V_k,

with α = L^{−β}; the loss is the soft-max cross-entropy of the logits B h_L, averaged over images.
Adam's first step moves each entry by −rate G/(|G| + ε), which is the sign of G but where |G| is not large
against ε.

How rough both are along the layers, for iid V at β = ½ (derived here). h_k and ∂loss/∂h_k are close to
diffusions in k, and so is an entry X_k of G_k: E(X_{k+l} − X_k)² grows like l, its Hurst index is ½. Of
two normal numbers of correlation ρ the signs differ with probability arccos(ρ)/π ≈ √(2 (1 − ρ))/π, and
1 − ρ grows like l. So the mean square of sign X_{k+l} − sign X_k grows like √l: the index of the sign is ¼.
That of Adam's first step is ¼ if G changes by more than ε from one layer to the next, as it does at β = ½. At
β = 1 it changes by less at L = 1000: the step follows G through zero, and has the index of G.
"""

import torch

from deepinit.reference.modules import TrainedResidual
from deepinit.resnet.ratios_theory import scaling_factor
from deepinit.training.batched_adam import EPSILON


def gradient_before_training(
    layers: tuple[torch.Tensor, torch.Tensor, torch.Tensor],
    beta: float,
    inputs: torch.Tensor,
    labels: torch.Tensor,
) -> torch.Tensor:
    """Return G, shape (depth, d, d).

    Args:
        layers: V, A and B as `ResidualStart.draw` returns them.
        beta: α = L^{−β}.
        inputs: images of the step, shape (images, pixels).
        labels: their classes, shape (images,).
    """
    alpha = scaling_factor(len(layers[0]), beta)
    network = TrainedResidual(*layers, alpha, biased=False).to(inputs.device)
    with torch.enable_grad():
        loss = torch.nn.functional.cross_entropy(network(inputs), labels)
    return torch.stack(torch.autograd.grad(loss, [layer.weight for layer in network.layers]))


def first_step_of_adam(gradient: torch.Tensor) -> torch.Tensor:
    """Return what Adam's first step subtracts from the weights, over the learning rate."""
    return gradient / (gradient.abs() + EPSILON)

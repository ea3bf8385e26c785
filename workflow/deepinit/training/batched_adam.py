"""Adam for many networks at once, each with its own learning rate and its own scaled parameters.

Adam (Kingma & Ba 2015, with the defaults of torch.optim.Adam) turns the gradient g of a
parameter w into

    m ← b₁ m + (1 − b₁) g,   v ← b₂ v + (1 − b₂) g²,   w ← w − r m/(1 − b₁ᵗ) / (√(v/(1 − b₂ᵗ)) + ε).

A parameter may be stored scaled, u = α w. Its gradient is then g/α, and the same step reads

    u ← u − m / (c √v + e),   c = (1 − b₁ᵗ) / (r α √(1 − b₂ᵗ)),   e = ε (1 − b₁ᵗ) / (r α²)

with m and v of the gradient of u: rate and scale of each network enter through two numbers.
"""

from collections.abc import Sequence

import torch

FIRST_DECAY, SECOND_DECAY, EPSILON = 0.9, 0.999, 1e-8


class BatchedAdam:
    """The moments of some tensors of parameters, and their update in place.

    Args:
        parameters: tensors (…, networks, rows, columns), one layer or many.
        scales: α of each tensor and network, float64, one tensor (networks,) a parameter; on the CPU.
        rates: learning rate of each network, float64, shape (networks,); on the CPU.
    """

    def __init__(
        self,
        parameters: Sequence[torch.Tensor],
        scales: Sequence[torch.Tensor],
        rates: torch.Tensor,
    ) -> None:
        self.parameters = list(parameters)
        self.first = [torch.zeros_like(parameter) for parameter in parameters]
        self.second = [torch.zeros_like(parameter) for parameter in parameters]
        self.scales, self.rates, self.steps = list(scales), rates, 0
        self.coefficients: list[tuple[torch.Tensor, torch.Tensor]] = []

    def begin_step(self, factor: float) -> None:
        """Start the next step, at `factor` times the learning rates."""
        self.steps += 1
        rates = factor * self.rates
        first, second = (1 - decay**self.steps for decay in (FIRST_DECAY, SECOND_DECAY))
        self.coefficients = [
            (
                (first / (rates * scale * second**0.5)).to(parameter).view(-1, 1, 1),
                (EPSILON * first / (rates * scale**2)).to(parameter).view(-1, 1, 1),
            )
            for scale, parameter in zip(self.scales, self.parameters, strict=True)
        ]

    def update(self, index: int, gradient: torch.Tensor, layers: slice | None = None) -> None:
        """Update one tensor of parameters, or some of its layers.

        Args:
            index: which tensor.
            gradient: of the loss with respect to the stored parameters; overwritten.
            layers: range of the first dimension that `gradient` is of; None for all.
        """
        tensors = (self.parameters[index], self.first[index], self.second[index])
        parameter, first, second = tensors if layers is None else (t[layers] for t in tensors)
        slope, offset = self.coefficients[index]
        first.lerp_(gradient, 1 - FIRST_DECAY)
        second.mul_(SECOND_DECAY).addcmul_(gradient, gradient, value=1 - SECOND_DECAY)
        torch.sqrt(second, out=gradient)
        gradient.mul_(slope).add_(offset)
        parameter.addcdiv_(first, gradient, value=-1)

    def keep(self, remaining: Sequence[int]) -> None:
        """Let all networks leave but those at the positions `remaining`."""
        position = torch.tensor(remaining)
        for tensors in (self.parameters, self.first, self.second):
            tensors[:] = [t.index_select(t.dim() - 3, position.to(t.device)) for t in tensors]
        self.scales = [scale[position] for scale in self.scales]
        self.rates = self.rates[position]

"""Length in residual networks whose modules are scaled (Hanin & Rolnick 2018, Figure 2).

    x_l = x_{l−1} + η_l N_l(x_{l−1}),   l = 1 … L,   M_l = ‖x_l‖²/n,

N(x) = W₂ ReLU(W₁ x) ("linear"-ended) or ReLU(W₂ ReLU(W₁ x)) ("relu"-ended), each module with
one hidden layer of width m and weights scaled so that E‖N(x)‖² = ‖x‖². Lengths are tracked as
logarithms: x is brought back to unit length after every module, in float64, since with η_l = b^l what is
added soon lies below float32's rounding of x.

`explicit_modules` draws every weight, `reduced_modules` the law of N(x) given x, which for
Gaussian weights is exact: with u = ReLU(W₁ x), W₁ x ~ N(0, (2/n)‖x‖² I), W₂ u ~ N(0, v‖u‖² I).

At width 5 the law of M_L is heavy-tailed: the mean of a sample of networks misses the rare long
ones that carry E M_L. `log_mean_by_population` estimates E M_L without bias all the same: a
population of directions goes through the modules, and after each it is resampled in proportion
to the growth F_i = ‖x'_i‖²/‖x_i‖² (systematic resampling), so that the rare directions are
there where they matter; the product of the populations' mean growths has the mean E M_L/M_0
(Feynman–Kac formula; any number of particles). The theory is in
`deepinit.resnet.scaled_modules_theory`.
"""

from collections.abc import Callable, Sequence
from typing import Literal

import torch

from deepinit.random import RandomStream, as_stream
from deepinit.seeds import Randomness

Ending = Literal["relu", "linear"]
# x, shape (networks, n) ↦ N(x), same shape, fresh weights at every call
DrawModule = Callable[[torch.Tensor], torch.Tensor]


def _output_gain(ending: Ending) -> float:
    """Return variance × fan-in of W₂.

    Raises:
        ValueError: an unknown ending.
    """
    if ending not in ("relu", "linear"):
        raise ValueError(f"a module must end in 'relu' or 'linear', not {ending!r}")
    return 2.0 if ending == "relu" else 1.0


def explicit_modules(hidden: int, ending: Ending, stream: RandomStream) -> DrawModule:
    """Return a function x ↦ N(x) that draws every weight, Gaussian, of every network."""
    gain = _output_gain(ending)

    def draw(x: torch.Tensor) -> torch.Tensor:
        networks, width = x.shape
        first = stream.normal(networks, hidden, width).mul_((2 / width) ** 0.5)
        second = stream.normal(networks, width, hidden).mul_((gain / hidden) ** 0.5)
        u = torch.bmm(first, x.float().unsqueeze(2)).relu_()
        y = torch.bmm(second, u).squeeze(2)
        return y.relu_() if ending == "relu" else y

    return draw


def reduced_modules(hidden: int, ending: Ending, stream: RandomStream) -> DrawModule:
    """Return a function x ↦ N(x) that draws N(x) from its law, n + m numbers a network."""
    gain = _output_gain(ending)

    def draw(x: torch.Tensor) -> torch.Tensor:
        networks, width = x.shape
        u = stream.normal(networks, hidden).relu_().norm(dim=1, keepdim=True)
        u *= x.norm(dim=1, keepdim=True) * (2 * gain / (width * hidden)) ** 0.5
        y = stream.normal(networks, width).mul_(u)
        return y.relu_() if ending == "relu" else y

    return draw


def _random_directions(networks: int, width: int, stream: RandomStream) -> torch.Tensor:
    x = stream.normal(networks, width).double()
    return x.div_(x.norm(dim=1, keepdim=True))


def _step(x: torch.Tensor, eta: float, module: DrawModule) -> torch.Tensor:
    """Move unit vectors x, float64, through one module, in place; return the growth, (networks,)."""
    x.add_(module(x), alpha=eta)
    squares = x.square().sum(dim=1)
    x /= squares.sqrt().unsqueeze(1)
    return squares


def log_lengths(
    scales: Sequence[float],
    width: int,
    networks: int,
    seed: Randomness,
    *,
    hidden: int,
    ending: Ending,
    reduced: bool = True,
) -> torch.Tensor:
    """Return log M_l/M_0 for l = 1 … L, float64, shape (networks, L), on the CPU.

    x_0 is a random direction.

    Args:
        scales: η_1 … η_L.
        width: n.
        hidden: m.
        ending: of the modules, "linear" or "relu".
        reduced: draw no weights, which is exact in distribution.

    Raises:
        ValueError: an unknown ending.
    """
    stream = as_stream(seed)
    module = (reduced_modules if reduced else explicit_modules)(hidden, ending, stream)
    x = _random_directions(networks, width, stream)
    growths = torch.stack([_step(x, eta, module).log() for eta in scales], dim=1)
    # On a GPU the order of a cumulative sum, and so its rounding, is not fixed.
    return growths.cpu().cumsum(dim=1)


def log_mean_by_population(
    scales: Sequence[float],
    width: int,
    populations: int,
    particles: int,
    seed: Randomness,
    *,
    hidden: int,
    ending: Ending,
) -> torch.Tensor:
    """Return log of unbiased estimates of E[M_l]/M_0, float64, (populations, L), on the CPU.

    Populations are independent; it is the estimates, not their logarithms, that are unbiased.
    Other arguments are those of `log_lengths`.
    """
    stream = as_stream(seed)
    module = reduced_modules(hidden, ending, stream)
    x = _random_directions(populations * particles, width, stream)
    first = torch.arange(populations).unsqueeze(1) * particles
    comb = torch.arange(particles, dtype=torch.float64)
    logs = []
    for eta in scales:
        growth = _step(x, eta, module).view(populations, particles)
        mean = growth.mean(dim=1, keepdim=True)
        logs.append(mean.squeeze(1).log())
        offset = stream.uniform(populations, 1).double()
        # Cumulative sums on the CPU, as above.
        places = (growth / mean).cpu().cumsum(dim=1)
        picks = torch.searchsorted(places, comb + offset.cpu()).clamp_max_(particles - 1)
        x = x[(picks + first).flatten().to(x.device)]
    return torch.stack(logs, dim=1).cpu().cumsum(dim=1)

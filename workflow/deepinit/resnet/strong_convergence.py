"""Networks of several depths on one path of weights, against a much deeper one (Marion et al. 2025).

Independent weights, res-1, β = ½: V_{k+1}/√L is the increment over [k/L, (k+1)/L] of one matrix of
Brownian motions over √d,

    h_{k+1} = h_k + (B((k+1)/L) − B(k/L)) d^{−½} ReLU(h_k),

so that depths which divide one another share the path: the increments of two steps add up to
one step of half the depth. Only the increments of the reference are drawn; each depth passes
the sum of its increments on to the next lower one, and none is kept.

Smooth weights, res-3, α = 1/L: h_{k+1} = h_k + (1/L) V(k/L) ReLU(W(k/L) h_k), entries of √d V and √d W
independent paths of one Gaussian process (`deepinit.noise.smooth`).

h_0 is uniform on the unit sphere, one a network. The theory is in
`deepinit.resnet.strong_convergence_theory`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import torch

from deepinit.noise.smooth import PUBLISHED_VARIANCE, smooth_basis
from deepinit.random import RandomStream, as_stream
from deepinit.results import Result
from deepinit.seeds import Randomness

_NUMBERS_AT_ONCE = 100_000


@dataclass(frozen=True)
class CoupledOutputs(Result):
    """What networks of several depths give on the same path; float64.

    Attributes:
        error: ‖h_L − h_{L′}‖/‖h_0‖, shape (networks, depths); L′ is the reference.
        norm: ‖h_L‖/‖h_0‖, shape (networks, depths).
        reference_norm: ‖h_{L′}‖/‖h_0‖, shape (networks,).
    """

    axes: ClassVar[tuple[str, ...]] = ("network", "depth")
    error: torch.Tensor
    norm: torch.Tensor
    reference_norm: torch.Tensor


def _check(depths: Sequence[int], reference: int) -> list[int]:
    """Return the depths from the greatest to the smallest.

    Raises:
        ValueError: two are equal, or one does not divide the next or the reference.
    """
    ordered = sorted(depths, reverse=True)
    for finer, depth in zip([reference, *ordered], ordered, strict=False):
        if finer == depth:
            raise ValueError(
                f"depths must differ from one another and the reference: {depth} twice"
            )
        if finer % depth:
            raise ValueError(f"depths must divide one another: {depth} does not divide {finer}")
    return ordered


def _start(networks: int, width: int, stream: RandomStream) -> torch.Tensor:
    start = stream.normal(networks, width, 1)
    return start / start.norm(dim=1, keepdim=True)


def _compare(
    outputs: dict[int, torch.Tensor], reference: torch.Tensor, depths: Sequence[int]
) -> CoupledOutputs:
    exact = reference.double().squeeze(2)
    found = torch.stack([outputs[depth].double().squeeze(2) for depth in depths], dim=1)
    return CoupledOutputs(
        (found - exact.unsqueeze(1)).norm(dim=2), found.norm(dim=2), exact.norm(dim=1)
    )


def brownian_weights(
    depths: Sequence[int], reference: int, width: int, networks: int, seed: Randomness
) -> CoupledOutputs:
    """Return outputs of res-1 with Gaussian iid weights, β = ½, coupled by one Brownian path.

    Args:
        depths: L of the columns, in any order; each must divide the next greater one.
        reference: L′, a multiple of all of them.

    Raises:
        ValueError: see `depths`.
    """
    stream, ordered = as_stream(seed), _check(depths, reference)
    batch = max(1, _NUMBERS_AT_ONCE // width**2)

    def side_by_side(count: int) -> CoupledOutputs:
        start = _start(count, width, stream)
        deepest = start.clone()
        outputs = {depth: start.clone() for depth in ordered}
        increment = torch.empty(count, width, width, device=stream.device)
        sums = {depth: torch.zeros_like(increment) for depth in ordered}
        for step in range(1, reference + 1):
            stream.normal(*increment.shape, out=increment)
            increment *= (width * reference) ** -0.5
            deepest.baddbmm_(increment, deepest.relu())
            finer = increment
            for depth in ordered:
                sums[depth] += finer
                finer.zero_()
                if step % (reference // depth):
                    break
                outputs[depth].baddbmm_(sums[depth], outputs[depth].relu())
                finer = sums[depth]
            else:
                finer.zero_()
        return _compare(outputs, deepest, depths)

    return CoupledOutputs.in_batches(networks, batch, side_by_side)


def smooth_weights(
    depths: Sequence[int],
    reference: int,
    width: int,
    networks: int,
    seed: Randomness,
    variance: float = PUBLISHED_VARIANCE,
) -> CoupledOutputs:
    """Return outputs of res-3 with smooth weights, α = 1/L, coupled by one path of weights.

    Args:
        depths, reference: as in `brownian_weights`.
        variance: squared length scale of the process.

    Raises:
        ValueError: as in `brownian_weights`.
    """
    stream, ordered = as_stream(seed), _check(depths, reference)
    basis = smooth_basis(np.arange(reference) / reference, variance)
    basis = torch.from_numpy(basis).to(stream.device, torch.float32)
    batch = max(1, _NUMBERS_AT_ONCE // width**2)

    def side_by_side(count: int) -> CoupledOutputs:
        start = _start(count, width, stream)
        path = stream.normal(basis.shape[1], 2 * count * width**2) * width**-0.5
        outputs = {depth: start.clone() for depth in [reference, *ordered]}
        for step in range(reference):
            v, w = (basis[step] @ path).view(2, count, width, width)
            for depth, h in outputs.items():
                if step % (reference // depth):
                    break
                h.baddbmm_(v, torch.bmm(w, h).relu_(), alpha=1 / depth)
        return _compare(outputs, outputs[reference], depths)

    return CoupledOutputs.in_batches(networks, batch, side_by_side)

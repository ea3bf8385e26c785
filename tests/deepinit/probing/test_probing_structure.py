"""`deepinit.probe` on how layers hang together: activations, branches, layers side by side, states."""

from typing import Any

import numpy as np
import pytest
import torch
from probing_modules import Residual, mlp
from torch import nn

import deepinit
from deepinit.probing.questions import reciprocals


@pytest.mark.parametrize(
    ("activation", "name"),
    [
        (nn.ReLU, "ReLU"), (nn.Tanh, "tanh"), (nn.GELU, "GELU"), (nn.SiLU, "SiLU"), (nn.ELU, "ELU"),
        (nn.SELU, "SELU"), (nn.Sigmoid, "sigmoid"), (nn.Identity, "linear"),
        (lambda: nn.LeakyReLU(0.2), "leaky ReLU 0.2"), (lambda: nn.GELU("tanh"), "GELU, tanh"),
    ],
)  # fmt: skip
def test_an_activation_is_recognised(activation: Any, name: str):
    report = deepinit.probe(lambda: mlp(3, 32, activation=activation), torch.randn(16, 32), 2)
    assert report.measured.structure.chain.activation == name


def test_branches_that_are_scaled_or_end_in_a_relu_have_their_size():
    class Rectified(Residual):
        def forward(self, h: torch.Tensor) -> torch.Tensor:
            self.sizes = []
            for inner, outer in zip(self.inner, self.outer, strict=True):
                branch = 0.3 * torch.relu(outer(torch.relu(inner(h))))
                self.sizes.append(float((branch.norm() / h.norm()).detach()))
                h = h + branch
            return self.last(h)

    built = []

    def build() -> nn.Module:
        built.append(Rectified(5, 32, 1.0))
        return built[-1]

    measured = deepinit.probe(build, torch.randn(64, 32), networks=3).measured
    assert np.allclose(measured.branches, [model.sizes for model in built], rtol=1e-5)


def test_layers_side_by_side_are_one_step_of_the_lengths():
    """Two heads on three layers: the factor of a layer is that of the same network with one."""

    class Heads(nn.Module):
        def __init__(self, heads: int) -> None:
            super().__init__()
            self.hidden = nn.Sequential(nn.Linear(8, 8), nn.ReLU(), nn.Linear(8, 8))
            self.heads = nn.ModuleList(nn.Linear(8, 2) for _ in range(heads))

        def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, ...]:
            hidden = self.hidden(x).relu()
            return tuple(head(hidden) for head in self.heads)

    one, two = (
        deepinit.probe(lambda heads=heads: Heads(heads), torch.randn(8, 8), networks=3)
        for heads in (1, 2)
    )
    assert len(one.measured.structure.lengths) == len(two.measured.structure.lengths)
    # Two layers of width 8, and none of the heads.
    assert reciprocals(one.measured) == reciprocals(two.measured) == 0.25


@pytest.mark.parametrize("start", [torch.ones(8, 5), torch.zeros(8, 5), None])
@pytest.mark.parametrize("named", [False, True])
def test_a_recurrent_cell_is_followed_along_its_state(start: torch.Tensor | None, named: bool):
    """Inputs of size 3 at each of six steps, a state of size 5: lengths are those of the state."""

    class Cell(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.cell = nn.GRUCell(3, 5)
            self.sizes: list[float] = []

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            state = start
            for step in x.unbind(1):
                if state is not None and state.any():
                    self.sizes.append(float(state.detach().square().mean()))
                state = self.cell(step, hx=state) if named else self.cell(step, state)
            return state

    built: list[Cell] = []
    x = torch.randn(8, 6, 3)
    found = deepinit.probe(lambda: built.append(Cell()) or built[-1], x, networks=2).measured
    for sizes, cell in zip(found.at(found.structure.lengths, "mean_square"), built, strict=True):
        assert sizes == pytest.approx(cell.sizes)


def test_layers_behind_a_dead_one_are_not_taken_for_layers_side_by_side():
    """Two units per layer: the first network has a dead layer, behind which all inputs are zero."""

    def build() -> nn.Module:
        layers = [nn.Linear(4, 2, bias=False), nn.ReLU()]
        for _ in range(9):
            layers += [nn.Linear(2, 2, bias=False), nn.ReLU()]
        return nn.Sequential(*layers, nn.Linear(2, 1, bias=False))

    x = torch.randn(8, 4, generator=torch.Generator().manual_seed(0))
    found = deepinit.probe(build, x, networks=3).measured
    assert (found.at(found.structure.lengths, "mean_square")[0] == 0).any()
    assert len(found.structure.lengths) >= 11

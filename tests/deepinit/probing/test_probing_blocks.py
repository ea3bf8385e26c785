"""`deepinit.probe` on residual blocks that the user names, and on those of ResNet."""

import numpy as np
import pytest
import torch
from probing_modules import Bottleneck, bottlenecks, state
from torch import nn

import deepinit


class Scaled(nn.Module):
    """h + γ f(h), γ a vector, as in LayerScale: no tensor that is seen is parallel to the branch."""

    def __init__(self) -> None:
        super().__init__()
        self.f = nn.Linear(32, 32)
        self.gamma = nn.Parameter(torch.rand(32))

    def forward(self, h: torch.Tensor) -> torch.Tensor:
        self.size = float((self.gamma * self.f(h)).norm().detach() / h.norm().detach())
        return h + self.gamma * self.f(h)


def scaled_blocks() -> nn.Module:
    """Return four such blocks, and before them one that changes the shape of the stream."""
    model = nn.Module()
    model.blocks = nn.ModuleList([nn.Sequential(nn.Linear(8, 32)), *(Scaled() for _ in range(4))])
    model.forward = lambda h: [h := block(h) for block in model.blocks][-1]
    return model


def test_blocks_that_are_named_have_the_branches_that_comparing_numbers_does_not_find():
    built: list[nn.Module] = []

    def build() -> nn.Module:
        built.append(scaled_blocks())
        return built[-1]

    given = torch.randn(64, 8)
    assert not deepinit.probe(build, given, networks=2).measured.structure.additions
    built.clear()
    before = state(scaled_blocks())
    report = deepinit.probe(build, given, networks=5, blocks=["blocks.*"])
    expected = [[block.size for block in model.blocks[1:]] for model in built]
    assert np.allclose(report.measured.branches, expected, rtol=1e-4)
    assert report["residual"].answer == "yes" and "in 1 more" in report.heading()
    frame = report.frame()
    assert set(frame.loc[frame["branch"].notna(), "module"]) == {f"blocks.{n}" for n in range(1, 5)}
    hooks = [(len(m._forward_hooks), len(m._forward_pre_hooks)) for m in built[0].modules()]
    assert not np.any(hooks) and len(before) == len(state(built[0]))


@pytest.mark.parametrize(
    ("blocks", "words"),
    [
        (["block.3"], "no module 'block.3'; the nearest is 'blocks.3'"),
        (["blocks.0"], "gives back one of its shape"),
        (["blocks.*.g"], "nearest is 'blocks"),
    ],
)
def test_blocks_that_are_not_there_or_give_back_another_shape_are_refused(blocks, words: str):
    with pytest.raises(deepinit.probing.UnfitNetworks, match=words) as refused:
        deepinit.probe(scaled_blocks, torch.randn(64, 8), networks=2, blocks=blocks)
    assert "\n" not in str(refused.value)


def test_a_list_of_blocks_that_is_never_called_is_refused_where_comparing_numbers_would_find_them():
    class Stream(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.layers = nn.ModuleList(
                nn.Sequential(nn.Linear(8, 8), nn.ReLU(), nn.Linear(8, 8)) for _ in range(4)
            )

        def forward(self, h: torch.Tensor) -> torch.Tensor:
            for layer in self.layers:
                h = h + layer(h)
            return h

    assert deepinit.probe(Stream, torch.randn(64, 8), networks=2).measured.structure.additions
    with pytest.raises(deepinit.probing.UnfitNetworks, match="called"):
        deepinit.probe(Stream, torch.randn(64, 8), networks=2, blocks=["layers"])


def streams_and_branches(
    model: nn.Module, images: torch.Tensor
) -> list[tuple[torch.Tensor, torch.Tensor, torch.Tensor]]:
    """Return (x, f(x), relu(x + f(x))) of the blocks without a projection, by hooks of its own."""
    found: list[list[torch.Tensor]] = []
    for block in (part for part in model.modules() if isinstance(part, Bottleneck)):
        if block.downsample is None:
            block.register_forward_pre_hook(lambda module, x: found.append([x[0].detach().clone()]))
            block.bn3.register_forward_hook(
                lambda module, x, f: found[-1].append(f.detach().clone())
            )
            block.register_forward_hook(lambda module, x, y: found[-1].append(y.detach().clone()))
    with torch.no_grad():
        model(images)
    return [tuple(block) for block in found]


def test_the_stream_of_bottlenecks_is_what_hooks_measure():
    """Two networks, images of 8 × 8; change of the stream from 2048 numbers, to five errors of 3 %."""
    images = torch.randn(8, 8, 8, 8, generator=torch.Generator().manual_seed(0))
    report = deepinit.probe(bottlenecks, images, networks=2)
    measured, structure = report.measured, report.measured.structure
    # Of six blocks those with a projection have no stream to follow.
    assert (len(structure.additions), len(structure.stream)) == (4, 2)
    for network, seed in enumerate(measured.seeds):
        torch.manual_seed(int(seed))
        blocks = streams_and_branches(bottlenecks(), images)
        sizes = [float(f.norm() / x.norm()) for x, f, _ in blocks]
        assert np.allclose(measured.branches[network], sizes, rtol=1e-4)
        squares = [
            float(y.double().square().mean()) for y in (blocks[0][0], *(b[2] for b in blocks))
        ]
        assert np.allclose(
            measured.at(structure.lengths, "mean_square")[network], squares, rtol=1e-4
        )
        start, end = blocks[0][0], blocks[1][2]
        assert measured.change[network] == pytest.approx(
            float((end - start).norm() / start.norm()), rel=0.15
        )


def test_branches_that_are_zero_are_said_to_be():
    """The last norm of each block has the weight zero: one without a projection is the identity."""

    def build() -> nn.Module:
        model = bottlenecks()
        for block in model[:6]:
            nn.init.zeros_(block.bn3.weight)
        return model

    blocks = [str(number) for number in range(6)]
    report = deepinit.probe(build, torch.randn(8, 8, 8, 8), networks=2, blocks=blocks)
    assert not report.measured.branches.any() and not report.measured.change.any()
    assert (
        "4 residual branches, all of them zero; the shape of the stream changes in 2"
        in report.heading()
    )

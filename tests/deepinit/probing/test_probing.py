"""`deepinit.probe` on modules of every kind: what it finds, what it leaves as it was, what it refuses."""

import gc
import math
import random
import weakref
from typing import Any, NamedTuple

import numpy as np
import pytest
import torch
from probing_modules import CASES, he, mlp, same, state
from torch import nn

import deepinit

NETWORKS = 4
#: Of those that are no chains: how many residual branches they have, and how many its longest stream has.
BRANCHES = {
    "residual, 1/√L": (32, 32),
    "residual, no scale": (32, 32),
    # The sum of the last block goes into no module.
    "residual, convolutions": (3, 3),
    # Normalised after every sum: a stream of one branch.
    "transformer": (6, 1),
    "transformer, norm first": (6, 6),
    "ALL-CNN": (0, 0),
    "U-Net": (0, 0),
    "branches": (0, 0),
}


@pytest.mark.parametrize("name", CASES)
def test_a_module_is_understood_and_all_of_it_and_of_random_states_stays(name: str):
    case, built = CASES[name], []

    def build(*depth: int) -> nn.Module:
        model = case.build(*depth)
        first = next(model.parameters())
        first.grad = torch.ones_like(first)
        list(model.parameters())[-1].requires_grad_(False)
        built.append((model, state(model)))
        return model

    given = case.inputs()
    before = torch.get_rng_state(), np.random.get_state()[1].copy(), random.getstate()  # noqa: NPY002
    report = deepinit.probe(build, given, networks=NETWORKS, depth=case.depth)
    after = torch.get_rng_state(), np.random.get_state()[1], random.getstate()  # noqa: NPY002
    assert torch.equal(before[0], after[0]) and np.array_equal(before[1], after[1])
    assert before[2] == after[2]
    assert same(given, case.inputs())
    assert all(same(old, state(model)) for model, old in built)

    layers, structure = report.measured.layers, report.measured.structure
    assert (len(structure.additions), len(structure.stream)) == BRANCHES.get(name, (0, 0))
    activation = None if name in BRANCHES else "ReLU"
    assert (structure.chain and structure.chain.activation) == activation
    frame = report.frame()
    assert frame["theory_correlation"].notna().any() == (name not in BRANCHES)
    assert len(frame) == NETWORKS * len(layers)
    there = frame[frame["kind"] != "output"]
    assert np.isfinite(there[["log10_mean_square", "m2", "v2"]]).all().all()
    assert {finding.key for finding in report.findings} >= {"lengths", "differences", "gradients"}
    assert "nan" not in report.summary()
    assert len(report.plot().axes) == 4


def test_sums_are_those_of_autograd_and_seeds_rebuild_a_network():
    given = torch.randn(20, 16)
    measured = deepinit.probe(lambda: mlp(3, 16), given, networks=3, seed=5).measured
    for network, seed in enumerate(measured.seeds):
        torch.manual_seed(int(seed))
        model = mlp(3, 16).double()
        h = given.double()
        for number, module in enumerate(model):
            h = module(h)
            found = {name: measured.values["outputs"][name][network, number] for name in
                     ("mean_square", "first", "variance", "squared_mean")}  # fmt: skip
            h = h.detach()
            v2 = float(h.var(dim=0).mean())
            assert found["mean_square"] == pytest.approx(float(h.square().mean()), rel=1e-4)
            assert found["first"] == pytest.approx(float(h[0].square().mean()), rel=1e-4)
            assert found["variance"] == pytest.approx(v2, rel=1e-4)
            m2 = float(h.mean(dim=0).square().mean()) - v2 / 20
            assert found["squared_mean"] == pytest.approx(m2, rel=1e-3, abs=1e-5)


def test_gradients_are_those_of_white_noise_at_the_output():
    """A linear network: E δ_l² = Π of the fan-outs' Σ w²; 400 inputs, to five errors of the mean."""
    weight = torch.randn(8, 8)

    def build() -> nn.Module:
        model = nn.Sequential(nn.Linear(8, 8, bias=False), nn.Linear(8, 8, bias=False))
        with torch.no_grad():
            model[1].weight.copy_(weight)
        return model

    measured = deepinit.probe(build, torch.randn(400, 8), networks=2).measured
    found = measured.values["outputs"]["gradient"]
    assert np.allclose(found[:, 1], 1, atol=5 * math.sqrt(2 / 3200))
    assert np.allclose(found[:, 0], float(weight.square().sum()) / 8, rtol=0.25)


def test_a_loss_beside_the_output_changes_no_gradient():
    class Both(tuple):
        def __new__(cls, loss: torch.Tensor, output: torch.Tensor) -> "Both":
            return super().__new__(cls, (loss, output))

    class WithLoss(nn.Sequential):
        def forward(self, inputs: torch.Tensor) -> Both:
            output = super().forward(inputs)
            return Both(1e4 * output.square().mean(), output)

    plain, both = (
        deepinit.probe(build, torch.ones(4, 8), networks=2, seed=1).measured.values["outputs"]
        for build in (lambda: mlp(3, 8), lambda: WithLoss(*mlp(3, 8)))
    )
    assert np.array_equal(plain["gradient"], both["gradient"], equal_nan=True)


def test_a_seed_gives_the_same_numbers_again_and_another_one_others():
    first, again, other = (
        deepinit.probe(lambda: mlp(3, 8), torch.ones(4, 8), networks=2, seed=seed).frame()
        for seed in (1, 1, 2)
    )
    assert first.equals(again) and not first.equals(other)


def test_a_module_that_is_called_twice_is_two_layers():
    names = [layer.name for layer in _report("branches").measured.layers]
    assert names[:2] == ["shared", "shared (2)"] and "recurrent" in names


def test_inputs_and_outputs_may_be_named_tuples():
    class Pair(NamedTuple):
        first: torch.Tensor
        second: torch.Tensor

    class Both(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.layers = mlp(3, 8)

        def forward(self, pair: Pair) -> Pair:
            return Pair(self.layers(pair.first), pair.second)

    report = deepinit.probe(Both, (Pair(torch.randn(4, 8), torch.ones(4)),), networks=2)
    assert np.isfinite(report.measured.values["outputs"]["gradient"]).all(axis=0).any()


def test_dropout_is_off_and_named():
    report = _report("dropout")
    assert report.measured.dropout == ("2",) and "dropout switched off" in report.summary()
    off = report.measured.values["inputs"]["off"]
    assert (off[:, 3] < 0.2).all()


def _report(name: str) -> Any:
    case = CASES[name]
    return deepinit.probe(case.build, case.inputs, networks=2, depth=case.depth)


def test_one_network_is_in_memory_at_a_time():
    alive: list[weakref.ref] = []

    def build() -> nn.Module:
        gc.collect()
        assert not any(reference() is not None for reference in alive)
        model = mlp(3, 8)
        alive.append(weakref.ref(model))
        return model

    deepinit.probe(build, torch.randn(4, 8), networks=4)
    assert len(alive) == 4


def test_inputs_lie_along_the_axis_that_is_named():
    given = torch.randn(5, 30, 16)
    along = [
        deepinit.probe(lambda: mlp(2, 16), values, networks=2, batch_axis=axis).measured
        for axis, values in ((1, given), (0, given.movedim(1, 0).contiguous()))
    ]
    assert along[0].samples == 30
    for name in ("mean_square", "variance", "squared_mean"):
        assert np.allclose(
            *(found.values["outputs"][name] for found in along),
            rtol=1e-5,
            atol=1e-6,
            equal_nan=True,
        )


# ---- what is refused, in one sentence


class Broken(nn.Module):
    """NaN behind the second layer, in some of the networks."""

    def __init__(self) -> None:
        super().__init__()
        self.first, self.bad, self.last = (nn.Linear(8, 8) for _ in range(3))
        if torch.rand(()) < 0.5:
            nn.init.constant_(self.bad.bias, math.nan)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.last(self.bad(self.first(x)))


SAME = mlp(2, 8)


def _same_weights() -> nn.Module:
    torch.manual_seed(3)
    return mlp(2, 8)


def _other_depths() -> nn.Module:
    return mlp(int(torch.randint(2, 9, ())), 8)


@pytest.mark.parametrize(
    ("build", "given", "words"),
    [
        (SAME, torch.randn(4, 8), "function"),
        (lambda: SAME, torch.randn(4, 8), "same weights twice"),
        (_same_weights, torch.randn(4, 8), "same weights twice"),
        (nn.ReLU, torch.randn(4, 8), "no parameters"),
        (lambda: 3, torch.randn(4, 8), "returned int"),
        (lambda: mlp(2, 8), torch.randn(4, 9), r"\(4, 9\) float32"),
        (lambda: mlp(2, 8), torch.randn(4, 8).double(), r"float64"),
        (lambda: mlp(2, 8), "a text", "tensor"),
        (lambda: mlp(2, 8), torch.full((4, 8), math.nan), "inputs"),
        (lambda: mlp(2, 8), torch.zeros(0, 8), "no batch"),
        (Broken, torch.randn(4, 8), r"layer 2, 'bad' \(Linear\).* in \d+ of 8 networks"),
        (lambda: torch.jit.script(mlp(2, 8)), torch.randn(4, 8), "ScriptModule"),
        (_other_depths, torch.randn(4, 8), "other layers"),
        (lambda: nn.Sequential(nn.LazyLinear(8)), torch.randn(4, 8), "0.weight is lazy"),
    ],
    ids=[
        "a module", "same module", "same weights", "no parameters", "no module", "wrong shape", "wrong type",
        "no tensor", "inputs not finite", "no inputs", "not finite", "scripted", "other layers",
        "lazy",
    ],
)  # fmt: skip
def test_what_cannot_be_measured_is_refused_in_one_sentence(build: Any, given: Any, words: str):
    with pytest.raises(deepinit.probing.UnfitNetworks, match=words) as refused:
        deepinit.probe(build, given, networks=8, seed=1)
    assert "\n" not in str(refused.value)


def test_too_few_networks_or_layers_are_refused():
    with pytest.raises(deepinit.probing.UnfitNetworks, match="networks"):
        deepinit.probe(lambda: mlp(2, 8), torch.randn(4, 8), networks=1)
    with pytest.raises(deepinit.probing.UnfitNetworks, match="depth"):
        deepinit.probe(lambda depth: mlp(depth, 8), torch.randn(4, 8), networks=2, depth=4)


def test_a_module_without_modules_inside_is_one_layer_and_asked_nothing():
    report = deepinit.probe(lambda: nn.LSTM(8, 4), torch.randn(3, 5, 8), networks=2)
    assert not report.findings and "one layer" in report.summary()


def test_a_question_that_was_not_asked_is_a_key_error_that_names_the_others():
    report = deepinit.probe(lambda: mlp(2, 8), torch.randn(1, 8), networks=2)
    with pytest.raises(KeyError, match="lengths"):
        report["residual"]
    # One input does not differ from others.
    assert "differences" not in {finding.key for finding in report.findings}


def test_hooks_are_gone_after_a_network_that_fails():
    model = he(mlp(2, 8))
    before = state(model)
    with pytest.raises(deepinit.probing.UnfitNetworks):
        deepinit.probe(lambda: model, torch.randn(4, 9), networks=2)
    assert same(before, state(model))

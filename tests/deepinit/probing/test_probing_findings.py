"""A network built to fail each way is found out, and good ones are not reported."""

from collections import Counter
from collections.abc import Callable

import numpy as np
import pytest
import torch
from probing_modules import Residual, all_cnn, he, mlp
from scipy import stats
from torch import nn

import deepinit

NETWORKS = 12


def scaled(factor: float) -> Callable[[nn.Module], nn.Module]:
    """Return He's initialisation with its variance times `factor`."""

    def initialise(model: nn.Module) -> nn.Module:
        with torch.no_grad():
            for module in he(model).modules():
                if isinstance(module, nn.Linear):
                    module.weight *= factor**0.5
        return model

    return initialise


def white_noise(shape: tuple[int, ...]) -> torch.Tensor:
    """Return white-noise inputs."""
    return torch.randn(shape, generator=torch.Generator().manual_seed(3))


def good(generator: np.random.Generator) -> tuple[str, Callable[[], nn.Module], torch.Tensor]:
    """Return a random module whose every true number lies within its limits, and what it is.

    ReLU chains have Σ 1/n < 0.5 and up to 8 layers, where at any width more than 0.15 of the mean square
    still differs between inputs; 1.22^9 < 10 bounds the gradients of batch normalisation; zero padding
    takes half a decade of the lengths of 16 × 16 images (of 8 × 8 ones more than one, which is found).
    """
    kind = str(generator.choice(["plain", "tanh", "batch norm", "layer norm", "residual", "conv"]))
    depth, width = int(generator.integers(2, 9)), int(generator.integers(16, 65))
    given = white_noise((32, width))
    if kind == "residual":
        blocks = int(generator.integers(3, 13))
        return kind, lambda: Residual(blocks, width, blocks**-0.5), given
    if kind == "conv":
        channels = int(generator.integers(12, 24))
        return kind, lambda: all_cnn(channels), white_noise((4, 3, 16, 16))
    if kind == "tanh":
        return kind, lambda: mlp(depth, width, scaled(2.54 / 2), nn.Tanh), given
    norm = {"batch norm": nn.BatchNorm1d, "layer norm": nn.LayerNorm}.get(kind)
    return kind, lambda: mlp(depth, width, normalise=norm), given


def failing(generator: np.random.Generator) -> tuple[str, Callable[[], nn.Module], torch.Tensor]:
    """Return a random module that fails one way, by far, and the question that must find it."""
    key = str(
        generator.choice(["lengths", "spread", "differences", "gradients", "alive", "residual"])
    )
    depth, width = int(generator.integers(12, 21)), int(generator.integers(24, 49))
    given = white_noise((32, width))
    if key == "lengths":
        factor = float(generator.choice([0.5, 2.0]))
        return key, lambda: mlp(depth, width, scaled(factor)), given
    if key == "spread":
        return key, lambda: mlp(40, 8), white_noise((32, 8))
    if key == "differences":
        # Constant biases, next to which weights are small.
        return key, lambda: mlp(depth, width, lambda model: model), given
    if key == "gradients":
        return key, lambda: mlp(18, width, normalise=nn.BatchNorm1d), given
    if key == "alive":
        return key, lambda: mlp(depth, 2), white_noise((32, 2))
    alpha = float(generator.choice([1.0, 0.01]))
    return key, lambda: Residual(16, width, alpha), given


def asked(
    make: Callable[[np.random.Generator], tuple], modules: int
) -> list[tuple[str, deepinit.probing.Report]]:
    """Return what each of some random modules is, and its report."""
    found = []
    for seed in range(modules):
        generator = np.random.default_rng(seed)
        kind, build, given = make(generator)
        found.append((kind, deepinit.probe(build, given, networks=NETWORKS, seed=seed)))
    return found


def reported(reports: list[tuple[str, deepinit.probing.Report]]) -> Counter[str]:
    """Return how many modules of each kind got a "no"."""
    return Counter(
        f"{kind}: {finding.key}"
        for kind, report in reports
        for finding in report.findings
        if finding.answer == "no"
    )


def found_out(
    reports: list[tuple[str, deepinit.probing.Report]],
) -> tuple[Counter[str], Counter[str]]:
    """Return how many modules were built to fail each way, and how many of them got a "no" for it."""
    built = Counter(key for key, _ in reports)
    return built, Counter(key for key, report in reports if report[key].answer == "no")


@pytest.mark.slow
def test_of_100_good_modules_hardly_one_is_reported():
    """Four to six questions each; at a false-alarm rate of 1e-4 if one module in a hundred is reported."""
    reports = asked(good, 100)
    assert reported(reports).total() <= stats.binom.isf(1e-4, 100, 0.01)
    assert len({kind for kind, _ in reports}) == 6


@pytest.mark.slow
def test_modules_that_fail_by_far_are_found_out():
    """30 of them, with 12 networks each: at a false-alarm rate of 1e-4 if 95 % are found out."""
    built, found = found_out(asked(failing, 30))
    assert found.total() >= stats.binom.ppf(1e-4, 30, 0.95), (built, found)
    assert len(built) == 6


@pytest.mark.parametrize(
    ("build", "key", "words"),
    [
        (lambda: mlp(20, 32, scaled(0.5)), "lengths", "2/fan-in"),
        (lambda: mlp(20, 32, lambda model: model), "differences", "a share 0.05"),
        (
            lambda: mlp(40, 64, normalise=nn.LayerNorm),
            "differences",
            "1.23 times as large per layer, 10^3.7",
        ),
        (lambda: mlp(18, 32, normalise=nn.BatchNorm1d), "gradients", "1.21 a layer"),
        (lambda: mlp(40, 8), "spread", "5 times as wide"),
        (lambda: Residual(16, 32, 1.0), "lengths", "1/√L = 0.25"),
        (lambda: Residual(16, 32, 0.01), "residual", "1/√L = 0.25"),
    ],
    ids=[
        "variance",
        "biases",
        "layer norm",
        "batch norm",
        "narrow",
        "branches too large",
        "too small",
    ],
)
def test_advice_comes_with_its_number(build: Callable[[], nn.Module], key: str, words: str):
    width = next(build().parameters()).shape[1]
    report = deepinit.probe(build, white_noise((32, width)), networks=NETWORKS)
    assert report[key].answer == "no" and words in report[key].advice
    assert report[key].advice in report.summary()


def test_a_mean_over_pixels_is_not_blamed_on_the_weights_of_normalised_layers():
    """Batch norm and tanh keep the size of every map; the mean over 16 × 16 pixels does not."""

    def build() -> nn.Module:
        layers, channels = [], 3
        for _ in range(4):
            layers += [nn.Conv2d(channels, 8, 3, padding=1), nn.BatchNorm2d(8), nn.Tanh()]
            channels = 8
        return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(8, 2))

    report = deepinit.probe(build, white_noise((8, 3, 16, 16)), networks=NETWORKS)
    assert (
        report["lengths"].answer == "no" and "in front of layer '14'" in report["lengths"].sentence
    )
    assert not any("variance" in finding.advice for finding in report.findings)
    assert not any("Batch normalisation" in finding.advice for finding in report.findings)


def test_a_layer_with_large_weights_is_named_and_no_mean_is_blamed_for_growth():
    def build() -> nn.Module:
        layers: list[nn.Module] = []
        for k in range(6):
            layers += [nn.Linear(8, 8, bias=False), nn.PReLU() if k % 2 else nn.Identity()]
        with torch.no_grad():
            layers[4].weight *= 1000
        return nn.Sequential(*layers)

    report = deepinit.probe(build, white_noise((8, 8)), networks=NETWORKS)
    for key, words in (("lengths", "in front of layer '6'"), ("gradients", "to layer '2'")):
        finding = report[key]
        assert finding.answer == "no" and words in finding.sentence
        assert finding.advice == "Look there first."


def test_where_inputs_are_alike_the_network_is_not_blamed():
    given = torch.ones(16, 32) + 0.01 * white_noise((16, 32))
    finding = deepinit.probe(lambda: mlp(3, 32), given, networks=NETWORKS)["differences"]
    assert finding.answer == "undecided" and "inputs themselves" in finding.sentence

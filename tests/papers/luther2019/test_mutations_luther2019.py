"""luther2019: every kind of row turns red when the science is wrong."""

from functools import cache
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import torch
from mutations import GREEN, of_one_table, one_by_one, published, seeds, verdict

from deepinit.meanfield.activations import activation_step
from deepinit.meanfield.gradients import gradient_statistics
from deepinit.meanfield.normalisation import STEPS
from deepinit.meanfield.sample_variance import nested_sample_statistics, sample_statistics
from deepinit.random import RandomStream
from papers.luther2019.histograms import compute as histograms
from study.figure_data import FigureData
from study.verdicts import NOT_REPRODUCED


def statistics(
    layers: int, *, width: int = 200, networks: int = 200, **options: object
) -> pd.DataFrame:
    """Return m² and v² by layer of networks with 16 inputs."""
    stream = RandomStream(seeds("statistics", layers, width))
    return sample_statistics(width, layers, 16, networks, stream, **options).frame()


def widths(gain: float = 2.0) -> FigureData:
    frame = statistics(25, width=1000, networks=400, gain=gain).assign(width=1000, block=0)
    return of_one_table("finite_width", frame)


def drawn(gain: float = 2.0) -> FigureData:
    """Return histograms without any drawn network, and the variances at finite width."""
    wide = statistics(50, width=1000, networks=400, gain=gain).assign(width=1000, block=0)
    none = pd.DataFrame(columns=["row", "layer", "net", "net_sd"])
    tables = {"histograms": none, "finite_width": wide}
    return FigureData("histograms", tables, {"histograms": {}}, {})


@cache
def ratios_at_the_end(width: int, networks: int) -> pd.DataFrame:
    """Return m/v at layer 49 from 100 inputs and from 30 of them."""
    stream = RandomStream(seeds("ends", width))
    found = nested_sample_statistics(width, 50, [30, 100], networks, stream)
    few, every = (part.squared_mean[:, 49] / part.variance[:, 49] for part in found)
    return pd.DataFrame({"ratio_of_few": few.sqrt(), "ratio": every.sqrt()})


def ends(swapped: bool = False) -> FigureData:
    """Return the ends of two widths; widths `swapped`."""
    frames = [
        ratios_at_the_end(width, networks).assign(width=130 - width if swapped else width)
        for width, networks in ((30, 800), (100, 600))
    ]
    points = [{"width": width, "samples": 100} for width in (30, 100)]
    values = published("luther2019", "finite_width")
    return of_one_table(
        "finite_width", pd.concat(frames).assign(layer=49), values, few=30, points=points
    )


def gradients(kind: str = "batch norm") -> FigureData:
    """Return gradients of 60 networks with batch norm, N = 100 and 16 inputs; or of another kind."""
    found = gradient_statistics(kind, 100, 14, 16, 60, RandomStream(seeds("gradients")))["own"]
    frame = found.frame().assign(kind="batch norm", output_gradient="own")
    return of_one_table("gradients", frame, width=100, batch=16)


def trained_arms(swapped: tuple[str, str] | None = None) -> FigureData:
    """Return losses of 12 networks that grow away from each arm's best rate; two arms `swapped`."""
    generator = np.random.default_rng(seeds("trained"))
    rates, points = np.array([0.003, 0.01, 0.03, 0.1, 0.3]), np.arange(1, 21)
    best = {"total init": (0.01, -1.1), "sample init": (0.02, -1.5), "batchnorm": (0.1, -1.8)}
    frames = []
    for seed, shift in enumerate(0.1 * generator.standard_normal(12)):
        for arm, (rate, lowest) in best.items():
            label = dict([swapped, swapped[::-1]]).get(arm, arm) if swapped else arm
            own = lowest + 0.05 * np.log(rates / rate) ** 2 + 0.03 * generator.standard_normal(5)
            losses = np.exp(shift + own[:, None] + np.linspace(1, 0, 20))
            place = {"seed": seed, "arm": label, "rate": np.repeat(rates, 20)}
            frames.append(
                pd.DataFrame(place | {"iteration": np.tile(points, 5), "loss": losses.ravel()})
            )
    frame = pd.concat(frames).assign(architecture="all_cnn_c", constant_loss=2.3)
    return of_one_table("learning_curves", frame)


def centred(mean: bool = True) -> FigureData:
    step, gain = activation_step("centred_relu", 0.0) if mean else (torch.relu, 2.0)
    frame = statistics(20, step=step, gain=gain)
    frame = frame.assign(activation="centred_relu", slope=0.0, start=0.0)
    return of_one_table("activations", frame)


def normalised(gain: float = 2.0, norm: str = "batch norm") -> FigureData:
    kinds = {"batch norm": norm, "plain": "plain", "layer norm": "layer norm"}
    frames = [
        statistics(12, step=STEPS[own], gain=gain).assign(kind=kind) for kind, own in kinds.items()
    ]
    return of_one_table("batch_norm", pd.concat(frames), width=200, batch=16, layers=12)


def over_networks(variance: float = 1.0) -> FigureData:
    """Return one unit over 3000 networks, N = 256, layers 1 and 50; weights of `variance`."""
    real = histograms.one_input

    def scaled(width, layers, first_variance, seed):
        found = real(width, layers, first_variance, seed)
        return {layer: y * variance ** (layer / 2) for layer, y in found.items()}

    s = SimpleNamespace(width=256, layers=[1, 50], networks=3000, limit=3.0, bins=30)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(histograms, "one_input", scaled)
        frame = pd.concat(histograms._over_networks(s, RandomStream(seeds("over networks")), 0))
    return of_one_table("histograms", frame, **vars(s))


CASES = [
    ("finite_width", "total-variance-kept", widths, {"gain": 2.04}),
    ("activations", "centred-relu-no-decay", centred, {"mean": False}),
    ("batch_norm", "batch-norm-total", normalised, {"gain": 2.04}),
    ("batch_norm", "batch-norm-theory-8", normalised, {"norm": "plain"}),
    ("batch_norm", "batch-norm-mean batch-norm-removes-the-decay", normalised, {"norm": "plain"}),
    ("finite_width", "bands width-30-end width-100-end", ends, {"swapped": True}),
    ("gradients", "gradient-growth-batch-norm", gradients, {"kind": "plain"}),
    ("learning_curves", "curves-all-cnn-c-sample-below-total curves-all-cnn-c-gain"
     " curves-all-cnn-c-sample-faster-than-total curves-all-cnn-c-sample-below-total-own-rates",
     trained_arms, {"swapped": ("total init", "sample init")}),
    ("learning_curves", "curves-all-cnn-c-sample-needs-lower-rates",
     trained_arms, {"swapped": ("batchnorm", "sample init")}),
    ("histograms", "sample-sd-layer-50", drawn, {"gain": 2.08}),
    ("histograms", "network-randomness layer-size", over_networks, {"variance": 1.02}),
]  # fmt: skip


@pytest.mark.parametrize(("figure", "name", "data", "mistake"), one_by_one(CASES))
def test_a_mistake_turns_the_row_red(figure, name, data, mistake):
    assert verdict("luther2019", figure, name, data) in GREEN
    assert verdict("luther2019", figure, name, data, **mistake) == NOT_REPRODUCED

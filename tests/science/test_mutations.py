"""Every kind of test turns a row red when the science is wrong, and leaves it green when it is right.

Each case is a claim, tables as they should be, and tables with one mistake in them: a variance off by
some per cent, noise with a lag of a layer, a missing mean, swapped panels, another model. The numbers come
from the functions that the figures use, or from the distribution that they have in the limit, at a size at
which the row decides. What a row of a build would show stands in its column `would_show`.
"""

import importlib
from collections.abc import Callable
from functools import cache
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import torch

from deepinit.dense.empirical_variance import log_empirical_variance, log_tilted_variance
from deepinit.initialisers import WEIGHT_LAWS
from deepinit.meanfield.activations import activation_step
from deepinit.meanfield.gradients import gradient_statistics
from deepinit.meanfield.normalisation import STEPS
from deepinit.meanfield.sample_variance import nested_sample_statistics, sample_statistics
from deepinit.noise.fractional import fractional_noise
from deepinit.random import RandomStream
from deepinit.resnet.output_ratios import residual_lengths
from deepinit.resnet.scaled_modules import log_lengths as residual_log_lengths
from deepinit.resnet.scaled_modules import log_mean_by_population
from deepinit.resnet.scaled_modules_theory import module_scales
from deepinit.resnet.single_weight_theory import log_mean_squared_change
from deepinit.resnet.smooth_weights import smooth_weights
from deepinit.seeds import seed_sequence
from deepinit.stats.roughness import hurst_index, second_order_variations
from deepinit.widths import WIDTH_PATTERNS
from papers.hanin2018.scales import RECIPROCAL
from papers.luther2019.histograms import compute as histograms
from papers.marion2025.fig6.compute import _rows
from study.figure_data import FigureData
from study.folders import folder
from study.judging import claims_of
from study.verdicts import DIFFERENT, NOT_REPRODUCED, REPRODUCED, judge

DEPTHS = [10, 16, 27, 46, 77, 129, 215, 359, 599, 1000]
LN_10 = np.log(10)


def seeds(*address: object) -> np.random.SeedSequence:
    return seed_sequence(9, "test_mutations", *address)


def verdict(paper: str, figure: str, name: str, data: FigureData) -> str:
    """Return the verdict on one claim."""
    (claim,) = (
        claim
        for claim in claims_of(folder(paper, figure) / "claims.yaml", figure)
        if claim.claim == name
    )
    presentation = importlib.import_module(f"papers.{paper}.{figure}.present").figure
    return judge(claim, lambda: presentation.measured(claim, data))["verdict"]


def published(paper: str, figure: str) -> dict[str, pd.DataFrame]:
    return {file.stem: pd.read_csv(file) for file in folder(paper, figure).glob("published/*.csv")}


# ------------------------------------------------------------------------------ marion2025
def lengths(depth: int, width: int, beta: float, networks: int, variance: float) -> pd.DataFrame:
    """Return decimal logarithms of both output ratios, the variance of V being `variance`/d.

    α² V has the variance of networks whose β is smaller by ln(variance)/(2 ln L).
    """
    own = beta if depth == 1 else beta - np.log(variance) / (2 * np.log(depth))
    found = residual_lengths(depth, width, own, networks, seeds(depth, width, beta))
    return pd.DataFrame(found.log10()).assign(depth=depth, width=width, beta=beta)


def against_depth(variance: float = 1.0, swapped: bool = False) -> FigureData:
    """Return Figure 1: 200 networks a point; panels β = 1 and ½ `swapped`."""
    frame = pd.concat(lengths(d, 40, beta, 200, variance) for d in DEPTHS for beta in (1.0, 0.5))
    if swapped:
        frame["beta"] = 1.5 - frame["beta"]
    deep = [lengths(d, 40, 0.25, 2000, variance) for d in (359, 599, 1000)]
    tables = {"fig1": frame, "means": pd.concat(deep).assign(weights="independent")}
    return FigureData("fig1", tables, {"fig1": {}}, published("marion2025", "fig1"))


def bounds(variance: float = 1.0) -> FigureData:
    places = [(10, 10), (100, 100), (1000, 100)]
    frame = pd.concat(lengths(depth, width, 0.5, 20_000, variance) for width, depth in places)
    frame = frame.assign(sampler="lengths", log10_gradient_change=np.nan)
    return FigureData("bounds", {"bounds": frame}, {"bounds": {}}, {})


def approach(variance: float = 1.0) -> FigureData:
    frame = pd.concat(lengths(depth, 100, 0.5, 20_000, variance) for depth in (10, 30, 100))
    frame = frame.assign(sampler="lengths")
    return FigureData("lognormal", {"lognormal": frame}, {"lognormal": {}}, {})


def histogram(
    variance: float = 1.0, uniform: float | None = None, gradient: float | None = None
) -> FigureData:
    """Return Figure 2 from its log-normal limit, d = 100; the others' variance is the same unless given."""
    frames = []
    for sampler, networks in (("lengths", 100_000), ("reduced", 10_000), ("explicit", 1000)):
        generator = np.random.default_rng(seeds(sampler))
        own = uniform if uniform and sampler == "explicit" else variance

        def logs(scale: float, generator=generator, networks=networks) -> np.ndarray:
            mean, sd = (0.25 - 1 / 200) * scale, np.sqrt(scale / 200)
            return (mean + sd * generator.standard_normal(networks)) / LN_10

        columns = {"log10_output_norm": logs(own), "log10_gradient_norm": logs(gradient or own)}
        frames.append(pd.DataFrame(columns).assign(sampler=sampler))
    settings = {"fig2": {"depth": 1000, "width": 100, "beta": 0.5, "delta": 0.5}}
    return FigureData("fig2", {"fig2": pd.concat(frames)}, settings, {})


def noise(lag: int = 0, hurst: float = 0.8) -> np.ndarray:
    """Return fractional noise, 400 paths of 256 steps; `lag`: averaged with what comes so much later."""
    found = fractional_noise(hurst, 257, 400, RandomStream(seeds("noise", hurst)))
    found = found.double().numpy()
    return (found[:256] + found[lag : 256 + lag]) / 2


def motion(lag: int = 0) -> FigureData:
    path = np.concatenate([np.zeros((1, 400)), noise(lag).cumsum(axis=0)]) * 256**-0.8
    lags, paths = 2 ** np.arange(7), np.arange(400)
    squares = np.array([((path[lag:] - path[:-lag]) ** 2).mean(axis=0) for lag in lags])
    frame = pd.concat(
        [
            _rows("position", [256], paths, path[-1:]),
            _rows("mean_squared_increment", lags, paths, squares),
        ]
    )
    return FigureData("fig6", {"fig6": frame.assign(hurst=0.8)}, {"fig6": {"steps": 256}}, {})


def start(lag: int = 0) -> FigureData:
    """Return the index of iid weights before training, eight networks of fifty entries."""
    indices = [
        hurst_index(second_order_variations(part, [1, 2]), [1, 2])
        for part in np.split(noise(lag, hurst=0.5), 8, axis=1)
    ]
    frame = pd.DataFrame({"network": range(8), "value": indices, "quantity": "hurst"})
    frame = frame.assign(law="independent", beta=0.5, stage="before")
    return FigureData("fig8", {"fig8": frame}, {"fig8": {"depth": 256, "lags": [1, 2]}}, {})


def trained(kind: str = "Brownian") -> FigureData:
    """Return indices of what training adds: eight networks of fifty "Brownian" or "smooth" paths."""
    paths = noise(hurst=0.5).cumsum(axis=0)
    if kind == "smooth":
        paths = paths.cumsum(axis=0)
    indices = [
        hurst_index(second_order_variations(part, [1, 2]), [1, 2])
        for part in np.split(paths, 8, axis=1)
    ]
    rows = pd.DataFrame({"network": range(8), "value": indices, "quantity": "hurst"})
    accuracy = rows.assign(value=0.9, quantity="test_accuracy", stage="after")
    frame = pd.concat([rows.assign(stage="change"), accuracy])
    frame = frame.assign(law="independent", beta=1.0)
    return FigureData("fig8", {"fig8": frame}, {"fig8": {"depth": 1000, "lags": [1, 2]}}, {})


def smooth(swapped: bool = False, scale: float = 1.0) -> FigureData:
    """Return Figure 4: 100 networks of depths 129 and 215, some of 1000 layers.

    Weights and their increments may be `swapped`, and the change at first order off by `scale`.
    """

    def drawn(weights: str, beta: float, depth: int) -> pd.DataFrame:
        kind = {"process": "increments", "increments": "process"}[weights] if swapped else weights
        stream = RandomStream(seeds("smooth", weights, beta, depth))
        found = smooth_weights(depth, 40, beta, 100, stream, weights=kind, inputs="uniform")
        frame = pd.DataFrame(found.log10())
        frame["log10_output_change"] += np.log10(scale)
        return frame.assign(weights=weights, beta=beta, depth=depth)

    places = [("process", 2.0), ("process", 1.0), ("increments", 1.0)]
    frame = pd.concat(drawn(*place, depth) for place in places for depth in (129, 215))
    deep = drawn("process", 0.5, 1000).assign(weights="smooth")
    tables = {"fig4": frame, "means": deep}
    return FigureData("fig4", tables, {"fig4": {"width": 40}}, published("marion2025", "fig4"))


def inside(drift: bool = True) -> FigureData:
    """Return Figure 10: 200 networks of res-3, and of h + α ReLU(W h) with or without its drift."""
    res_3 = pd.concat(lengths(d, 40, beta, 200, 1.0) for d in (10, 1000) for beta in (1.0, 0.5))
    captioned = pd.concat([res_3, lengths(1000, 40, 0.25, 200, 1.0)])
    if drift:
        sizes = [
            log_mean_squared_change(depth, beta, 0.0) / (2 * LN_10)
            for depth, beta in zip(captioned["depth"], captioned["beta"], strict=True)
        ]
        generator = np.random.default_rng(seeds("inside"))
        captioned["log10_output_change"] = sizes + 0.05 * generator.standard_normal(len(sizes))
    exploding = lengths(1000, 40, 0.25, 2000, 1.0).assign(weights="independent")
    tables = {
        "fig1": res_3,
        "means": exploding,
        "fig10": captioned.assign(activation="relu"),
    }
    return FigureData("fig10", tables, {"fig10": {"width": 40}}, published("marion2025", "fig10"))


def as_trained(transposed: bool = False, lower: float = 0.0, moved: int = 0) -> FigureData:
    """Return Figure 9's accuracies as published, or H and β `transposed`, or with another mistake.

    Args:
        lower: by so much are accuracies lower.
        moved: to so many rows of greater β.
    """
    maps = published("marion2025", "fig9")
    frame = maps["mnist"].melt("beta", var_name="hurst", value_name="test_accuracy")
    frame["hurst"] = frame["hurst"].astype(float)
    if transposed:
        frame = frame.rename(columns={"hurst": "beta", "beta": "hurst"})
    accuracy = frame.groupby("hurst")["test_accuracy"].shift(moved).fillna(0.1) - lower
    frame = frame.assign(test_accuracy=accuracy)
    frame = frame.assign(
        validation_accuracy=frame["test_accuracy"], data="mnist", learning_rate=0.01, epoch=10,
        diverged=False, test_images=10_000,
    )  # fmt: skip
    settings = {"fig9": {"data_sets": ["mnist"], "epochs": 10, "depth": 1000}}
    return FigureData("fig9", {"fig9": frame}, settings, maps)


def errors(order: float = 0.5) -> FigureData:
    """Return distances to the SDE that fall like L^−order, 100 networks."""
    depth, network = np.meshgrid([32, 64, 128, 256], range(100), indexing="ij")
    size = np.random.default_rng(seeds("errors")).standard_normal(100) * 0.1
    frame = pd.DataFrame({"depth": depth.ravel(), "network": network.ravel()})
    frame["log10_error"] = (size - order * np.log10(depth)).ravel()
    frame = frame.assign(law="independent", width=40, reference=10**6)
    return FigureData("limits", {"limits": frame}, {"limits": {}}, {})


# ------------------------------------------------------------------------------ luther2019
def statistics(layers: int, *, width: int = 200, **options: object) -> pd.DataFrame:
    """Return m² and v² by layer of 200 networks with 16 inputs."""
    stream = RandomStream(seeds("statistics", layers, width))
    return sample_statistics(width, layers, 16, 200, stream, **options).frame()


def widths(gain: float = 2.0) -> FigureData:
    frame = statistics(25, width=1000, gain=gain).assign(width=1000, block=0)
    return FigureData("finite_width", {"finite_width": frame}, {"finite_width": {}}, {})


def ends(swapped: bool = False) -> FigureData:
    """Return m/v at layer 49 from 100 inputs and from 30 of them; widths `swapped`."""
    frames = []
    for width, networks in ((30, 800), (100, 600)):
        stream = RandomStream(seeds("ends", width))
        found = nested_sample_statistics(width, 50, [30, 100], networks, stream)
        ratios = [part.squared_mean[:, 49] / part.variance[:, 49] for part in found]
        few, every = (ratio.sqrt().numpy() for ratio in ratios)
        label = 130 - width if swapped else width
        frames.append(pd.DataFrame({"ratio_of_few": few, "ratio": every}).assign(width=label))
    settings = {"few": 30, "points": [{"width": width, "samples": 100} for width in (30, 100)]}
    tables = {"finite_width": pd.concat(frames).assign(layer=49)}
    values = published("luther2019", "finite_width")
    return FigureData("finite_width", tables, {"finite_width": settings}, values)


def gradients(kind: str = "batch norm") -> FigureData:
    """Return gradients of 60 networks with batch norm, N = 100 and 16 inputs; or of another kind."""
    found = gradient_statistics(kind, 100, 14, 16, 60, RandomStream(seeds("gradients")))["own"]
    frame = found.frame().assign(kind="batch norm", output_gradient="own")
    return FigureData(
        "gradients", {"gradients": frame}, {"gradients": {"width": 100, "batch": 16}}, {}
    )


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
    return FigureData("learning_curves", {"learning_curves": frame}, {"learning_curves": {}}, {})


def centred(mean: bool = True) -> FigureData:
    step, gain = activation_step("centred_relu", 0.0) if mean else (torch.relu, 2.0)
    frame = statistics(20, step=step, gain=gain)
    frame = frame.assign(activation="centred_relu", slope=0.0, start=0.0)
    return FigureData("activations", {"activations": frame}, {"activations": {}}, {})


def normalised(gain: float = 2.0, norm: str = "batch norm") -> FigureData:
    kinds = {"batch norm": norm, "plain": "plain", "layer norm": "layer norm"}
    frames = [
        statistics(12, step=STEPS[own], gain=gain).assign(kind=kind) for kind, own in kinds.items()
    ]
    settings = {"batch_norm": {"width": 200, "batch": 16, "layers": 12}}
    return FigureData("batch_norm", {"batch_norm": pd.concat(frames)}, settings, {})


def over_networks(variance: float = 1.0) -> FigureData:
    """Return one unit over 1000 networks, N = 256, layers 1 and 50; weights of `variance`."""
    real = histograms.one_input

    def scaled(width, layers, first_variance, seed):
        found = real(width, layers, first_variance, seed)
        return {layer: y * variance ** (layer / 2) for layer, y in found.items()}

    s = SimpleNamespace(width=256, layers=[1, 50], networks=1000, limit=3.0, bins=30)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(histograms, "one_input", scaled)
        frame = pd.concat(histograms._over_networks(s, RandomStream(seeds("over networks")), 0))
    return FigureData("histograms", {"histograms": frame}, {"histograms": vars(s)}, {})


# ------------------------------------------------------------------------------ hanin2018
def modules(**mistakes: float) -> FigureData:
    """Return Figure 2a, 20 populations; `b09`: b of the curve 0.9; `loss`: decades a module; and others."""
    bases = {1.0: 1.0, 0.9: mistakes.get("b09", 0.9), 0.75: 0.75, 0.5: 0.5}
    if mistakes.get("swapped"):
        bases |= {0.9: 0.75, 0.75: 0.9}
    curves = [(b, 100, module_scales(own, 100)) for b, own in bases.items()]
    for count in (10, 100):
        curves.append((RECIPROCAL, count, np.full(count, count ** -mistakes.get("power", 1.0))))
    frames = []
    for base, count, scales in curves:
        stream = RandomStream(seeds("modules", base, count))
        logs = log_mean_by_population(scales.tolist(), 5, 20, 500, stream, hidden=5, ending="relu")
        frame = pd.DataFrame((logs / LN_10).numpy(), columns=range(1, count + 1))
        frame -= mistakes.get("loss", 0.0) * np.arange(1, count + 1)
        rows = frame[[count] if base == RECIPROCAL else [50, 100]].melt(
            ignore_index=False, var_name="modules", value_name="log10_length"
        )
        frames.append(rows.rename_axis("replicate").reset_index().assign(base=base))
    table = pd.concat(frames).assign(ending="relu", sampler="population")
    settings = {"bases": [1.0, 0.9, 0.75, 0.5], "hidden": 5}
    return FigureData("fig2a", {"fig2a": table}, {"fig2a": settings}, {})


def starts(slowing: float = 0.0, reverse: bool = False) -> FigureData:
    """Return Figure 2b where times follow E M_L, or the `reverse`, and grow like L^`slowing` at b = ½."""
    generator, runs, lengths = np.random.default_rng(seeds("starts")), [], []
    for base in (1.0, 0.9, 0.75, 0.5):
        for count in (1, 5, 10, 15, 20, 30, 60, 100):
            log = 0.45 * module_scales(base, count).sum()
            ln_time = (-log if reverse else log) / 20 + slowing * np.log(count) * (base == 0.5) - 1
            times = np.exp(ln_time + 0.1 * generator.standard_normal(20))
            place = {"ending": "relu", "base": base, "modules": count}
            run = {"run": range(20), "first_reached": times, "status": "reached"}
            runs.append(pd.DataFrame(run).assign(**place))
            lengths.append({**place, "sampler": "population", "log10_length": log})
    settings = {"max_epochs": 100, "data": "mnist_subset"}
    tables = {"fig2b": pd.concat(runs), "fig2a": pd.DataFrame(lengths)}
    return FigureData("fig2b", tables, {"fig2b": settings, "fig2a": {}}, {})


def over_layers(base: float = 0.9, narrow: int = 10) -> FigureData:
    """Return V̂ of residual networks, b = 0.9, and of widths 30 and `narrow`, which should be 10."""
    stream = RandomStream(seeds("over layers"))
    lengths = residual_log_lengths(
        module_scales(base, 100).tolist(), 15, 1000, stream, hidden=15, ending="relu"
    ).numpy()
    frames = [
        pd.DataFrame({"log10_variance": log_empirical_variance(lengths[:, :depth]) / LN_10})
        .assign(depth=depth, family="residual", pattern="relu", base=0.9, sampler="plain")
        for depth in (40, 80, 100)
    ]  # fmt: skip
    for name in ("alternating", "wide_first", "narrow_first"):
        for depth in (10, 40):
            own = [max(width, narrow) for width in WIDTH_PATTERNS[name].widths(depth, None)]
            logs = log_tilted_variance(own, 1000, np.random.default_rng(seeds(name, depth)))
            frame = pd.DataFrame({"log10_variance": logs / LN_10})
            frames.append(frame.assign(depth=depth, family="fully_connected", pattern=name, base=1.0,
                                       sampler="tilted"))  # fmt: skip
    table = pd.concat(frames).rename_axis("network").reset_index().assign(flat=False)
    return FigureData(
        "empirical_variance", {"empirical_variance": table}, {"empirical_variance": {}}, {}
    )


def growth(variance: float = 1.0) -> FigureData:
    """Return Figure 1a's length of three laws, their variance multiplied by `variance`."""
    frames = []
    for law in ("he_normal_truncated", "glorot_normal_truncated", "xavier_uniform"):
        for depth in (40, 70, 100):
            generator = np.random.default_rng(seeds(law, depth))
            mean, sd = -2.5 / LN_10, np.sqrt(5) / LN_10
            logs = mean + sd * generator.standard_normal(1000)
            logs += depth * np.log10(WEIGHT_LAWS[law].length_gain * variance)
            frames.append(pd.DataFrame({"log10_length": logs, "law": law, "depth": depth}))
    return FigureData("fig1a", {"fig1a": pd.concat(frames).assign(dead=False)}, {"fig1a": {}}, {})


#: Claims of a figure, tables as they should be, and the same with a mistake.
CASES: list[tuple[str, str, Callable, dict]] = [
    ("marion2025 fig1", "fig1-beta-1 fig1-beta-half", against_depth, {"variance": 1.4}),
    ("marion2025 fig1", "fig1-beta-quarter", against_depth, {"variance": 1.1}),
    ("marion2025 fig1", "identity bounded fig1-beta-half", against_depth, {"swapped": True}),
    ("marion2025 bounds", "mean-bounds", bounds, {"variance": 1.02}),
    ("marion2025 bounds", "markov-bound", bounds, {"variance": 8.0}),
    ("marion2025 bounds", "theorem-bounds", bounds, {"variance": 0.25}),
    ("marion2025 lognormal", "approach-mean", approach, {"variance": 1.02}),
    ("marion2025 lognormal", "approach-variance approach-distance", approach, {"variance": 1.1}),
    ("marion2025 fig2", "exact-growth-output", histogram, {"variance": 1.02}),
    ("marion2025 fig2", "log-normal-mean-output", histogram, {"variance": 1.02}),
    ("marion2025 fig2", "quartile-lower quartile-upper", histogram, {"variance": 1.08}),
    ("marion2025 fig2", "range", histogram, {"variance": 1.3}),
    ("marion2025 fig2", "bounds-hold", histogram, {"variance": 3.0}),
    ("marion2025 fig2", "law-of-weights", histogram, {"uniform": 1.06}),
    ("marion2025 fig2", "gradients-like-outputs", histogram, {"gradient": 1.03}),
    ("marion2025 fig6", "fbm-index-08", motion, {"lag": 1}),
    ("marion2025 fig8", "weights-start-independent", start, {"lag": 1}),
    ("marion2025 fig8", "trained-weights-rough-1 trained-change-of-independent", trained, {"kind": "smooth"}),
    ("marion2025 fig4", "fig4-beta-half increments", smooth, {"swapped": True}),
    ("marion2025 fig4", "smooth-first-order", smooth, {"scale": 1.1}),
    ("marion2025 fig10", "fig10-is-not-relu", inside, {"drift": False}),
    ("marion2025 fig9", "accuracy-above-mnist accuracy-below-mnist", as_trained, {"transposed": True}),
    ("marion2025 fig9", "accuracy-just-below-mnist", as_trained, {"transposed": True}),
    ("marion2025 fig9", "accuracy-frontier-published-mnist", as_trained, {"moved": 1}),
    ("marion2025 fig9", "accuracy-plateau-mnist", as_trained, {"lower": 0.02}),
    ("marion2025 limits", "sde-order", errors, {"order": 0.4}),
    ("luther2019 finite_width", "total-variance-kept", widths, {"gain": 2.04}),
    ("luther2019 activations", "centred-relu-no-decay", centred, {"mean": False}),
    ("luther2019 batch_norm", "batch-norm-total", normalised, {"gain": 2.04}),
    ("luther2019 batch_norm", "batch-norm-theory-8", normalised, {"norm": "plain"}),
    ("luther2019 batch_norm", "batch-norm-mean batch-norm-removes-the-decay", normalised, {"norm": "plain"}),
    ("luther2019 finite_width", "bands width-30-end width-100-end", ends, {"swapped": True}),
    ("luther2019 gradients", "gradient-growth-batch-norm", gradients, {"kind": "plain"}),
    ("luther2019 learning_curves", "curves-all-cnn-c-sample-below-total curves-all-cnn-c-gain"
     " curves-all-cnn-c-sample-faster-than-total curves-all-cnn-c-sample-below-total-own-rates",
     trained_arms, {"swapped": ("total init", "sample init")}),
    ("luther2019 learning_curves", "curves-all-cnn-c-sample-needs-lower-rates",
     trained_arms, {"swapped": ("batchnorm", "sample init")}),
    ("luther2019 histograms", "network-randomness layer-size", over_networks, {"variance": 1.02}),
    ("hanin2018 fig1a", "only-he-uniform-critical", growth, {"variance": 2.1}),
    ("hanin2018 fig2a", "residual-unscaled-explodes", modules, {"loss": 0.6}),
    ("hanin2018 fig2a", "residual-scaled-bounded-0.9", modules, {"b09": 0.95}),
    ("hanin2018 fig2a", "residual-plateau-depends-on-b residual-exponent-grows", modules, {"swapped": True}),
    ("hanin2018 fig2a", "residual-reciprocal-bounded", modules, {"power": 0.5}),
    ("hanin2018 fig2b", "residual-scaled-flat-0.5", starts, {"slowing": 0.5}),
    ("hanin2018 fig2b", "residual-gap residual-length-predicts-start", starts, {"reverse": True}),
    ("hanin2018 empirical_variance", "fm2-residual", over_layers, {"base": 0.97}),
    ("hanin2018 empirical_variance", "fm2-constant-width-neurons", over_layers, {"narrow": 30}),
    ("hanin2018 empirical_variance", "fm2-constant-width-parameters", over_layers, {"narrow": 30}),
]  # fmt: skip
NAMED = [
    pytest.param(*figure.split(), name, data, mistake, id=f"{name} {mistake}")
    for figure, names, data, mistake in CASES
    for name in names.split()
]


@cache
def made(data: Callable, **mistake: object) -> FigureData:
    return data(**mistake)


@pytest.mark.parametrize(("paper", "figure", "name", "data", "mistake"), NAMED)
def test_a_mistake_turns_the_row_red(paper, figure, name, data, mistake):
    assert verdict(paper, figure, name, made(data)) in (REPRODUCED, DIFFERENT)
    assert verdict(paper, figure, name, made(data, **mistake)) == NOT_REPRODUCED

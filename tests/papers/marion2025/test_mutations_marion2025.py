"""marion2025: every kind of row turns red when the science is wrong."""

from functools import cache

import numpy as np
import pandas as pd
import pytest
from mutations import GREEN, LN_10, of_one_table, one_by_one, published, seeds, verdict

from deepinit.noise.fractional import fractional_noise
from deepinit.random import RandomStream
from deepinit.resnet.output_ratios import residual_lengths
from deepinit.resnet.single_weight_theory import log_mean_squared_change
from deepinit.resnet.smooth_weights import smooth_weights
from deepinit.stats.roughness import hurst_index, second_order_variations
from papers.marion2025.fig6.compute import _rows
from papers.marion2025.heat_maps import published_map
from study.figure_data import FigureData
from study.verdicts import NOT_REPRODUCED

DEPTHS = [10, 16, 27, 46, 77, 129, 215, 359, 599, 1000]


@cache
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
    return of_one_table("bounds", frame)


def approach(variance: float = 1.0) -> FigureData:
    frame = pd.concat(lengths(depth, 100, 0.5, 20_000, variance) for depth in (10, 30, 100))
    frame = frame.assign(sampler="lengths")
    return of_one_table("lognormal", frame)


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
    return of_one_table("fig2", pd.concat(frames), depth=1000, width=100, beta=0.5, delta=0.5)


def joint(correlation: float = 0.015) -> FigureData:
    """Return the two ratios of Figure 2's networks as normal numbers of a correlation, 20,000 of each."""
    generator = np.random.default_rng(seeds("joint"))
    output, own = generator.standard_normal((2, 20_000))
    gradient = correlation * output + np.sqrt(1 - correlation**2) * own
    columns = {"log10_output_norm": output, "log10_gradient_norm": gradient}
    frame = pd.DataFrame(columns).assign(sampler="reduced")
    return FigureData(
        "lognormal", {"fig2": frame}, {"fig2": {"width": 100, "depth": 1000}, "lognormal": {}}, {}
    )


def noise(lag: int = 0, hurst: float = 0.8, paths: int = 400) -> np.ndarray:
    """Return fractional noise, 256 steps of `paths`; `lag`: averaged with what comes so much later."""
    found = fractional_noise(hurst, 257, paths, RandomStream(seeds("noise", hurst)))
    found = found.double().numpy()
    return (found[:256] + found[lag : 256 + lag]) / 2


def indices(paths: np.ndarray) -> pd.DataFrame:
    """Return the index of eight networks of fifty paths each."""
    found = [
        hurst_index(second_order_variations(part, [1, 2]), [1, 2])
        for part in np.split(paths, 8, axis=1)
    ]
    return pd.DataFrame({"network": range(8), "value": found, "quantity": "hurst"})


def motion(lag: int = 0) -> FigureData:
    steps = noise(lag, paths=3000)
    path = np.concatenate([np.zeros((1, 3000)), steps.cumsum(axis=0)]) * 256**-0.8
    lags, paths = 2 ** np.arange(7), np.arange(3000)
    squares = np.array([((path[lag:] - path[:-lag]) ** 2).mean(axis=0) for lag in lags])
    frame = pd.concat(
        [
            _rows("position", [256], paths, path[-1:]),
            _rows("mean_squared_increment", lags, paths, squares),
        ]
    )
    return of_one_table("fig6", frame.assign(hurst=0.8), steps=256)


def start(lag: int = 0) -> FigureData:
    """Return the index of iid weights before training, eight networks of fifty entries."""
    frame = indices(noise(lag, hurst=0.5)).assign(law="independent", beta=0.5, stage="before")
    return of_one_table("fig8", frame, depth=256, lags=[1, 2])


def trained(rough: float = 0.15, smooth: bool = False) -> FigureData:
    """Return indices of what training adds: eight networks of fifty paths.

    Brownian motion and as much of iid noise as its steps times `rough`, or a `smooth` path.
    """
    steps = noise(hurst=0.5)
    paths = steps.cumsum(axis=0) + rough * steps[::-1]
    if smooth:
        paths = paths.cumsum(axis=0)
    rows = indices(paths)
    accuracy = rows.assign(value=0.9, quantity="test_accuracy", stage="after")
    frame = pd.concat([rows.assign(stage="change"), accuracy])
    frame = frame.assign(law="independent", beta=1.0)
    return of_one_table("fig8", frame, depth=1000, lags=[1, 2])


def diffusions(memory: float = 0.999) -> np.ndarray:
    """Return 500 steps of 7,200 stationary paths that keep so much of themselves from step to step."""
    generator = np.random.default_rng(20240607)
    x, paths = generator.normal(size=7200), []
    for _ in range(500):
        x = memory * x + np.sqrt(1 - memory**2) * generator.normal(size=7200)
        paths.append(x)
    return np.array(paths)


def first_step(signs: bool = True, memory: float = 0.999) -> FigureData:
    """Return indices of gradients, near diffusions, and of the first step, their signs or themselves."""
    gradients = diffusions(memory)
    step = indices(np.sign(gradients) if signs else gradients).assign(stage="first step")
    frame = pd.concat([indices(gradients).assign(stage="gradient"), step])
    return of_one_table("fig8", frame.assign(law="independent", beta=0.5), depth=1000, lags=[1, 2])


def change(memory: float = 0.999, smooth: float = 0.1) -> FigureData:
    """Return variations of what training adds: near diffusions and a share that is smooth."""
    paths = diffusions(memory) + smooth * np.sin(np.arange(500) / 20)[:, None]
    rows = [
        {"network": n, "position": lag, "value": value}
        for n, part in enumerate(np.split(paths, 8, axis=1))
        for lag, value in zip(
            [1, 2, 8, 16], second_order_variations(part, [1, 2, 8, 16]), strict=True
        )
    ]
    frame = pd.DataFrame(rows).assign(quantity="variation", stage="change", law="independent")
    return of_one_table("fig8", frame.assign(beta=1.0), depth=1000, lags=[1, 2, 8, 16])


@cache
def smooth_lengths(weights: str, beta: float, depth: int) -> pd.DataFrame:
    """Return decimal logarithms of the ratios of 100 networks with smooth weights."""
    stream = RandomStream(seeds("smooth", weights, beta, depth))
    found = smooth_weights(depth, 40, beta, 100, stream, weights=weights, inputs="uniform")
    return pd.DataFrame(found.log10())


def smooth(swapped: bool = False, scale: float = 1.0) -> FigureData:
    """Return Figure 4: 100 networks of depths 77 to 215, some of 1000 layers.

    Weights and their increments may be `swapped`, and the change at first order off by `scale`.
    """

    def drawn(weights: str, beta: float, depth: int) -> pd.DataFrame:
        kind = {"process": "increments", "increments": "process"}[weights] if swapped else weights
        frame = smooth_lengths(kind, beta, depth)
        change = frame["log10_output_change"] + np.log10(scale)
        return frame.assign(log10_output_change=change, weights=weights, beta=beta, depth=depth)

    places = [("process", 2.0), ("process", 1.0), ("increments", 1.0)]
    frame = pd.concat(drawn(*place, depth) for place in places for depth in (77, 129, 215))
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
    return of_one_table("fig9", frame, maps, data_sets=["mnist"], epochs=10, depth=1000)


def critical(depends: bool = True) -> FigureData:
    """Return a heat map of five draws whose zero contour is max(½, H), or one that does not depend on H."""
    values = published("marion2025", "fig7")
    maps, frames = published_map(values["a_output"]), []
    for draw in range(5):
        generator = np.random.default_rng(seeds("critical", draw))
        contour = (
            np.maximum(0.5, maps.columns.to_numpy()) if depends else np.full(maps.shape[1], 0.6)
        )
        contour = contour + 0.03 * generator.standard_normal(len(contour))
        cells = contour - maps.index.to_numpy()[:, None]
        frame = pd.DataFrame(cells, maps.index, maps.columns).stack()
        frames.append(frame.rename("log10_output_change").reset_index().assign(draw=draw))
    frame = pd.concat(frames).assign(generator="exact")
    return of_one_table("fig7", frame, values, depth=1000, draws=5)


def errors(order: float = 0.5) -> FigureData:
    """Return distances to the SDE that fall like L^−order, 100 networks."""
    depth, network = np.meshgrid([32, 64, 128, 256], range(100), indexing="ij")
    size = np.random.default_rng(seeds("errors")).standard_normal(100) * 0.1
    frame = pd.DataFrame({"depth": depth.ravel(), "network": network.ravel()})
    frame["log10_error"] = (size - order * np.log10(depth)).ravel()
    frame = frame.assign(law="independent", width=40, reference=10**6)
    return of_one_table("limits", frame)


CASES = [
    ("fig1", "fig1-beta-1 fig1-beta-half", against_depth, {"variance": 1.4}),
    ("fig1", "fig1-beta-quarter", against_depth, {"variance": 1.1}),
    ("fig1", "identity bounded fig1-beta-half", against_depth, {"swapped": True}),
    ("bounds", "mean-bounds", bounds, {"variance": 1.02}),
    ("bounds", "markov-bound", bounds, {"variance": 8.0}),
    ("bounds", "theorem-bounds", bounds, {"variance": 0.25}),
    ("lognormal", "approach-mean", approach, {"variance": 1.02}),
    ("lognormal", "approach-variance approach-distance", approach, {"variance": 1.1}),
    ("lognormal", "ratios-nearly-independent", joint, {"correlation": -0.1}),
    ("fig2", "exact-growth-output", histogram, {"variance": 1.02}),
    ("fig2", "log-normal-mean-output", histogram, {"variance": 1.02}),
    ("fig2", "quartile-lower quartile-upper", histogram, {"variance": 1.08}),
    ("fig2", "range", histogram, {"variance": 1.3}),
    ("fig2", "bounds-hold", histogram, {"variance": 3.0}),
    ("fig2", "law-of-weights", histogram, {"uniform": 1.06}),
    ("fig2", "gradients-like-outputs", histogram, {"gradient": 1.03}),
    ("fig6", "fbm-index-08 fbm-step-08", motion, {"lag": 1}),
    ("fig8", "weights-start-independent", start, {"lag": 1}),
    ("fig8", "trained-weights-rough-1 trained-change-rougher-than-brownian", trained, {"smooth": True}),
    ("fig8", "trained-change-nearly-brownian", trained, {"rough": 0.6}),
    ("fig8", "first-step-of-adam", first_step, {"signs": False}),
    ("fig8", "first-gradient-brownian", first_step, {"memory": 0.0}),
    ("fig8", "trained-change-not-self-similar", change, {"memory": 0.8, "smooth": 0.0}),
    ("fig7", "critical-line-smooth", critical, {"depends": False}),
    ("fig4", "fig4-beta-half increments increments-are-not-the-figure", smooth, {"swapped": True}),
    ("fig4", "smooth-first-order", smooth, {"scale": 1.1}),
    ("fig10", "fig10-is-not-relu", inside, {"drift": False}),
    ("fig9", "accuracy-above-mnist accuracy-below-mnist", as_trained, {"transposed": True}),
    ("fig9", "accuracy-just-below-mnist", as_trained, {"transposed": True}),
    ("fig9", "accuracy-frontier-published-mnist", as_trained, {"moved": 1}),
    ("fig9", "accuracy-plateau-mnist", as_trained, {"lower": 0.02}),
    ("limits", "sde-order", errors, {"order": 0.4}),
]  # fmt: skip


@pytest.mark.parametrize(("figure", "name", "data", "mistake"), one_by_one(CASES))
def test_a_mistake_turns_the_row_red(figure, name, data, mistake):
    assert verdict("marion2025", figure, name, data) in GREEN
    assert verdict("marion2025", figure, name, data, **mistake) == NOT_REPRODUCED

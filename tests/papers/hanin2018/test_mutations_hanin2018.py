"""hanin2018: every kind of row turns red when the science is wrong."""

import numpy as np
import pandas as pd
import pytest
from mutations import GREEN, LN_10, of_one_table, one_by_one, seeds, verdict

from deepinit.dense.empirical_variance import (
    log_empirical_variance,
    log_lengths,
    log_tilted_variance,
)
from deepinit.dense.empirical_variance_theory import log_mean_of_fully_connected
from deepinit.dense.length_moments import log_factor_moments
from deepinit.initialisers import WEIGHT_LAWS
from deepinit.random import RandomStream
from deepinit.resnet.scaled_modules import log_lengths as residual_log_lengths
from deepinit.resnet.scaled_modules import log_mean_by_population
from deepinit.resnet.scaled_modules_theory import module_scales
from deepinit.widths import WIDTH_PATTERNS
from papers.hanin2018.scales import RECIPROCAL
from study.figure_data import FigureData
from study.verdicts import NOT_REPRODUCED


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
    return of_one_table("fig2a", table, bases=list(bases), hidden=5)


def starts(slowing: float = 0.0, reverse: bool = False, diverged: int = 0) -> FigureData:
    """Return Figure 2b where times follow E M_L, or the `reverse`, and grow like L^`slowing` at b = ½.

    Networks of so many modules may have `diverged`.
    """
    generator, runs, lengths = np.random.default_rng(seeds("starts")), [], []
    for base in (1.0, 0.9, 0.75, 0.5):
        for count in (1, 5, 10, 15, 20, 30, 60, 100):
            log = 0.45 * module_scales(base, count).sum()
            ln_time = (-log if reverse else log) / 20 + slowing * np.log(count) * (base == 0.5) - 1
            times = np.exp(ln_time + 0.1 * generator.standard_normal(20))
            place = {"ending": "relu", "base": base, "modules": count}
            status = "diverged" if count == diverged else "reached"
            run = {"run": range(20), "first_reached": times, "status": status}
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
    return of_one_table("empirical_variance", table)


def deep(power: float = 0.0, rising: float = 0.0) -> FigureData:
    """Return V̂ of constant widths; E V̂ like a `power` of the depth, or V̂ `rising` by decades a layer."""
    frames = []
    for depth in (40, 50, 60, 80, 100):
        tilted = log_tilted_variance(
            [20] * depth, 1000, np.random.default_rng(seeds("deep", depth))
        )
        exact = log_mean_of_fully_connected([20] * depth)
        if power:
            tilted += power * np.log(depth) - exact
        generator = np.random.default_rng(seeds("typical", depth))
        plain = log_empirical_variance(log_lengths([15] * depth, 2000, generator))
        plain += rising * depth * LN_10
        for width, sampler, logs in ((20, "tilted", tilted), (15, "plain", plain)):
            frame = pd.DataFrame({"log10_variance": logs / LN_10, "network": range(len(logs))})
            frames.append(frame.assign(
                depth=depth, beta=depth / width, pattern=f"constant_{width}", sampler=sampler,
                exact_log10_mean=exact / LN_10, flat=False))  # fmt: skip
    return of_one_table("empirical_variance", pd.concat(frames))


def lengths(variance: float = 1.0, spread: float = 1.0) -> FigureData:
    """Return Figure 1a's length, weights and log M_d with `variance` and `spread` times theirs."""
    frames = []
    for law in ("he_normal", "xavier_normal"):
        for depth in (50, 70, 100):
            mean, square = depth * np.array(log_factor_moments(depth))
            logs = np.random.default_rng(seeds(law, depth)).normal(mean, spread * square**0.5, 1000)
            logs += depth * np.log(WEIGHT_LAWS[law].length_gain * variance)
            frames.append(pd.DataFrame({"log10_length": logs / LN_10, "law": law, "depth": depth}))
    return of_one_table("fig1a", pd.concat(frames).assign(dead=False))


CASES = [
    ("fig1a", "growth-xavier-normal", lengths, {"variance": 1.03}),
    ("fig1a", "log-length-variance", lengths, {"spread": 1.15}),
    ("fig2a", "residual-unscaled-explodes", modules, {"loss": 0.6}),
    ("fig2a", "residual-scaled-bounded-0.9", modules, {"b09": 0.95}),
    ("fig2a", "residual-plateau-depends-on-b residual-exponent-grows", modules, {"swapped": True}),
    ("fig2a", "residual-reciprocal-bounded", modules, {"power": 0.5}),
    ("fig2b", "residual-scaled-start-0.5", starts, {"diverged": 5}),
    ("fig2b", "residual-scaled-flat-0.5", starts, {"slowing": 0.5}),
    ("fig2b", "residual-gap residual-length-predicts-start", starts, {"reverse": True}),
    ("empirical_variance", "fm2-residual", over_layers, {"base": 0.97}),
    ("empirical_variance", "fm2-exponential", deep, {"power": 3.0}),
    ("empirical_variance", "fm2-typical", deep, {"rising": 0.02}),
    ("empirical_variance", "fm2-constant-width-neurons", over_layers, {"narrow": 30}),
    ("empirical_variance", "fm2-constant-width-parameters", over_layers, {"narrow": 30}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("figure", "name", "data", "mistake"), one_by_one(CASES, "residual-length-predicts-start")
)
def test_a_mistake_turns_the_row_red(figure, name, data, mistake):
    assert verdict("hanin2018", figure, name, data) in GREEN
    assert verdict("hanin2018", figure, name, data, **mistake) == NOT_REPRODUCED

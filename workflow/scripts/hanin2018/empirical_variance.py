"""Empirical variance over layers: all width patterns, or residual networks."""

import numpy as np
import pandas as pd

from deepinit.dense.empirical_variance import (
    log_empirical_variance,
    log_lengths,
    log_tilted_variance,
)
from deepinit.dense.empirical_variance_theory import (
    log_mean_empirical_variance,
    log_mean_of_fully_connected,
)
from deepinit.resnet.scaled_modules import log_lengths as residual_log_lengths
from deepinit.resnet.scaled_modules import reduced_modules
from deepinit.resnet.scaled_modules_theory import (
    log_mean_growth_linear,
    log_second_moment_linear,
    module_scales,
)
from deepinit.widths import WIDTH_PATTERNS
from scripts.hanin2018.streams import blocks_of_streams
from study.job import Job
from study.streams import random_stream

_BLOCK = 1000


def _rows(place: dict, sampler: str, logs: np.ndarray) -> pd.DataFrame:
    flat = np.isneginf(logs)
    return pd.DataFrame(
        {
            **place,
            "sampler": sampler,
            "network": np.arange(len(logs)),
            "log10_variance": np.where(flat, np.nan, logs / np.log(10)),
            "flat": flat,
        }
    )


def _fully_connected(job: Job) -> list[pd.DataFrame]:
    spec, frames = job.spec, []
    progress = job.progress("patterns")
    for done, name in enumerate(spec["patterns"]):
        for depth in spec["depths"]:
            # The random widths of a deep network begin with those of a shallow one.
            generator = random_stream(job, {"pattern": name}, "widths").numpy
            widths = WIDTH_PATTERNS[name].widths(depth, generator)
            place = {
                "family": "fully_connected",
                "pattern": name,
                "base": 1.0,
                "depth": depth,
                "beta": float(np.sum(1 / np.array(widths))),
                "exact_log10_mean": log_mean_of_fully_connected(widths) / np.log(10),
                "exact_known": True,
            }
            address = {"pattern": name, "depth": depth}
            plain = [
                log_empirical_variance(log_lengths(widths, count, stream.numpy))
                for stream, count in blocks_of_streams(
                    job, spec["networks"], _BLOCK, address, "networks"
                )
            ]
            tilted = [
                log_tilted_variance(widths, count, stream.numpy)
                for stream, count in blocks_of_streams(
                    job, spec["tilted"], _BLOCK, address, "tilted"
                )
            ]
            frames.append(_rows(place, "plain", np.concatenate(plain)))
            frames.append(_rows(place, "tilted", np.concatenate(tilted)))
        progress(done + 1, len(spec["patterns"]))
    return frames


def _residual(job: Job) -> list[pd.DataFrame]:
    spec, frames = job.spec, []
    width, depths = spec["residual_width"], spec["depths"]
    kinds = [(ending, base) for ending in spec["endings"] for base in spec["bases"]]
    for ending, base in kinds:
        scales = module_scales(base, max(depths))
        address = {"ending": ending, "base": base, "width": width}
        logs = np.concatenate(
            [
                residual_log_lengths(
                    scales.tolist(), width, count, stream, reduced_modules(width, ending, stream)
                )
                .cpu()
                .numpy()
                for stream, count in blocks_of_streams(job, spec["networks"], _BLOCK, address)
            ]
        )
        mean, second = (
            log_mean_growth_linear(scales),
            log_second_moment_linear(scales, width, width),
        )
        for depth in depths:
            linear = ending == "linear"
            exact = log_mean_empirical_variance(second[:depth], mean[:depth]) / np.log(10)
            place = {
                "family": "residual",
                "pattern": ending,
                "base": base,
                "depth": depth,
                "beta": depth / width,
                "exact_log10_mean": exact if linear else np.nan,
                "exact_known": linear,
            }
            frames.append(_rows(place, "plain", log_empirical_variance(logs[:, :depth])))
    return frames


def run(job: Job) -> None:
    """Write one row an architecture, depth, sampler and network.

    log10_variance is log10 V̂, missing where `flat` (dead from the first layer, V̂ = 0). Sampler
    "tilted": logarithms of weighted numbers whose mean is E V̂; single rows mean nothing.
    exact_log10_mean is log10 E V̂ where it is known exactly. In residual networks the rows of one
    `network` at different depths belong to the same network.
    """
    frames = (_residual if job.spec["family"] == "residual" else _fully_connected)(job)
    frame = pd.concat(frames, ignore_index=True).assign(
        exact_unknown=lambda rows: ~rows["exact_known"]
    )
    missing = {"log10_variance": "flat", "exact_log10_mean": "exact_unknown"}
    job.write_table(frame.drop(columns="exact_known"), missing=missing)

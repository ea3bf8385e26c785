"""Weights of all panels against the layer, before and after training, and their roughness."""

from itertools import product
from typing import Any

import numpy as np
import pandas as pd
import torch

from deepinit.stats.roughness import hurst_index, second_order_variations
from deepinit.training.images import Images
from deepinit.training.residual_start import ResidualOutcome, ResidualStart
from scripts.marion2025.residual_training import train
from study.checkpoints import checkpoint
from study.data_sets import images_of
from study.job import Job
from study.streams import random_stream


def _start(job: Job, case: dict[str, Any], number: int) -> ResidualStart:
    """Return one network of one panel with fresh streams."""
    spec = job.spec
    address = {**case, "depth": spec["depth"], "width": spec["width"]}
    return ResidualStart(
        law=case["law"],
        beta=case["beta"],
        biased=spec["biased"],
        learning_rate=spec["learning_rate"],
        weight_stream=random_stream(job, address, number, "weights"),
        order_stream=random_stream(job, address, number, "order of images"),
        smooth=spec["smooth"],
    )


def _roughness(paths: torch.Tensor, lags: list[int], prefix: str) -> list[dict[str, Any]]:
    """Return the rows that describe paths of one network at one stage, shape (depth, …)."""
    values = paths.double().cpu().numpy()
    variations = second_order_variations(values, lags)
    index = hurst_index(variations[:2], lags[:2])
    rows = [
        {"quantity": f"{prefix}variation", "position": lag, "value": variation}
        for lag, variation in zip(lags, variations, strict=True)
    ]
    rows.append(
        {
            "quantity": f"{prefix}root_mean_square",
            "position": 0,
            "value": float(np.sqrt((values**2).mean())),
        }
    )
    # Paths that did not move at all have no index, and no row.
    if np.isfinite(index):
        rows.append({"quantity": f"{prefix}hurst", "position": 0, "value": index})
    return rows


def _path(values: torch.Tensor, quantity: str) -> list[dict[str, Any]]:
    """Return one row a layer."""
    return [
        {"quantity": quantity, "position": layer + 1, "value": value}
        for layer, value in enumerate(values.double().tolist())
    ]


def _rows(
    job: Job, case: dict[str, Any], number: int, outcome: ResidualOutcome, images: Images
) -> pd.DataFrame:
    """Return the rows of one network."""
    spec = job.spec
    initial = _start(job, case, number).draw(spec["depth"], spec["width"], 1, 1)[0].cpu()
    stages = {"before": initial}
    if outcome.hidden is not None:
        stages |= {"after": outcome.hidden, "change": outcome.hidden - initial}
    # The published figure shows a coordinate drawn at random too.
    row, column = random_stream(job, "entry").numpy.integers(spec["width"], size=2)
    frames = []
    for stage, weights in stages.items():
        rows = _roughness(weights, spec["lags"], "")
        if number == 0 and stage != "change":
            rows += _path(weights[:, row, column], "weight")
        if stage == "after":
            correct = outcome.test_correct[-1] / len(images.test_images)
            rows.append({"quantity": "test_accuracy", "position": 0, "value": correct})
            if spec["biased"]:
                rows += _roughness(outcome.biases, spec["lags"], "bias_")
                if number == 0:
                    rows += _path(outcome.biases[:, row], "bias")
        frames.append(pd.DataFrame(rows).assign(stage=stage))
    place = {**case, "network": number, "status": outcome.status}
    columns = [*place, "stage", "quantity", "position", "value"]
    return pd.concat(frames, ignore_index=True).assign(**place)[columns]


def run(job: Job) -> None:
    """Write one row a panel (law and β), network, stage, quantity and position.

    Stages: "before" and "after" training, and "change", the difference of both; of a network
    that diverged only the first. Quantities: "variation", the second-order variation at the lag
    `position` over all entries of V_k; "hurst", the index estimated from the first two lags;
    "root_mean_square" of all entries; "weight", one entry of the first network against the layer
    `position`; "test_accuracy". "bias_…" and "bias" are the same of trained biases.
    """
    spec = job.spec
    images = images_of(job)
    numbers = range(spec["first_network"], spec["first_network"] + spec["networks"])
    places = list(product(spec["cases"], numbers))
    starts = [_start(job, case, number) for case, number in places]
    saved = checkpoint(job)
    outcomes = train(job, images, starts, saved, keep_weights=True)
    rows = [
        _rows(job, case, number, outcome, images)
        for (case, number), outcome in zip(places, outcomes, strict=True)
    ]
    job.write_table(pd.concat(rows, ignore_index=True))
    saved.clear()

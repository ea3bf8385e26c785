"""Weights of all panels against the layer, before and after training, and their roughness."""

import numpy as np
import pandas as pd
import torch

from deepinit.stats.roughness import hurst_index, second_order_variations
from deepinit.training.residual_gradient import first_step_of_adam, gradient_before_training
from deepinit.training.residual_start import ResidualStart
from deepinit.training.residual_training import train_residual_networks
from study.figure import Figure

figure = Figure(unit="steps")

Rows = list[tuple[str, int, float]]


def _start(s, streams, law, beta, network):
    """Return one network of one panel with fresh streams."""
    address = {"law": law, "beta": beta, "depth": s.depth, "width": s.width}
    return ResidualStart(
        law=law,
        beta=beta,
        biased=s.biased,
        learning_rate=s.learning_rate,
        weight_stream=streams(address, network, "weights"),
        order_stream=streams(address, network, "order of images"),
        smooth=s.smooth,
    )


def _roughness(paths: torch.Tensor, lags: list[int], prefix: str = "") -> Rows:
    """Return quantity, position and value that describe paths of one network, shape (depth, …)."""
    values = paths.double().cpu().numpy()
    variations = second_order_variations(values, lags)
    index = hurst_index(variations[:2], lags[:2])
    rows = [(f"{prefix}variation", *pair) for pair in zip(lags, variations, strict=True)]
    rows.append((f"{prefix}root_mean_square", 0, float(np.sqrt((values**2).mean()))))
    # Paths that did not move at all have no index, and no row.
    return [*rows, (f"{prefix}hurst", 0, index)] if np.isfinite(index) else rows


def _path(values: torch.Tensor, quantity: str) -> Rows:
    """Return quantity, position and value of each layer."""
    return [(quantity, layer, value) for layer, value in enumerate(values.double().tolist(), 1)]


def _first_steps(s, start, images) -> tuple[torch.Tensor, dict[str, Rows]]:
    """Return V before training, and by stage the rows of its gradient over the first images of the set.

    No rows where the gradient overflows.
    """
    layers = start.draw(s.depth, s.width, images.train_images.shape[1], images.classes)
    inputs, labels = (
        torch.from_numpy(array[: s.batch_size]).to(layers[0].device)
        for array in (images.train_images, images.train_labels)
    )
    gradient = gradient_before_training(layers, start.beta, inputs, labels)
    rows = {}
    if gradient.isfinite().all():
        rows["gradient"] = _roughness(gradient, s.lags)
        rows["first step"] = _roughness(s.learning_rate * first_step_of_adam(gradient), s.lags)
    return layers[0].cpu(), rows


def _stages(s, start, outcome, images, entry, drawn) -> dict[str, Rows]:
    """Return the rows of one network by stage; the paths of `entry` of V if it is `drawn`."""
    row, column = entry
    initial, first_steps = _first_steps(s, start, images)
    before = _roughness(initial, s.lags)
    if drawn:
        before += _path(initial[:, row, column], "weight")
    if outcome.hidden is None:
        return {"before": before, **first_steps}
    after = _roughness(outcome.hidden, s.lags)
    if drawn:
        after += _path(outcome.hidden[:, row, column], "weight")
    after.append(("test_accuracy", 0, outcome.test_correct[-1] / len(images.test_images)))
    if s.biased:
        after += _roughness(outcome.biases, s.lags, "bias_")
        if drawn:
            after += _path(outcome.biases[:, row], "bias")
    change = _roughness(outcome.hidden - initial, s.lags)
    return {"before": before, **first_steps, "after": after, "change": change}


@figure.points
def weights(s, points, streams, images, checkpoint, progress):
    """One row per panel (law and β), network, stage, quantity and position.

    Stages: "before" training, "gradient" and "first step" of Adam there, "after" training, and
    "change", the difference of after and before; of a network that diverged only the first
    three. Quantities: "variation", the second-order variation at the lag
    `position` over all entries of V_k; "hurst", the index estimated from the first two lags;
    "root_mean_square" of all entries; "weight", one entry of the first network against the layer
    `position`; "test_accuracy". "bias_…" and "bias" are the same of trained biases.
    """
    outcomes = train_residual_networks(
        images,
        [_start(s, streams, **point) for point in points],
        depth=s.depth,
        width=s.width,
        batch_size=s.batch_size,
        epochs=s.epochs,
        drop_every=s.drop_every,
        keep_weights=True,
        checkpoint=checkpoint,
        progress=progress,
    )
    # The published figure shows a coordinate drawn at random too.
    entry = streams("entry").numpy.integers(s.width, size=2)
    frames = []
    for point, outcome in zip(points, outcomes, strict=True):
        start, drawn = _start(s, streams, **point), point["network"] == 0
        for stage, rows in _stages(s, start, outcome, images, entry, drawn).items():
            place = {**point, "status": outcome.status, "stage": stage}
            frame = pd.DataFrame(rows, columns=["quantity", "position", "value"])
            frames.append(frame.assign(**place)[[*place, *frame]])
    return pd.concat(frames, ignore_index=True)

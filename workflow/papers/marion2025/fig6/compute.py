"""Paths of fractional Brownian motion on [0, 1], and their mean squared increments."""

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from deepinit.noise.fractional import fractional_noise
from study.figure import Figure

figure = Figure(unit="Hurst indices")


@figure.point(lambda s, hurst: {"hurst": hurst, "steps": s.steps})
def paths(s, stream, hurst):
    """One row per quantity, step and path.

    "position" is the path at `step` of N, sum of the noise times N^{−H}: all steps of the paths that
    are drawn, the last of the others. "mean_squared_increment" is the mean over a path of
    (B(t + step/N) − B(t))², every t = k/N, at `step` = 1, 2, 4 … ≤ N/4.
    """
    noise = fractional_noise(hurst, s.steps, s.paths, stream).cpu().double().numpy()
    motion = np.concatenate([np.zeros((1, s.paths)), noise.cumsum(axis=0)]) * s.steps**-hurst
    lags = 2 ** np.arange(int(np.log2(max(4, s.steps) / 4)) + 1)
    squares = [((motion[lag:] - motion[:-lag]) ** 2).mean(axis=0) for lag in lags]
    drawn, others = np.split(np.arange(s.paths), [s.drawn])
    return pd.concat(
        [
            _rows("position", np.arange(s.steps + 1), drawn, motion[:, drawn]),
            _rows("position", [s.steps], others, motion[-1:, others]),
            _rows("mean_squared_increment", lags, np.arange(s.paths), np.array(squares)),
        ],
        ignore_index=True,
    )


def _rows(quantity: str, steps: ArrayLike, paths: ArrayLike, values: np.ndarray) -> pd.DataFrame:
    """Return one row per step and path of `values`, shape (steps, paths)."""
    step, path = (each.ravel() for each in np.meshgrid(steps, paths, indexing="ij"))
    return pd.DataFrame({"quantity": quantity, "path": path, "step": step, "value": values.ravel()})

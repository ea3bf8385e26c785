"""Paths of fractional Brownian motion on [0, 1], and their mean squared increments."""

import numpy as np
import pandas as pd

from deepinit.noise.fractional import fractional_noise
from study.job import Job
from study.streams import random_stream


def run(job: Job) -> None:
    """Write one row a Hurst index, path and quantity.

    "position" is the path at `step` of N, sum of the noise times N^{−H}: all steps of the paths that
    are drawn, the last of the others. "mean_squared_increment" is the mean over a path of
    (B(t + step/N) − B(t))², every t = k/N, at `step` = 1, 2, 4 … ≤ N/4.
    """
    spec = job.spec
    steps, paths = spec["steps"], spec["paths"]
    lags = 2 ** np.arange(int(np.log2(max(4, steps) / 4)) + 1)
    frames = []
    for hurst in spec["hursts"]:
        stream = random_stream(job, {"hurst": hurst, "steps": steps})
        noise = fractional_noise(hurst, steps, paths, stream).cpu().double().numpy()
        motion = np.concatenate([np.zeros((1, paths)), noise.cumsum(axis=0)]) * steps**-hurst
        drawn = min(spec["drawn"], paths)
        squares = [((motion[lag:] - motion[:-lag]) ** 2).mean(axis=0) for lag in lags]
        for quantity, step, values in (
            ("position", np.arange(steps + 1), motion[:, :drawn]),
            ("position", np.array([steps]), motion[-1:, drawn:]),
            ("mean_squared_increment", lags, np.array(squares)),
        ):
            first = drawn if len(step) == 1 else 0
            frames.append(
                pd.DataFrame(
                    {
                        "hurst": hurst,
                        "quantity": quantity,
                        "path": np.tile(np.arange(first, first + values.shape[1]), len(step)),
                        "step": np.repeat(step, values.shape[1]),
                        "value": values.ravel(),
                    }
                )
            )
    job.write_table(pd.concat(frames, ignore_index=True))

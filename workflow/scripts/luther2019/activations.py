"""Sample mean and variance by layer for leaky ReLU, tanh, erf and GELU."""

import pandas as pd

from deepinit.meanfield.activations import ACTIVATIONS, activation_step
from deepinit.meanfield.sample_variance import sample_statistics
from scripts.luther2019.by_layer import by_layer
from study.job import Job
from study.streams import random_stream


def run(job: Job) -> None:
    """Write one row a curve, network and layer.

    activation, slope (of leaky ReLU, else 0) and start (c_0) name the curve; squared_mean is m²,
    variance v². Leaky ReLU starts from white noise.
    """
    spec = job.spec
    curves = [("leaky_relu", slope, 0.0) for slope in spec["slopes"]]
    curves += [(name, 0.0, start) for name in ACTIVATIONS[1:] for start in spec["starts"]]
    frames = []
    progress = job.progress("curves")
    for done, (name, slope, start) in enumerate(curves):
        place = {"activation": name, "slope": slope, "start": start}
        size = {"width": spec["width"], "samples": spec["samples"]}
        step, gain = activation_step(name, slope)
        statistics = sample_statistics(
            spec["width"],
            spec["layers"],
            spec["samples"],
            spec["networks"],
            random_stream(job, {**place, **size}),
            step=step,
            batch=1,
            gain=gain,
            input_correlation=start,
        )
        frames.append(by_layer(*statistics, **place))
        progress(done + 1, len(curves))
    job.write_table(pd.concat(frames, ignore_index=True))

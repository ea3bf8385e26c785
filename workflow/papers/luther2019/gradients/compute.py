"""Sample mean and variance of gradients by layer: plain, sample-initialised, batch norm."""

import pandas as pd

from deepinit.meanfield.gradients import gradient_statistics
from study.figure import Figure

figure = Figure(unit="networks")


@figure.point(lambda s, kind: {"width": s.width, "batch": s.batch, "kind": kind})
def statistics(s, stream, progress, kind):
    """One row per output gradient, network and layer.

    The gradient is that with respect to the ReLU's input; squared_mean is m², variance v²;
    output_gradient is "own" (independent between inputs) or "shared" (the same for all). Both
    stand for the same networks.
    """
    found = gradient_statistics(
        kind, s.width, s.depth, s.batch, s.networks, stream, progress=progress
    )
    frames = [one.frame().assign(output_gradient=name) for name, one in found.items()]
    return pd.concat(frames)[["output_gradient", *frames[0].columns.drop("output_gradient")]]

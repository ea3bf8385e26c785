"""Sample mean and variance by layer with batch norm, layer norm and neither before the ReLU."""

from deepinit.meanfield.normalisation import STEPS
from deepinit.meanfield.sample_variance import sample_statistics
from study.figure import Figure

figure = Figure(unit="kinds of net")


@figure.point(lambda s, kind: {"width": s.width, "batch": s.batch, "kind": kind})
def statistics(s, stream, kind):
    """One row per network and layer: squared_mean (m²) and variance (v²) before normalisation."""
    step = STEPS[kind]
    return sample_statistics(
        s.width, s.layers, s.batch, s.networks, stream, step=step, batch=1
    ).frame()

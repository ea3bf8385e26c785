"""Sample mean and variance by layer with batch norm, layer norm and neither before the ReLU."""

from deepinit.meanfield.normalisation import STEPS
from deepinit.meanfield.sample_variance import sample_statistics
from papers.luther2019.by_layer import by_layer
from study.figure import Figure

figure = Figure(unit="kinds of net")


@figure.point(lambda s, kind: {"width": s.width, "batch": s.batch, "kind": kind})
def statistics(s, stream, kind):
    """One row per network and layer: squared_mean (m²) and variance (v²) before normalisation."""
    return by_layer(
        *sample_statistics(
            s.width, s.layers, s.batch, s.networks, stream, step=STEPS[kind], batch=1
        )
    )

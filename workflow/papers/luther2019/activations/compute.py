"""Sample mean and variance by layer for leaky ReLU, ReLU less its mean, tanh, erf and GELU."""

from deepinit.meanfield.activations import activation_step
from deepinit.meanfield.sample_variance import sample_statistics
from study.figure import Figure

figure = Figure(unit="curves")


def _address(s, activation, slope, start):
    place = {"activation": activation, "slope": slope, "start": start}
    return {**place, "width": s.width, "samples": s.samples}


@figure.point(_address)
def statistics(s, stream, activation, slope, start):
    """One row per network and layer: squared_mean is m², variance v².

    slope is that of leaky ReLU, else 0; start is c_0. Leaky ReLU starts from white noise.
    """
    step, gain = activation_step(activation, slope)
    found = sample_statistics(
        s.width,
        s.layers,
        s.samples,
        s.networks,
        stream,
        step=step,
        batch=1,
        gain=gain,
        input_correlation=start,
    )
    return found.frame()

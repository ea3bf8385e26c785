"""Both ratios over β at one Hurst index: fractional noise as weights, exact or as released."""

import numpy as np

from deepinit.resnet.ratios import fractional_weights
from study.figure import Figure

figure = Figure(unit="Hurst indices")


def _address(s, generator, hurst):
    place = {"hurst": hurst, "depth": s.depth, "width": s.width}
    # The exact noise was there first, and its address does not name it.
    return place if generator == "exact" else {**place, "generator": generator}


@figure.point(_address)
def ratios(s, stream, generator, hurst):
    """One row per weight draw, β and input; rows of the same draw share their weights."""
    draw, beta, row = np.indices((s.draws, len(s.betas), s.inputs_per_draw)).reshape(3, -1)
    found = fractional_weights(
        s.depth,
        s.width,
        hurst,
        s.betas,
        s.draws,
        s.inputs_per_draw,
        stream,
        inputs=s.inputs,
        generator=generator,
    )
    log10 = found.log10()
    return {
        "beta": np.asarray(s.betas)[beta],
        "draw": draw,
        "input": row,
        **{name: log10[name].ravel() for name in ("log10_output_change", "log10_gradient_change")},
    }

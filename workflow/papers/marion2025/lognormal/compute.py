"""log10 of the ratios at β = ½ for several widths and depths, for some networks with gradients."""

from papers.marion2025.gaussian_ratios import gaussian_ratios
from study.figure import Figure

figure = Figure()

BETA = 0.5


def _address(s, networks, **place):
    return {**place, "beta": BETA}


@figure.point(_address, index=("sampler", "width", "depth"))
def ratios(seeds, streams, sampler, width, depth, networks):
    """One row per network; those of the sampler "lengths" have no gradients."""
    found = gaussian_ratios(sampler, width, depth, BETA, networks, seeds, streams)
    kept = found[["network", "log10_output_norm", "log10_gradient_norm"]]
    return kept.assign(no_gradient=sampler == "lengths")

"""Changes of outputs, and for some networks of gradients, where L α² ≤ 1."""

from papers.marion2025.gaussian_ratios import gaussian_ratios
from study.figure import Figure

figure = Figure()


@figure.point(lambda s, networks, **place: place, index=("sampler", "width", "depth", "beta"))
def changes(seeds, streams, sampler, width, depth, beta, networks):
    """One row per network; those of the sampler "lengths" have no gradients."""
    found = gaussian_ratios(sampler, width, depth, beta, networks, seeds, streams)
    none = found["log10_gradient_change"].isna()
    return found.drop(columns="log10_gradient_norm").assign(no_gradient_change=none)

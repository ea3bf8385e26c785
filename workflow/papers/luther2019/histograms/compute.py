"""Histograms of pre-activations over inputs, networks and units of He-initialised networks."""

import numpy as np
import pandas as pd
import scipy
import torch

from deepinit.dense.preactivation_law import preactivation_cdf
from deepinit.dense.preactivations import many_inputs, one_input
from study.figure import Figure

figure = Figure(unit="networks")

_OF_NETWORKS = ("expected", "ks_exact", "ks_normal", "log_square", "log_square_error")
_OF_NETS = ("net_sd", "net_apart")


def _address(s, source, net):
    if source == "drawn":
        return [{"width": s.width, "inputs": s.inputs}, "drawn", net]
    return [{"width": s.width, "networks": s.networks}, source]


@figure.point(_address, index=())
def histograms(s, stream, source, net):
    """One row per histogram and bin; what describes a whole histogram stands in all its bins.

    row, layer, net: which histogram. "sample": one unit of one network over inputs; "network":
    one unit over networks, one input of the mean length; "layer": one network and input, over units;
    "pooled": all units of all networks, an input each, which has the distribution of everything pooled.
    bin_low, bin_high, count; values, outside (the range), mean, sd and kurtosis of all values.
    Row "network" only (else missing, `no_law`): expected, the exact probability of the bin;
    ks_exact and ks_normal, Kolmogorov–Smirnov distances to the exact distribution at this width and
    to N(0, 1); log_square and its standard error, mean over networks of log of the units' mean
    square. Row "sample" only (else `no_net`): net_sd, root mean square over the
    network's units of the sd over inputs; net_apart, share of its units whose mean is further
    from zero than their sd.
    """
    of = {"drawn": _drawn, "one input": _over_networks, "pooled": _pooled}[source]
    return pd.concat(of(s, stream, net))


def _edges(s):
    return np.linspace(-s.limit, s.limit, s.bins + 1)


def _histogram(s, row, layer, net, values, **more):
    """Return the rows of one histogram of a tensor; `more` is what only its kind of row has."""
    edges, values = _edges(s), values.numpy(force=True).astype(np.float64).ravel()
    counts = np.histogram(values, edges)[0]
    found = {
        "row": row,
        "layer": layer,
        "net": net,
        "bin_low": edges[:-1],
        "bin_high": edges[1:],
        "count": counts,
        "values": len(values),
        "outside": len(values) - counts.sum(),
        "mean": values.mean(),
        "sd": values.std(ddof=1),
        "kurtosis": float(scipy.stats.kurtosis(values, fisher=False)),
        **dict.fromkeys((*_OF_NETWORKS, *_OF_NETS), np.nan),
        "no_law": row != "network",
        "no_net": row != "sample",
    }
    return pd.DataFrame(found | more)


def _drawn(s, stream, net):
    """Yield the histograms over inputs and over units of a network with all weights drawn."""
    inputs = stream.normal(s.width, s.inputs).mul_(0.5**0.5)
    for layer, y in many_inputs(s.width, s.layers, inputs, stream).items():
        mean, sd = y.mean(dim=1).double(), y.std(dim=1).double()
        of_net = {
            "net_sd": float(sd.square().mean().sqrt()),
            "net_apart": float((mean.abs() > sd).double().mean()),
        }
        yield _histogram(s, "sample", layer, net, y[0], **of_net)
        yield _histogram(s, "layer", layer, net, y[:, 0])


def _over_networks(s, stream, net):
    """Yield the histograms of one unit over networks, all with an input of the mean length, (2/N)‖x‖² = 1."""
    first = torch.ones(s.networks, device=stream.device)
    for layer, y in one_input(s.width, s.layers, first, stream).items():
        values = y[:, 0].double().numpy(force=True)
        logs = y.double().square().mean(dim=1).log()

        def exact(x, layer=layer):
            return preactivation_cdf(x, s.width, layer)

        of_networks = {
            "expected": np.diff(exact(_edges(s))),
            "ks_exact": scipy.stats.kstest(values, exact).statistic,
            "ks_normal": scipy.stats.kstest(values, scipy.stats.norm.cdf).statistic,
            "log_square": float(logs.mean()),
            "log_square_error": float(logs.std() / len(logs) ** 0.5),
        }
        yield _histogram(s, "network", layer, net, y[:, 0], **of_networks)


def _pooled(s, stream, net):
    """Yield the histograms of all units of all networks, an input each."""
    first = stream.normal(s.networks, s.width).mul_(0.5**0.5).square().sum(dim=1) * (2 / s.width)
    for layer, y in one_input(s.width, s.layers, first, stream).items():
        yield _histogram(s, "pooled", layer, net, y)

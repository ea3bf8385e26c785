"""Histograms of pre-activations over inputs, networks and units of He-initialised networks."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from deepinit.dense.preactivation_law import preactivation_cdf
from deepinit.dense.preactivations import many_inputs, one_input
from study.job import Job
from study.streams import random_stream

_OF_NETWORKS = ("expected", "ks_exact", "ks_normal", "log_square", "log_square_error")
_OF_NETS = ("net_sd", "net_apart")


def run(job: Job) -> None:
    """Write one row a histogram and bin; what describes a whole histogram stands in all its bins.

    row, layer, net: which histogram. "sample": one unit of one network over inputs; "network":
    one unit over networks, one input; "layer": one network and input, over units; "pooled": all
    units of all networks, an input each, which has the law of everything pooled.
    bin_low, bin_high, count; values, outside (the range), mean, sd and kurtosis of all values.
    Row "network" only (else missing, `no_law`): expected, the exact probability of the bin;
    ks_exact and ks_normal, Kolmogorov–Smirnov distances to the exact law at this width and to
    N(0, 1); log_square and its standard error, mean over networks of log of the units' mean
    square over (2/N)‖x‖². Row "sample" only (else `no_net`): net_sd, root mean square over the
    network's units of the sd over inputs; net_apart, share of its units whose mean is further
    from zero than their sd.
    """
    spec = job.spec
    width, layers = spec["width"], spec["layers"]
    edges = np.linspace(-spec["limit"], spec["limit"], spec["bins"] + 1)
    progress = job.progress("networks")
    frames = []

    def add(row: str, layer: int, net: int, values: NDArray, **more: object) -> None:
        values = values.astype(np.float64).ravel()
        counts = np.histogram(values, edges)[0]
        frames.append(
            pd.DataFrame(
                {
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
                    "kurtosis": float(stats.kurtosis(values, fisher=False)),
                    **dict.fromkeys((*_OF_NETWORKS, *_OF_NETS), np.nan),
                    "no_law": row != "network",
                    "no_net": row != "sample",
                    **more,
                }
            )
        )

    for net in range(spec["drawn_networks"]):
        stream = random_stream(job, {"width": width, "inputs": spec["inputs"]}, "drawn", net)
        inputs = stream.normal(width, spec["inputs"]).mul_(0.5**0.5)
        for layer, y in many_inputs(width, layers, inputs, stream).items():
            mean, sd = y.mean(dim=1).double(), y.std(dim=1).double()
            add(
                "sample",
                layer,
                net,
                y[0].numpy(force=True),
                net_sd=float(sd.square().mean().sqrt()),
                net_apart=float((mean.abs() > sd).double().mean()),
            )
            add("layer", layer, net, y[:, 0].numpy(force=True))
        progress(net + 1, spec["drawn_networks"])

    stream = random_stream(job, {"width": width, "networks": spec["networks"]}, "one input")
    first = (2 / width) * stream.normal(width).mul_(0.5**0.5).square().sum()
    for layer, y in one_input(width, layers, first.expand(spec["networks"]), stream).items():
        values = y[:, 0].double().numpy(force=True)
        logs = (y.double().square().mean(dim=1) / first.double()).log()

        def exact(x: NDArray, layer: int = layer) -> NDArray:
            return preactivation_cdf(x, width, layer, float(first))

        add(
            "network",
            layer,
            0,
            values,
            expected=np.diff(exact(edges)),
            ks_exact=stats.kstest(values, exact).statistic,
            ks_normal=stats.kstest(values, stats.norm.cdf).statistic,
            log_square=float(logs.mean()),
            log_square_error=float(logs.std() / len(logs) ** 0.5),
        )

    stream = random_stream(job, {"width": width, "networks": spec["networks"]}, "pooled")
    first = stream.normal(spec["networks"], width).mul_(0.5**0.5).square().sum(dim=1) * (2 / width)
    for layer, y in one_input(width, layers, first, stream).items():
        add("pooled", layer, 0, y.numpy(force=True))
    missing = dict.fromkeys(_OF_NETWORKS, "no_law") | dict.fromkeys(_OF_NETS, "no_net")
    job.write_table(pd.concat(frames, ignore_index=True), missing)

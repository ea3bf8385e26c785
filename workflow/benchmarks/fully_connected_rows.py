"""Rows of hanin2018 and luther2019: fully connected networks at initialisation."""

from benchmarks import work
from benchmarks.work import Effort, Part, Work
from deepinit.dense.empirical_variance import log_lengths
from deepinit.meanfield.sample_variance import sample_statistics
from deepinit.reference.fully_connected import sample_statistics as statistics_one_by_one
from deepinit.reference.fully_connected import squared_lengths


def length_law(effort: Effort) -> Work:
    """M_j of every layer at width = depth = 100."""
    generator, networks, widths = work.stream("length").numpy, effort.of(2000, 1000), [100] * 100
    return Work(
        title="hanin2018 length law at width = depth = 100, exact χ² sampler",
        floor=1000,
        reference=[Part(lambda: squared_lengths(widths, 100))],
        ours=lambda: log_lengths(widths, networks, generator),
        networks=networks,
    )


def finite_width(effort: Effort) -> Work:
    """Sample mean and variance of every layer at N = T = 1000."""
    stream, width, samples, layers = work.stream("finite width"), 1000, 1000, effort.of(10, 4)
    networks = 2
    return Work(
        title="luther2019 finite width N = 1000, T = 1000",
        floor=1.5,
        reference=[Part(lambda: statistics_one_by_one(width, layers, samples))],
        ours=lambda: sample_statistics(width, layers, samples, networks, stream),
        networks=networks,
        note=f"networks of {layers} layers, both ways",
    )

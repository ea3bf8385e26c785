"""Train networks of one width pattern at all depths, until 20 % test accuracy or the cap."""

import numpy as np

from deepinit.initialisers import WEIGHT_LAWS
from deepinit.training.fully_connected import FullyConnected
from deepinit.widths import WIDTH_PATTERNS
from scripts.hanin2018.training import start, train_and_write
from study.job import Job
from study.streams import random_stream


def run(job: Job) -> None:
    """Write one row a depth and run: beta = Σ 1/n_j, the others as in `train_and_write`."""
    name = job.spec["pattern"]
    places, networks = [], []
    for depth in job.spec["depths"]:
        # The random widths of a deep network begin with those of a shallow one.
        generator = random_stream(job, {"pattern": name}, "widths").numpy
        widths = WIDTH_PATTERNS[name].widths(depth, generator)
        network = FullyConnected(tuple(widths), WEIGHT_LAWS["he_normal"])
        place = {"pattern": name, "depth": depth}
        for number in range(job.spec["runs"]):
            places.append({**place, "beta": float(np.sum(1 / np.array(widths))), "run": number})
            networks.append(start(job, network, place, number))
    train_and_write(job, places, networks)

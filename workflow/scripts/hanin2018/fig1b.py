"""Train networks of one depth with all initialisations, until 20 % test accuracy or the cap."""

from deepinit.initialisers import WEIGHT_LAWS
from deepinit.training.fully_connected import FullyConnected
from scripts.hanin2018.training import start, train_and_write
from study.job import Job


def run(job: Job) -> None:
    """Write one row a law and run; columns as in `train_and_write`."""
    depth = job.spec["depth"]
    places, networks = [], []
    for law in job.spec["laws"]:
        network = FullyConnected((depth,) * depth, WEIGHT_LAWS[law])
        for number in range(job.spec["runs"]):
            places.append({"law": law, "depth": depth, "run": number})
            networks.append(start(job, network, {"depth": depth, "law": law}, number))
    train_and_write(job, places, networks)

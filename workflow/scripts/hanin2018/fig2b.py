"""Train residual networks of one number of modules, until 20 % test accuracy or the cap."""

from deepinit.resnet.scaled_modules_theory import module_scales
from deepinit.training.scaled_modules import ScaledModuleNetwork
from scripts.hanin2018.training import start, train_and_write
from study.job import Job


def run(job: Job) -> None:
    """Write one row an ending, base and run; columns as in `train_and_write`."""
    spec = job.spec
    modules, width, hidden = spec["modules"], spec["width"], spec["hidden"]
    places, networks = [], []
    for ending in spec["endings"]:
        for base in spec["bases"]:
            scales = tuple(module_scales(base, modules).tolist())
            network = ScaledModuleNetwork(scales, width, hidden, ending)
            place = {"ending": ending, "base": base, "modules": modules}
            address = {**place, "width": width, "hidden": hidden}
            for number in range(spec["runs"]):
                places.append({**place, "run": number})
                networks.append(start(job, network, address, number))
    train_and_write(job, places, networks)

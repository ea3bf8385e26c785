"""The gradient before training against a step of the trainer."""

import io

import pytest
import torch
from project import SUBSET
from training_samples import beginning, stream

from deepinit.training.residual_gradient import first_step_of_adam, gradient_before_training
from deepinit.training.residual_start import ResidualStart
from deepinit.training.residual_training import train_residual_networks
from papers.marion2025.fig8.compute import figure
from study.datasets.mnist import load_mnist
from study.job import Job
from study.load import carried_preset
from study.tables import read_table

RATE = 0.01


def start(network: int, beta: float, biased: bool = False) -> ResidualStart:
    streams = stream("gradient", network), stream("gradient order", network)
    return ResidualStart("independent", beta, biased, RATE, *streams)


@pytest.mark.parametrize("biased", [False, True])
def test_the_trainer_s_first_step_is_that_of_adam_on_this_gradient(biased):
    images = beginning(load_mnist(SUBSET), 100, 50)
    layers = start(0, 0.5).draw(30, 12, images.train_images.shape[1], 10)
    gradient = gradient_before_training(
        layers, 0.5, torch.from_numpy(images.train_images), torch.from_numpy(images.train_labels)
    )
    (outcome,) = train_residual_networks(
        images, [start(0, 0.5, biased)], depth=30, width=12, batch_size=100, epochs=1,
        drop_every=None, keep_weights=True,
    )  # fmt: skip
    step = (layers[0] - outcome.hidden) / RATE
    # Differences of weights are rounded as these are; so is, in relation, a gradient that is as small as ε.
    sure = gradient.abs() > 1e-6
    assert sure.float().mean() > 0.9
    assert (step - first_step_of_adam(gradient))[sure].abs().max() < 0.02


def test_a_network_that_overflows_before_training_has_diverged_and_no_first_step(tmp_path):
    (part,) = carried_preset("smoke").marion2025.fig8.parts().values()
    point = {"law": "independent", "beta": 0.01, "network": 0}
    spec = {"paper": "marion2025", "figure": "fig8", "root_seed": 1, "device": "cpu", **part}
    spec |= {"points": [point], "depth": 1000, "width": 12}
    inputs, output = {"data": [SUBSET / "SHA256SUMS"]}, tmp_path / "t.parquet"
    figure.run(Job("papers/marion2025/fig8/compute.py", spec, inputs, [output], io.StringIO()))
    table = read_table(output)
    assert set(table["stage"]) == {"before"} and set(table["status"]) == {"diverged"}

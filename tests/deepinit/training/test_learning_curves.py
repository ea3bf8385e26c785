"""Learning curves: the arms are what they are said to be, and lockstep is plain training."""

from collections.abc import Callable

import numpy as np
import pytest
import torch
from plain_learning_curves import Chain, PlainLayer, ThreeLevels
from rounding import PLAIN_RUNS, UNIT, assert_as_exact_as_plain, nudged, sum_rounding
from torch.nn import functional

from deepinit.random import RandomStream
from deepinit.seeds import seed_sequence
from deepinit.training.architectures import Architecture, all_cnn_c, plain_network, unet
from deepinit.training.examples import Examples, block_means, standardised
from deepinit.training.initialisation_arms import ARMS
from deepinit.training.layer_shapes import multiply_adds
from deepinit.training.learning_curve import Setting, Streams, Training, train_arms
from study.checkpoint import Checkpoint

SIDE, IMAGES, BATCH, NETWORKS = 8, 40, 16, 3
ARCHITECTURES: dict[str, Callable[[], Architecture]] = {
    "plain": lambda: plain_network(SIDE**2, 24, 6, 10),
    "all_cnn_c": lambda: all_cnn_c(1, 4, 10),
    "unet": lambda: unet(1, 4, 3),
}
STEPS = 4
every_architecture = pytest.mark.parametrize("name", ARCHITECTURES)
every_arm = pytest.mark.parametrize("arm", ARMS)


def examples(name: str) -> Examples:
    generator = torch.Generator().manual_seed(31)
    images = torch.randn(IMAGES, 1, SIDE, SIDE, generator=generator)
    if name == "unet":
        return Examples(images, (images[:, 0] + images[:, 0].roll(1, 2) > 1).float())
    return Examples(images, torch.randint(0, 10, (IMAGES,), generator=generator))


def streams(networks: range = range(NETWORKS)) -> list[Streams]:
    return [
        Streams(
            *(RandomStream(seed_sequence(32, "curves", k, use)) for use in ("weights", "order"))
        )
        for k in networks
    ]


def setting(arm: str, rate: float = 0.05, steps: int = 8, total_scale: str = "he") -> Setting:
    return Setting(arm, rate, 0.9, BATCH, steps, total_scale)


def training(name: str, arm: str, networks: range = range(NETWORKS), **keywords) -> Training:
    architecture = ARCHITECTURES[name]()
    return Training(architecture, setting(arm, **keywords), examples(name), streams(networks))


def plain_networks(made: Training, digits: torch.dtype, run: int) -> list[torch.nn.Module]:
    """Return the networks as torch modules, with weights `nudged` by run."""
    kind = ThreeLevels if made.examples.pixelwise else Chain
    twins = [kind([PlainLayer(layer, k) for layer in made.layers]) for k in range(made.networks)]
    for twin in twins:
        for layer in twin.layers:
            layer.linear.weight.data = nudged(layer.linear.weight.data, run)
    return [twin.to(digits) for twin in twins]


def plain_step(
    twin: torch.nn.Module, optimiser: torch.optim.Optimizer, data: Examples, index: torch.Tensor
) -> float:
    """Make a step on the images of `index`; return the loss before it."""
    digits = next(twin.parameters()).dtype
    outputs, targets = twin(data.images[index].to(digits)), data.targets[index]
    loss = (
        functional.binary_cross_entropy_with_logits(outputs, targets.to(digits))
        if data.pixelwise
        else functional.cross_entropy(outputs, targets)
    )
    optimiser.zero_grad()
    loss.backward()
    optimiser.step()
    return loss.item()


def first_batch(made: Training) -> torch.Tensor:
    return made.examples.inputs(made._index(0), made.architecture.channels_first)


def normalisation_rounding(numbers: int) -> float:
    """Return what mean and variance of so many pre-activations may be off by after normalisation.

    A product has at most 3 × 3 × 16 terms, and mean and variance are sums of so many products. Worst cases
    of all three sums, in units of the deviation, which is what the terms are about as large as.
    """
    return 2 * sum_rounding(numbers + 144)


def preactivations(made: Training) -> list[torch.Tensor]:
    """Return the hidden pre-activations on the first batch, units of all networks first."""
    found = []

    def layer(i: int, x: torch.Tensor) -> torch.Tensor:
        inside = made.layers[i].preactivations(x)
        if made.layers[i].shape.hidden:
            units = inside.transpose(0, 1) if inside.dim() == 4 else inside.flatten(0, 1)
            found.append(units.flatten(1).detach().double())
        return made.layers[i](x)

    made.architecture.forward(first_batch(made), layer, made.networks)
    return found


@pytest.mark.rounding
@every_architecture
def test_a_sample_initialised_network_is_the_batch_normalised_one_at_step_0(name):
    made = [training(name, arm) for arm in ("sample init", "batchnorm")]
    index = made[0]._index(0)
    assert torch.equal(index, made[1]._index(0))

    def outputs(digits: torch.dtype, run: int) -> torch.Tensor:
        twins = plain_networks(made[1], digits, run)
        pictures = made[1].examples.images[index].to(digits)
        return torch.stack([twin(mine) for twin, mine in zip(twins, pictures, strict=True)])

    exact = outputs(torch.float64, 0).detach().flatten(1)
    for one in made:
        assert_as_exact_as_plain(
            one.outputs(first_batch(one)).detach().flatten(1),
            lambda run: outputs(torch.float32, run).detach().flatten(1),
            exact,
        )


@pytest.mark.rounding
@every_architecture
def test_one_scalar_a_layer_gives_pooled_preactivations_mean_0_and_variance_1(name):
    for units in preactivations(training(name, "total init", total_scale="pooled")):
        variances, means = torch.var_mean(units.reshape(NETWORKS, -1), dim=1, correction=0)
        # ε as above; a sum over all units' numbers.
        rounding = normalisation_rounding(units.numel() // NETWORKS)
        assert (variances - 1).abs().max() < 1e-3 + rounding
        assert means.abs().max() < rounding


def test_a_unit_that_is_constant_over_the_batch_stays_finite_and_is_counted():
    data = Examples(torch.ones(IMAGES, 1, SIDE, SIDE), torch.zeros(IMAGES, dtype=torch.int64))
    made = Training(ARCHITECTURES["plain"](), setting("sample init"), data, streams())
    assert made.constant_units == NETWORKS * 5 * 24
    outputs = made.outputs(first_batch(made))
    assert outputs.isfinite().all()
    assert all(bool(layer.weights.isfinite().all()) for layer in made.layers)


@pytest.mark.rounding
@every_architecture
@every_arm
def test_lockstep_training_is_that_of_torch_modules_one_by_one(name, arm):
    """Losses of each step are as near to those of float64 modules as those of float32 modules."""
    made, start = (training(name, arm, steps=STEPS) for _ in range(2))
    orders = [stream.order.numpy for stream in streams()]
    permutations = [
        [order.permutation(IMAGES) for order in orders]
        for _ in range(-(-STEPS // (IMAGES // BATCH)))
    ]

    def losses(digits: torch.dtype, run: int) -> np.ndarray:
        found = np.empty((STEPS, NETWORKS))
        for k, twin in enumerate(plain_networks(start, digits, run)):
            optimiser = torch.optim.SGD(twin.parameters(), lr=0.05, momentum=0.9)
            for step in range(STEPS):
                epoch, place = divmod(step, IMAGES // BATCH)
                index = permutations[epoch][k][place * BATCH : (place + 1) * BATCH]
                found[step, k] = plain_step(twin, optimiser, made.examples, torch.from_numpy(index))
        return found

    for _ in range(STEPS):
        made.advance()
    plain = [losses(torch.float32, run) for run in range(PLAIN_RUNS)]
    exact = losses(torch.float64, 0)
    for step in range(STEPS):
        assert_as_exact_as_plain(made.losses[step], lambda run, k=step: plain[run][k], exact[step])


@every_architecture
@every_arm
def test_a_network_that_is_not_finite_leaves_the_others_alone(name, arm):
    sound, broken = training(name, arm), training(name, arm)
    with torch.no_grad():
        layer = broken.layers[1]
        layer.weights[: layer.shape.outputs if layer.shape.kernel else 1] = torch.inf
    for made in (sound, broken):
        for _ in range(4):
            made.advance()
    assert not broken.losses[:4, 0].isfinite().any()
    # The same sums of the same numbers, whatever the neighbour's are.
    assert torch.equal(broken.losses[:4, 1:], sound.losses[:4, 1:])


def test_training_ends_early_when_every_network_has_diverged(tmp_path):
    calls = []
    curves = train_arms(
        [setting("total init", rate=1e30, steps=50)],
        ARCHITECTURES["plain"](),
        examples("plain"),
        examples("plain"),
        streams,
        Checkpoint(tmp_path / "state", "key"),
        progress=lambda done, total: calls.append((done, total)),
    )["total init"]
    assert np.isfinite(curves.losses[0]).all() and np.isnan(curves.losses[10:]).all()
    assert len(calls) < 20 and calls[-1] == (50, 50)


class Stopped(Exception):
    """The training is killed here."""


@pytest.mark.parametrize("kill", [3, 8, 13])
def test_a_training_that_was_stopped_goes_on_and_ends_with_the_same_bytes(tmp_path, kill):
    def run(path, stop: int | None) -> dict:
        def progress(done: int, total: int) -> None:
            if done == stop:
                raise Stopped

        return train_arms(
            [setting(arm) for arm in ("sample init", "batchnorm")],
            ARCHITECTURES["plain"](),
            examples("plain"),
            examples("plain"),
            streams,
            Checkpoint(path, "key", seconds=0),
            progress,
        )

    with pytest.raises(Stopped):
        run(tmp_path / "stopped", kill)
    resumed, straight = run(tmp_path / "stopped", None), run(tmp_path / "straight", None)
    for arm, curves in straight.items():
        assert curves.losses.tobytes() == resumed[arm].losses.tobytes()
        assert curves.scores == resumed[arm].scores


def test_multiply_adds_are_those_of_the_layers_that_are_computed():
    for name, make in ARCHITECTURES.items():
        architecture, total = make(), 0
        made = training(name, "total init", range(1))

        def layer(i: int, x: torch.Tensor, made: Training = made) -> torch.Tensor:
            nonlocal total
            outputs = made.layers[i](x)
            total += outputs.numel() * made.layers[i].shape.fan_in
            return outputs

        made.architecture.forward(first_batch(made), layer, 1)
        assert total == BATCH * multiply_adds(architecture.shapes, SIDE)


def test_all_cnn_c_and_the_u_net_have_the_published_layers():
    shapes = all_cnn_c(3, 96, 10).shapes
    assert [shape.outputs for shape in shapes] == [96, 96, 96, 192, 192, 192, 192, 192, 10]
    assert [shape.stride for shape in shapes] == [1, 1, 2, 1, 1, 2, 1, 1, 1]
    assert [shape.kernel for shape in shapes] == [3] * 7 + [1, 1]
    widest = [shape.outputs for shape in unet(1, 64, 5).shapes]
    down = [64, 64, 128, 128, 256, 256, 512, 512, 1024, 1024]
    assert widest == [*down, 512, 512, 256, 256, 128, 128, 64, 64, 1]


@pytest.mark.rounding
def test_images_are_averaged_in_blocks_and_standardised_by_channel():
    images = np.random.default_rng(33).normal(3, 2, (50, 2, 7, 7)).astype(np.float32)
    blocks = block_means(images, 3)
    assert blocks.shape == (50, 2, 2, 2)
    block = images[4, 1, :3, 3:6].astype(float)
    error = abs(blocks[4, 1, 0, 1] - block.mean())
    # Of a sum of nine numbers and its division.
    assert error <= (sum_rounding(9) + UNIT) * np.abs(block).mean()
    done = standardised(images, images).astype(float)
    # Mean and deviation are rounded, then each difference and quotient; the mean is 1.5 deviations.
    assert np.abs(done.mean(axis=(0, 2, 3))).max() < 4 * UNIT
    assert np.abs(done.std(axis=(0, 2, 3)) - 1).max() < 4 * UNIT


def test_a_batch_larger_than_the_data_is_refused():
    with pytest.raises(ValueError, match="cannot be taken from 40 images"):
        Training(
            ARCHITECTURES["plain"](),
            Setting("total init", 0.1, 0.9, IMAGES + 1, 5, "he"),
            examples("plain"),
            streams(),
        )

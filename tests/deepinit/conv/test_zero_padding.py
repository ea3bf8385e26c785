"""Deep convolutional networks computed by shifts: the same networks, torch's distribution, exact means.

Seeds are fixed; statistical tests share a false-alarm rate of 1e-5 (Bonferroni).
"""

import math
from functools import partial

import numpy as np
import pytest
import torch
from rounding import sum_rounding
from scipy import stats
from streams import levels, streams
from torch.nn import functional, init

from deepinit.conv.convolution import lengths
from deepinit.conv.padded_maps import PaddedMaps
from deepinit.conv.zero_padding import final_lengths, log_gain

ALPHA, Z = levels(20, 1e-5)
SIMULATED = ["he_normal", "he_uniform", "he_normal_truncated", "glorot_normal_truncated"]
stream = streams(91, "test_zero_padding")


def picture(rows: int = 8, columns: int = 6, channels: int = 3) -> np.ndarray:
    """Return an image without symmetry, values in [0, 255)."""
    return (255 * stream("picture").numpy.random((channels, rows, columns))).astype(np.float32)


@pytest.mark.rounding
@pytest.mark.parametrize("kernel", [1, 3, 5])
def test_shifted_products_are_the_convolutions_of_torch(kernel):
    source, reach = stream("torch", kernel), kernel // 2
    x, w = source.normal(4, 3, 7, 5).relu_(), source.normal(4, 2, 3, kernel, kernel)
    maps = PaddedMaps(4, 3, 7, 5, reach, x.device)
    maps.rows[..., :5] = x
    out = torch.empty(4, 2, maps.shifted(0).shape[-1])
    maps.convolve(w.flatten(3).permute(3, 0, 1, 2).contiguous(), out)

    def exact(x: torch.Tensor, w: torch.Tensor) -> torch.Tensor:
        pairs = zip(x.double(), w.double(), strict=True)
        return torch.stack([functional.conv2d(a, b, padding=reach) for a, b in pairs])

    error = (out.view(4, 2, 7, 5 + reach)[..., :5] - exact(x, w)).abs()
    assert (error <= sum_rounding(3 * kernel**2) * exact(x.abs(), w.abs())).all()


@pytest.mark.parametrize(("channels", "kernel"), [(1, 3), (4, 3), (3, 5)])
def test_networks_are_those_of_the_plain_simulation(channels, kernel):
    """A thousand times what rounding does on one processor; other networks differ by more than 1."""
    plain = lengths(picture(), channels, 8, 30, stream("same"), kernel=kernel, padding="zero")
    fast = final_lengths(picture(), channels, 8, 30, stream("same"), kernel=kernel)
    expected = plain.log_length[:, -1]
    assert np.array_equal(np.isneginf(fast.log_length), np.isneginf(expected))
    assert fast.log_length == pytest.approx(expected, abs=1e-3)
    assert fast.mean_growth == pytest.approx(plain.mean_growth[:, -1], abs=1e-3)


def reference(law: str, channels: int, depth: int, networks: int) -> np.ndarray:
    """Return ln M_d/M_0 of networks of torch.nn.Conv2d, initialised as torch or Keras of 2018 does."""
    image, logs = torch.from_numpy(picture())[None], []
    with torch.random.fork_rng(devices=[]), torch.no_grad():
        torch.manual_seed(91)
        for _ in range(networks):
            activation = image
            for number in range(depth):
                below = 3 if number == 0 else channels
                layer = torch.nn.Conv2d(below, channels, 3, padding=1, bias=False)
                fans = 9 * below if law.startswith("he") else 9 * (below + channels)
                sd = math.sqrt(2 / fans)
                if law == "he_normal":
                    init.kaiming_normal_(layer.weight, nonlinearity="relu")
                elif law == "he_uniform":
                    init.kaiming_uniform_(layer.weight, nonlinearity="relu")
                else:
                    init.trunc_normal_(layer.weight, std=sd, a=-2 * sd, b=2 * sd)
                activation = layer(activation).relu()
            logs.append((activation.square().mean() / image.square().mean()).log().item())
    return np.array(logs)


@pytest.mark.parametrize("law", SIMULATED)
def test_lengths_have_the_distribution_of_torch_networks(law):
    """Kolmogorov–Smirnov, 1,500 live networks of 2 channels and 5 layers against as many; dead shares."""
    channels, depth, networks = 2, 5, 1500
    found = final_lengths(picture(), channels, depth, networks, stream("law", law), law=law)
    plain = reference(law, channels, depth, networks)
    alive = [logs[np.isfinite(logs)] for logs in (found.log_length, plain)]
    assert stats.ks_2samp(*alive).pvalue > ALPHA
    dead = [networks - len(logs) for logs in alive]
    table = [dead, [networks - count for count in dead]]
    assert stats.fisher_exact(table).pvalue > ALPHA


@pytest.mark.parametrize("law", SIMULATED)
def test_growth_given_the_layer_below_has_mean_one_at_any_depth(law):
    """400 networks of 2 channels, 30 layers, where M is heavy-tailed by far; bounded weights spread less."""
    found = final_lengths(picture(), 2, 30, 400, stream("growth", law), law=law)
    assert found.log_length[np.isfinite(found.log_length)].std() > 2
    growth = found.mean_growth
    assert abs(growth.mean() - 1) < Z * stats.sem(growth)
    assert growth.var() < 5 / (2 * 30) * (1 + Z * math.sqrt(50 / 400))


@pytest.mark.parametrize(
    ("law", "base"),
    [
        ("twice_he_normal", "he_normal"),
        ("xavier_uniform", "he_uniform"),
        ("glorot_normal_truncated", "he_normal_truncated"),
    ],
)
def test_laws_of_one_shape_differ_by_an_exact_factor_network_by_network(law, base):
    found, plain = (
        final_lengths(picture(), 2, 12, 50, stream("gain", base), law=name).log_length
        for name in (law, base)
    )
    assert found == pytest.approx(plain + log_gain(law, base, 3, 2, 12, 3), abs=1e-3)


def test_a_law_of_another_shape_is_no_multiple():
    with pytest.raises(ValueError, match="he_uniform"):
        log_gain("he_normal", "he_uniform", 3, 2, 12, 3)


@pytest.mark.parametrize("wrong", [{"law": "orthogonal"}, {"law": "he"}, {"kernel": 2}])
def test_weights_that_depend_on_one_another_and_even_kernels_are_refused(wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        final_lengths(np.ones((1, 4, 4), np.float32), 2, 3, 5, 0, **wrong)


@pytest.mark.parametrize("draw", [final_lengths, partial(lengths, kernel=3, padding="zero")])
@pytest.mark.parametrize(
    ("image", "networks", "words"),
    [
        (np.zeros((1, 4, 4), np.float32), 5, "zero everywhere"),
        (np.ones((4, 4), np.float32), 5, "shape"),
        (np.ones((1, 4, 4), np.float32), 0, "networks"),
    ],
)
def test_images_of_zeros_or_of_another_shape_and_no_networks_are_refused(
    draw, image, networks, words
):
    with pytest.raises(ValueError, match=words):
        draw(image, 2, 3, networks, 0)


def test_an_unknown_padding_is_refused_by_the_simulation_as_by_the_theory():
    with pytest.raises(ValueError, match="'circular' or 'zero'"):
        lengths(np.ones((1, 4, 4), np.float32), 2, 3, 5, 0, kernel=3, padding="same")


def test_a_dead_network_stays_dead_and_its_growth_ends_with_the_layer_that_died():
    """One channel, one pixel: a layer is dead with probability one half, the first with growth nought."""
    found = final_lengths(picture(1, 1, 1), 1, 6, 2000, stream("dead"))
    dead = np.isneginf(found.log_length)
    assert abs(dead.mean() - (1 - 2.0**-6)) < Z * math.sqrt(2.0**-6 / 2000)
    first = np.isclose(found.mean_growth, 1 - 1 / 6)
    assert first[dead].sum() == first.sum()
    assert stats.binomtest(int(first.sum()), 2000, 0.5).pvalue > ALPHA

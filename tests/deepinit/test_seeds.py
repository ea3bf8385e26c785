"""A random stream depends on its address alone, has its whole state seeded, and obeys its law.

Seeds are fixed. Statistical tests share a false-alarm rate of 1e-4 (Bonferroni): right code
would have failed somewhere in this file for one root seed in ten thousand.
"""

import math
from collections.abc import Iterator

import numpy as np
import pytest
import torch
from rounding import UNIT
from scipy import stats
from streams import levels

from deepinit.random import RandomStream, _mersenne_twister
from deepinit.seeds import seed_sequence

ALPHA, _ = levels(4 + 9)
COUNT = 100_000


def draw(kind: str, count: int, *address: object) -> np.ndarray:
    """Return `count` numbers of one kind from a fresh stream."""
    stream = RandomStream(seed_sequence(71, "test_seeds", *address))
    if kind == "numpy":
        return stream.numpy.standard_normal(count)
    return getattr(stream, kind)(count).double().numpy()


@pytest.fixture
def restored_threads() -> Iterator[None]:
    """Give torch back the number of threads that it had."""
    before = torch.get_num_threads()
    yield
    torch.set_num_threads(before)


def words(*address: object, root: int = 71) -> list[int]:
    """Return the first words of the seed sequence at an address."""
    return seed_sequence(root, *address).generate_state(8).tolist()


def test_one_address_written_in_several_ways_names_the_same_stream():
    betas = np.linspace(0.2, 1.3, 56)
    assert 0.1 + 0.2 != 0.3 and words(0.1 + 0.2) == words(0.3)
    for k, beta in enumerate(betas):
        assert words(beta) == words(float(f"{0.2 + 0.02 * k:.2f}"))
    assert words(np.int64(3), (1, 2)) == words(3, [1, 2])
    assert words({"beta": 0.5, "depth": 10}) == words({"depth": 10, "beta": 0.5})


def test_different_addresses_have_different_streams():
    addresses = [
        ("a", "b"), ("b", "a"), ("ab",), ("a", "b", 0), ("a", "b", 1), ("a", "b", True), ("a",),
        ("a", "b", None), ("a", ["b"]), ("a", {"b": 1}), ("a", {"b": 2}), ("a", 0.3),
        ("a", 0.300000001), ("a", -0.3), ("a", 1, 23), ("a", 12, 3), (),
    ]  # fmt: skip
    found = {tuple(words(*address, root=root)) for address in addresses for root in (0, 1, 2**40)}
    assert len(found) == 3 * len(addresses)


def test_torch_continues_numpys_mersenne_twister_with_the_whole_state_seeded():
    """Three refills of the 624 words: one wrong word of the state would show.

    Torch refills first and numpy first gives its last word, so torch is one word ahead.
    """
    seeds = seed_sequence(71, "mersenne")
    count = 3 * 624
    expected = np.random.MT19937(seeds).random_raw(count + 1)[1:] & 0xFFFFFF
    numbers = torch.rand(count, generator=_mersenne_twister(seeds), dtype=torch.float32)
    assert np.array_equal(numbers.numpy() * 2**24, expected)


@pytest.mark.rounding
def test_normal_numbers_are_those_of_box_and_muller_up_to_rounding():
    """r cos θ and r sin θ, r² = −2 log u, θ = 2π v, sixteen at a time, in float64: on any instruction set.

    r is at most √(48 log 2) = 5.8, θ is off by 2 · 2π u, and r, cosine and sine by 4 u each: 120 u.
    """
    seeds = seed_sequence(71, "box muller")
    uniform = torch.rand(16_000, generator=_mersenne_twister(seeds.spawn(3)[0])).double()
    first, second = uniform.view(-1, 2, 8).unbind(dim=1)
    radius, angle = (-2 * (1 - first).log()).sqrt(), 2 * math.pi * second
    expected = torch.stack([radius * angle.cos(), radius * angle.sin()], dim=1).flatten()
    found = RandomStream(seed_sequence(71, "box muller")).normal(16_000)
    assert (found - expected).abs().max() < 120 * UNIT


@pytest.mark.parametrize("kind", ["normal", "uniform", "symmetric_uniform"])
def test_numbers_do_not_depend_on_the_number_of_threads(kind, restored_threads):
    torch.set_num_threads(1)
    alone = draw(kind, 300_001, "threads")
    torch.set_num_threads(4)
    assert np.array_equal(alone, draw(kind, 300_001, "threads"))


@pytest.mark.parametrize("kind", ["normal", "symmetric_uniform"])
@pytest.mark.parametrize("shape", [(7,), (3, 5, 11), (1 << 17,), (2, 99_999)])
def test_filling_a_tensor_gives_the_numbers_of_a_fresh_draw(kind, shape):
    fresh, filling = (RandomStream(seed_sequence(71, "out", *shape)) for _ in range(2))
    target = torch.full(shape, math.nan)
    for _ in range(2):
        returned = getattr(filling, kind)(*shape, out=target)
        assert returned is target
        assert torch.equal(target, getattr(fresh, kind)(*shape))


@pytest.mark.parametrize("count", [16, 1 << 17, (1 << 18) - 1, (1 << 18) + 5, 500_001])
def test_drawing_normal_numbers_in_pieces_gives_those_of_one_draw(count):
    seeds = seed_sequence(71, "pieces", count)
    generator = _mersenne_twister(seeds.spawn(3)[0])
    pieces = RandomStream(seed_sequence(71, "pieces", count)).normal(count)
    assert torch.equal(pieces, torch.randn(count, generator=generator))


def test_the_three_kinds_of_numbers_do_not_disturb_one_another():
    mixed = RandomStream(seed_sequence(71, "test_seeds", "mixed"))
    mixed.uniform(5)
    mixed.numpy.normal(size=3)
    assert np.array_equal(mixed.normal(50).double().numpy(), draw("normal", 50, "mixed"))


@pytest.mark.parametrize(
    ("kind", "law"),
    [
        ("normal", stats.norm()),
        ("uniform", stats.uniform()),
        ("symmetric_uniform", stats.uniform(-1, 2)),
        ("numpy", stats.norm()),
    ],
)
def test_numbers_follow_their_law(kind, law):
    """Kolmogorov–Smirnov, n = 10⁵: a shift of .008 sd would be found."""
    assert stats.kstest(draw(kind, COUNT, "law"), law.cdf).pvalue > ALPHA


@pytest.mark.parametrize("kind", ["normal", "uniform", "numpy"])
@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("block", 0), ("block", 1)),
        (("block", 0, "a"), ("block", 0, "b")),
        (("b", 0.1), ("b", 0.2)),
    ],
)
def test_streams_of_sibling_addresses_are_uncorrelated(kind, first, second):
    """√n times the correlation of n = 10⁵ independent pairs is standard normal."""
    correlation = np.corrcoef(draw(kind, COUNT, *first), draw(kind, COUNT, *second))[0, 1]
    assert abs(correlation) * math.sqrt(COUNT) < stats.norm.isf(ALPHA / 2)


def test_golden_numbers_never_change():
    """Every table would change with them: a red test here means a new release of all results.

    Normal numbers pass through the machine's logarithm and cosine, hence the rounding allowed.
    """
    seeds = seed_sequence(7, "golden", {"beta": 0.5, "depth": 10}, 3)
    assert seeds.generate_state(3).tolist() == [1197419720, 2257177323, 3520245724]
    stream = RandomStream(seeds)
    uniform = [-0.8174585103988647, 0.9786004424095154, -0.41410958766937256]
    normal = [0.8165438771247864, -0.5187402367591858, -0.3948717415332794, -0.599665641784668]
    assert stream.symmetric_uniform(3).tolist() == uniform
    assert stream.normal(16)[:4].tolist() == pytest.approx(normal, rel=1e-5)
    assert stream.numpy.integers(10**6, size=3).tolist() == [471102, 97656, 59627]

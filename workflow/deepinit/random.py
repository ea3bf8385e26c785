"""Random tensors of one block of replicates, on the CPU or on a GPU.

On the CPU the numbers depend only on the seed sequence: neither on the number of threads
nor on the machine's BLAS; normal numbers also on the instruction set for which torch has its
logarithm and sine, by up to 7e-6. On a GPU they come from torch's counter-based generator, so a
GPU run agrees with a CPU run in distribution, not number by number.
"""

from collections.abc import Iterable

import numpy as np
import torch

from deepinit.seeds import Randomness, as_generator

_UNIFORM_SCALE = 2.0**-31
_TORCH_STATE_BYTES = 5056
_TORCH_STATE_HEADER = 24
_MERSENNE_WORDS = 624
# Larger draws are made in pieces that stay in the processor's cache: up to three times as fast.
_PIECE = 1 << 16
# torch makes normal numbers sixteen at a time, and the last sixteen of a tensor again if their number
# is no multiple of it. With a last piece that is never short, the numbers are those of one draw.


def _pieces(numbers: torch.Tensor) -> list[torch.Tensor]:
    """Return a contiguous tensor as flat pieces of `_PIECE` numbers, the last one up to twice that."""
    flat = numbers.view(-1)
    if flat.numel() < 2 * _PIECE:
        return [flat]
    last = (flat.numel() // _PIECE - 1) * _PIECE
    return [*flat[:last].split(_PIECE), flat[last:]]


def _mersenne_twister(seeds: np.random.SeedSequence) -> torch.Generator:
    """Return torch's CPU generator with its whole 19,937-bit state set from `seeds`.

    `torch.Generator.manual_seed` keeps 32 bits of a seed on the CPU: among ten thousand
    streams two would coincide with a probability of about 1 %. Here the 624 words are those
    of `numpy.random.MT19937(seeds)`; torch keeps each in 8 bytes behind a 24-byte header
    (seed, words left before the next refill, a flag, position).
    """
    generator = torch.Generator(device="cpu")
    state = generator.get_state().numpy().copy()
    if state.size != _TORCH_STATE_BYTES:
        raise RuntimeError(
            f"torch {torch.__version__} keeps its CPU generator in {state.size} bytes instead of "
            f"{_TORCH_STATE_BYTES}; use the torch version pinned in envs/requirements.lock"
        )
    words = np.random.MT19937(seeds).state["state"]["key"].astype("<u8")
    state[8:12] = np.frombuffer(np.int32(1).tobytes(), dtype=np.uint8)
    state[16:24] = 0
    end = _TORCH_STATE_HEADER + 8 * _MERSENNE_WORDS
    state[_TORCH_STATE_HEADER:end] = words.view(np.uint8)
    generator.set_state(torch.from_numpy(state))
    return generator


class RandomStream:
    """Normal, uniform and discrete random numbers of one block of replicates.

    Args:
        seeds: the block's seed sequence, see `deepinit.seeds.seed_sequence`; it stands for the same
            numbers at every call.
        device: where tensors are drawn and live.
    """

    def __init__(self, seeds: np.random.SeedSequence, device: torch.device | str = "cpu") -> None:
        self.device = torch.device(device)
        # A copy: each time it has children spawned these are others.
        self._seeds = np.random.SeedSequence(
            seeds.entropy, spawn_key=seeds.spawn_key, pool_size=seeds.pool_size
        )
        normal_seeds, uniform_seeds, numpy_seeds = self._seeds.spawn(3)
        #: float64 draws in small numbers (orders of data, scipy laws); always on the CPU.
        self.numpy = np.random.Generator(np.random.SFC64(numpy_seeds))
        self._bits = np.random.SFC64(uniform_seeds)
        if self.device.type == "cpu":
            self._torch = _mersenne_twister(normal_seeds)
        else:
            self._torch = torch.Generator(device=self.device)
            self._torch.manual_seed(
                int(normal_seeds.generate_state(1, np.uint64)[0] >> np.uint64(1))
            )

    def from_beginning(self) -> "RandomStream":
        """Return the same stream at its beginning, however far this one was drawn."""
        return RandomStream(self._seeds, self.device)

    def normal(self, *shape: int, out: torch.Tensor | None = None) -> torch.Tensor:
        """Return standard normal numbers, float32, of the given shape.

        `out`, contiguous, is filled if given.
        """
        if self.device.type != "cpu":
            return torch.randn(*shape, generator=self._torch, device=self.device, out=out)
        numbers = torch.empty(shape, dtype=torch.float32) if out is None else out
        for piece in _pieces(numbers):
            piece.normal_(generator=self._torch)
        return numbers

    def symmetric_uniform(self, *shape: int, out: torch.Tensor | None = None) -> torch.Tensor:
        """Return uniform numbers on [−1, 1], float32, of the given shape (variance 1/3).

        `out`, contiguous, is filled if given.

        On the CPU each 64-bit word of the generator gives two signed 32-bit integers, scaled
        by 2⁻³¹ and rounded to float32: twice as fast as drawing floats one by one, and finer.
        """
        if self.device.type != "cpu":
            numbers = torch.rand(*shape, generator=self._torch, device=self.device, out=out)
            return numbers.mul_(2).sub_(1)
        numbers = torch.empty(shape, dtype=torch.float32) if out is None else out
        for piece in _pieces(numbers):
            words = self._bits.random_raw((piece.numel() + 1) // 2)
            integers = torch.from_numpy(words.view(np.int32))[: piece.numel()]
            # A product of integers and a number takes torch twice as long as these two steps.
            piece.copy_(integers).mul_(_UNIFORM_SCALE)
        return numbers

    def uniform(self, *shape: int) -> torch.Tensor:
        """Return uniform numbers on [0, 1], float32, of the given shape."""
        return self.symmetric_uniform(*shape).add_(1).mul_(0.5)


def _agree(wanted: torch.device, found: torch.device) -> bool:
    indices = {wanted.index, found.index} - {None}
    return wanted.type == found.type and len(indices) < 2


def as_stream(seed: Randomness, device: torch.device | str | None = None) -> RandomStream:
    """Return a stream of random tensors: `seed` itself if it is one, else a new one.

    A numpy Generator gives eight of its numbers as the new stream's seed and so moves on. Sampling
    functions begin with this function: with a stream of your own they draw on another device.

    Args:
        device: of a new stream; None means the CPU. "cuda" without a number stands for any GPU.

    Raises:
        TypeError: `seed` is neither an integer, a SeedSequence, a Generator nor a stream.
        ValueError: it is a stream on another device.
    """
    if isinstance(seed, RandomStream):
        if device is not None and not _agree(torch.device(device), seed.device):
            raise ValueError(f"the stream is on {seed.device}, not on {device}")
        return seed
    if isinstance(seed, int | np.integer):
        seed = np.random.SeedSequence(int(seed))
    elif not isinstance(seed, np.random.SeedSequence):
        words = as_generator(seed).integers(0, 1 << 32, 8, dtype=np.uint32)
        seed = np.random.SeedSequence([int(word) for word in words])
    return RandomStream(seed, device or "cpu")


def device_of_all(streams: Iterable[RandomStream]) -> torch.device:
    """Return the device of all streams.

    Raises:
        ValueError: they are on different devices, or there are none.
    """
    devices = {stream.device for stream in streams}
    if not devices:
        raise ValueError("there must be at least one network")
    if len(devices) != 1:
        raise ValueError(f"all networks must be on one device, not on {sorted(map(str, devices))}")
    return devices.pop()

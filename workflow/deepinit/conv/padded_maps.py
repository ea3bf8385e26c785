"""Zero-padded convolutions of many networks as sums of products of matrices, without unfolded patches.

    (w * a)(p) = Σ_s w_s a(p + s),    w_s of shape (C_out, C_in), s one of the k² shifts.

Rows of pixels lie one behind another, each followed by k//2 zeros, with zeros before the first and
after the last row: then a(· + s) for all pixels at once is one stretch of memory that begins s later,
and nothing is copied. With 10 channels that takes a tenth of the time of unfolded patches.
"""

import torch


class PaddedMaps:
    """Maps with the zeros between their rows that shifts run into.

    Args:
        networks, channels: how many maps.
        rows, columns: of a map.
        reach: k//2, how far a shift goes.
    """

    def __init__(
        self,
        networks: int,
        channels: int,
        rows: int,
        columns: int,
        reach: int,
        device: torch.device,
    ) -> None:
        stride = columns + reach
        self._first, self._count = reach * stride + reach, rows * stride
        self.columns = columns
        size = self._count + 2 * self._first
        self._numbers = torch.zeros(networks, channels, size, device=device)
        self.shifts = [
            row * stride + column
            for row in range(-reach, reach + 1)
            for column in range(-reach, reach + 1)
        ]
        #: Shape (networks, channels, rows, columns + reach): the last columns are zeros.
        self.rows = self.shifted(0).view(networks, channels, rows, stride)

    def shifted(self, shift: int) -> torch.Tensor:
        """Return a(p + shift) for all p, shape (networks, channels, rows (columns + reach))."""
        first = self._first + shift
        return self._numbers[:, :, first : first + self._count]

    def convolve(self, weights: torch.Tensor, out: torch.Tensor) -> None:
        """Write the pre-activations, with rubbish between the rows, into `out`.

        Args:
            weights: shape (k², networks, C_out, C_in).
            out: contiguous, shape (networks, C_out, rows (columns + reach)).
        """
        torch.bmm(weights[0], self.shifted(self.shifts[0]), out=out)
        for part, shift in zip(weights[1:], self.shifts[1:], strict=True):
            out.baddbmm_(part, self.shifted(shift))

    def set_relu(self, preactivations: torch.Tensor) -> None:
        """Take over the ReLU of pre-activations, which are overwritten with it."""
        preactivations.relu_().view_as(self.rows)[..., self.columns :] = 0
        self.shifted(0).copy_(preactivations)

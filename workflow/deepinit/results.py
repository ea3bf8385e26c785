"""What simulations return: named arrays, logarithms under names that say so.

A field `log_…` is a natural logarithm. `log10` and `frame` give the decimal one, `log10_…`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from deepinit.progress import Report, no_progress

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Result:
    """Arrays or tensors with the same first dimensions; None for what is not there.

    Attributes:
        axes: names of the dimensions.
    """

    axes: ClassVar[tuple[str, ...]] = ("network",)

    def __iter__(self) -> Iterator[Any]:
        """Yield the arrays in their order, as in `mean, variance = …`."""
        return iter(getattr(self, field.name) for field in fields(self))

    def numpy(self) -> dict[str, NDArray[np.float64]]:
        """Return name ↦ array, in the processor's memory, of all that is there."""
        found = {field.name: getattr(self, field.name) for field in fields(self)}
        return {
            name: values if isinstance(values, np.ndarray) else values.numpy(force=True)
            for name, values in found.items()
            if values is not None
        }

    def log10(self) -> dict[str, NDArray[np.float64]]:
        """Return the same with decimal logarithms in place of natural ones."""
        found = {}
        for name, values in self.numpy().items():
            logarithm = name.startswith("log_")
            name = f"log10_{name[4:]}" if logarithm else name
            found[name] = values / np.log(10) if logarithm else values
        return found

    def frame(self, *axes: str) -> pd.DataFrame:
        """Return `log10` as a table: one row per element, after a column with its number on each axis.

        Args:
            axes: names of the dimensions; none means `self.axes`.

        Raises:
            ModuleNotFoundError: pandas is not installed.
            ValueError: another number of names than of dimensions.
        """
        import pandas as pd

        columns, axes = self.log10(), axes or self.axes
        shape = max((values.shape for values in columns.values()), key=len)
        if len(axes) != len(shape):
            raise ValueError(
                f"the numbers have the shape {shape}: name its {len(shape)} dimensions as arguments, "
                f"not {', '.join(map(repr, axes))}"
            )
        places = dict(zip(axes, np.indices(shape).reshape(len(shape), -1), strict=True))
        # What has fewer dimensions is the same along the last ones.
        whole = {
            name: np.broadcast_to(
                values.reshape(values.shape + (1,) * (len(shape) - values.ndim)), shape
            )
            for name, values in columns.items()
        }
        return pd.DataFrame({**places, **{name: values.ravel() for name, values in whole.items()}})

    @classmethod
    def in_batches(
        cls,
        networks: int,
        batch: int,
        compute: Callable[[int], Self],
        progress: Report = no_progress,
    ) -> Self:
        """Return the results of all networks as tensors, computed in batches.

        `compute` gets the size of a batch.

        Args:
            batch: largest batch.
            progress: called with networks done and in all.

        Raises:
            ValueError: no networks.
        """
        if networks < 1:
            raise ValueError(f"networks must be positive, not {networks}")
        parts = []
        for first in range(0, networks, batch):
            count = min(batch, networks - first)
            parts.append(compute(count))
            progress(first + count, networks)
        if len(parts) == 1:
            return parts[0]
        import torch

        return cls(
            *(torch.cat([getattr(part, field.name) for part in parts]) for field in fields(cls))
        )

"""Scaled residual networks whose step is one kernel on a GPU: same step, rounded differently.

See `residual_batch` for the networks and the layout of their weights, `residual_kernel` for the kernel.
"""

import importlib.util
import os
import shutil

import torch

from deepinit.training.residual_batch import ScaledResidualBatch

#: How a program holds its images, its size, and the precision of its products.
PARTS, WARPS, PRECISION = 1, 8, "ieee"
#: Largest sides of a program's tensors that its registers hold.
MOST_COLUMNS, MOST_IMAGES, MOST_CLASSES = 32, 128, 16


def kernel_there() -> bool:
    """Return whether Triton is installed, and the C compiler that it needs to start a kernel."""
    compiler = os.environ.get("CC") or "gcc"
    return importlib.util.find_spec("triton") is not None and any(
        map(shutil.which, (compiler, "clang"))
    )


class FusedResidualBatch(ScaledResidualBatch):
    """As `ScaledResidualBatch`, on a GPU."""

    @staticmethod
    def suits(device: torch.device, columns: int, images: int, classes: int) -> bool:
        """Return whether the kernel takes networks of this shape there.

        Args:
            device: where they are trained.
            columns: neurons with padding.
            images: of a step, with padding.
            classes: number of logits.
        """
        powers = all(side & (side - 1) == 0 for side in (columns, images))
        small = columns <= MOST_COLUMNS and classes <= MOST_CLASSES
        fits = 16 * PARTS <= images <= MOST_IMAGES
        return device.type == "cuda" and powers and small and fits and kernel_there()

    def _launch(
        self, inputs: torch.Tensor, targets: torch.Tensor | None, number: int
    ) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Run the kernel, training where there are targets.

        Returns:
            p_0 (networks, images, columns) without padding to the block; ∂loss/∂Bᵀ; and the largest logits;
            without targets h_0, the logits and nothing of use.
        """
        from deepinit.training.residual_kernel import residual_kernel

        given, columns, padded = inputs.shape[1], self.hidden.shape[-1], self.last.shape[2]
        block = self._most_images
        number_of_all = self.networks * block * columns
        h = self._vectors[0][:number_of_all].view(self.networks, block, columns)
        h[:, given:] = 0
        self._start(inputs, h[:, :given])
        train = targets is not None
        if train and given < block:
            targets = torch.nn.functional.pad(targets, (0, 0, 0, block - given))
        largest = h.new_empty(self.networks)
        ends = h.new_empty(self.networks, columns if train else block, padded)
        slope, offset = self.adam.coefficients[0] if train else (largest, largest)
        residual_kernel[(self.networks,)](
            h,
            self._kept,
            self.hidden,
            self.adam.first[0],
            self.adam.second[0],
            slope,
            offset,
            self.last,
            ends,
            targets.contiguous() if train else ends,
            ends,
            largest,
            self.networks,
            self.depth,
            self.width,
            float(number),
            1.0,
            TRAIN=train,
            PARTS=PARTS,
            ROWS=block // PARTS,
            COLUMNS=columns,
            PADDED=padded,
            CLASSES=self.classes,
            PRECISION=PRECISION,
            num_warps=WARPS,
        )
        return h[:, :given], ends, largest

    def step(
        self, inputs: torch.Tensor, targets: torch.Tensor, number: int, factor: float
    ) -> torch.Tensor:
        """Make one step of Adam in every network; see `ScaledResidualBatch.step`."""
        self.adam.begin_step(factor)
        p, last_gradient, largest = self._launch(inputs, targets, number)
        self.adam.update(1, torch.bmm(inputs.mT, p))
        self.adam.update(2, last_gradient)
        return largest

    def _logits(self, images: torch.Tensor) -> torch.Tensor:
        _, logits, _ = self._launch(images.expand(self.networks, -1, -1), None, len(images))
        return logits[:, : len(images), : self.classes].mT

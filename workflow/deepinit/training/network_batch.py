"""Many networks of one shape as one batched computation: what all shapes share.

The loss is the soft-max cross-entropy of the logits z, whose gradient at the logits is
softmax(z) − onehot(y); each shape sends it down through its own layers, written out by hand, and
adds −rate/batch times the gradient to its weights in place (plain SGD).

Memory layout. BLAS picks its inner loops by the address of a matrix modulo 64 bytes, so
that the rounding of a product could depend on where in the batch a network stands. Here
widths are padded to multiples of 4 and classes, pixels and images to multiples of 16:
every matrix of every network then starts on a 64-byte boundary. Padding is exact: padded weights,
pixels and images are zero, so the activations behind them are zero, the mask [a > 0] is
zero, and their gradients are zero too; with biases the gradient at the logits of padded images is set
to zero. Activations are stored as (networks, neurons, images), the layout in which small matrices
multiply fastest; images as (networks, images, pixels), the layout in which they are gathered.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence

import torch

#: Multiples, in float32 numbers, to which widths and all other sizes are padded.
WIDTH_MULTIPLE = 4
SIZE_MULTIPLE = 16


def round_up(number: int, multiple: int) -> int:
    """Return the smallest multiple of `multiple` that is not below `number`."""
    return -(-number // multiple) * multiple


def pad_to(tensor: torch.Tensor, *shape: int) -> torch.Tensor:
    """Return `tensor` extended with zeros at the end of each dimension to `shape`."""
    if tuple(tensor.shape) == shape:
        return tensor
    padded = tensor.new_zeros(shape)
    padded[tuple(slice(size) for size in tensor.shape)] = tensor
    return padded


def relu_backward(gradient: torch.Tensor, activations: torch.Tensor) -> None:
    """Set `gradient` to zero, in place, where `activations` = ReLU(…) are not positive."""
    torch.ops.aten.threshold_backward.grad_input(gradient, activations, 0, grad_input=gradient)


def correct_answers(
    logits_of: Callable[[torch.Tensor], torch.Tensor],
    images: torch.Tensor,
    labels: torch.Tensor,
    chunk: int,
) -> tuple[torch.Tensor, torch.Tensor]:
    """Tell which images each network classifies correctly.

    Args:
        logits_of: from some images to logits, (networks, classes, images).
        images: padded images, shape (images, pixels).
        labels: classes, shape (images,); −1 for padded images.
        chunk: images at a time.

    Returns:
        Whether the answer is correct, bool, (networks, images), and whether all logits of
        each network were finite, bool, (networks,).
    """
    correct, largest = [], []
    for part, answers in zip(images.split(chunk), labels.split(chunk), strict=True):
        logits = logits_of(part)
        correct.append(logits.argmax(dim=1) == answers)
        largest.append(logits.abs().amax(dim=(1, 2)))
    return torch.cat(correct, dim=1), torch.stack(largest).isfinite().all(dim=0)


class NetworkBatch(ABC):
    """Networks of one shape with their weights and the buffers of one SGD step.

    Attributes:
        networks: how many there are.
        weights: the layers from the input to the output, float32 (networks, fan_out, fan_in),
            padded, updated in place.
        biases: of the layers likewise, (networks, fan_out, 1); none unless the shape sets them.
        classes: number of logits.

    Args:
        weights: the same without padding; each layer's fan_in is the fan_out of the one before
            it. Layers are copied where they need padding and used in place where not.
        largest_batch: largest number of images (with padding) that a call will be given.
        classes: number of logits; the output layer may be padded already.
    """

    def __init__(self, weights: Sequence[torch.Tensor], largest_batch: int, classes: int) -> None:
        self.networks = weights[0].shape[0]
        self.classes = classes
        rows = [round_up(layer.shape[1], WIDTH_MULTIPLE) for layer in weights[:-1]]
        rows.append(round_up(self.classes, SIZE_MULTIPLE))
        columns = [round_up(weights[0].shape[2], SIZE_MULTIPLE), *rows[:-1]]
        self.weights = [
            pad_to(layer, self.networks, row, column).contiguous()
            for layer, row, column in zip(weights, rows, columns, strict=True)
        ]
        self.biases: list[torch.Tensor] = []
        self._most_images = round_up(largest_batch, SIZE_MULTIPLE)

    @property
    def parameters(self) -> list[torch.Tensor]:
        """All that is trained: weights, then biases."""
        return [*self.weights, *self.biases]

    def _buffer(self, rows: int) -> torch.Tensor:
        """Return a flat buffer for `rows` neurons, so that a smaller batch is a view of it too."""
        return self.weights[0].new_empty(self.networks * self._most_images * rows)

    def _view(self, flat: torch.Tensor, rows: int, images: int) -> torch.Tensor:
        """Return the start of a buffer as (networks, rows, images)."""
        return flat[: self.networks * rows * images].view(self.networks, rows, images)

    @abstractmethod
    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        """Return the logits, in a buffer of the batch, and keep what `backward` needs.

        Args:
            inputs: padded images, shape (networks, images, pixels), or expanded to it.

        Returns:
            Tensor (networks, padded classes, images), overwritten by the next call.
        """

    @abstractmethod
    def backward(self, inputs: torch.Tensor, gradient: torch.Tensor) -> None:
        """Add to all weights what follows from `gradient` at the logits of the last `forward`.

        The gradient goes down through the weights as they were, before their update.

        Args:
            inputs: as given to `forward`.
            gradient: gradient at the logits, times −rate/batch, shaped as the logits.
        """

    def step(
        self, inputs: torch.Tensor, targets: torch.Tensor, scales: torch.Tensor
    ) -> torch.Tensor:
        """Make one step of SGD in every network.

        The scale multiplies the gradient at the logits, on which all others depend linearly:
        that lets each network have its own learning rate in the same batched products.

        Args:
            inputs: padded images, shape (networks, images, pixels); padded images are zero.
            targets: one-hot classes, shape (networks, images, classes); zero for padded images.
            scales: −rate/(number of images without padding) of each network, shape (networks, 1, 1).

        Returns:
            Largest absolute logit of each network before the step, shape (networks,); not
            finite where a logit was not, which is where the loss was not.
        """
        padded_logits = self.forward(inputs)
        logits = padded_logits[:, : self.classes]
        largest = logits.abs().amax(dim=(1, 2))
        if self.biases:  # Behind them, padded images have activations, and would have a gradient.
            scales = scales * targets.sum(dim=2).unsqueeze(1)
        probabilities = torch.softmax(logits, dim=1)
        probabilities.sub_(targets.transpose(1, 2)).mul_(scales)
        # The padded rows of the logits are zero already and stay zero as a gradient.
        logits.copy_(probabilities)
        self.backward(inputs, padded_logits)
        return largest

    def count_correct(
        self, images: torch.Tensor, labels: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Return how many answers of each network are correct, int64, (networks,), and where all are finite.

        As `correct_answers`; the number of images is a multiple of 16.
        """

        def logits(part: torch.Tensor) -> torch.Tensor:
            return self.forward(part.expand(self.networks, -1, -1))[:, : self.classes]

        correct, finite = correct_answers(logits, images, labels, self._most_images)
        return correct.sum(dim=1), finite

    def weights_finite(self) -> torch.Tensor:
        """Return whether all weights and biases of each network are finite, bool, (networks,)."""
        finite = [layer.isfinite().flatten(1).all(dim=1) for layer in self.parameters]
        return torch.stack(finite).all(dim=0)

    def keep(self, remaining: Sequence[int]) -> None:
        """Let all networks leave but those at the positions `remaining`."""
        index = torch.tensor(remaining, device=self.weights[0].device)
        self.weights = [layer.index_select(0, index) for layer in self.weights]
        self.biases = [bias.index_select(0, index) for bias in self.biases]
        self.networks = len(remaining)

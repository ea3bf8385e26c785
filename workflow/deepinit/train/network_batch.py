"""Many fully connected ReLU networks of one shape as one batched computation.

Network k computes a_l = ReLU(W_l a_{l−1}) for the hidden layers l = 1…d and the logits
z = W_{d+1} a_d, without biases; its loss is the soft-max cross-entropy. The gradient is
written out by hand: δ_{d+1} = softmax(z) − onehot(y), δ_l = (W_{l+1}ᵀ δ_{l+1}) ⊙ [a_l > 0],
∂loss/∂W_l = δ_l a_{l−1}ᵀ, and plain SGD adds −rate/batch times that to W_l in place.

Memory layout. BLAS picks its inner loops by the address of a matrix modulo 64 bytes, so
that the rounding of a product could depend on where in the batch a network stands. Here
hidden widths are padded to multiples of 4 and classes, pixels and images to multiples of 16:
every matrix of every network then starts on a 64-byte boundary. Padding is exact: padded weights,
pixels and images are zero, so the activations behind them are zero, the mask [a_l > 0] is
zero, and their gradients are zero too. Activations are stored as (networks, neurons, images),
the layout in which small matrices multiply fastest; images as (networks, images, pixels), the
layout in which they are gathered.
"""

from collections.abc import Sequence

import torch

#: Multiples, in float32 numbers, to which hidden widths and all other sizes are padded.
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


class NetworkBatch:
    """Networks of one shape with their weights and the buffers of one SGD step.

    Args:
        weights: for each layer, the output layer last, a float32 tensor (networks, fan_out,
            fan_in). They are copied where they need padding and updated in place where not.
        largest_batch: largest number of images (with padding) that a call will be given.
    """

    def __init__(self, weights: Sequence[torch.Tensor], largest_batch: int) -> None:
        self.networks = weights[0].shape[0]
        self.classes = weights[-1].shape[1]
        rows = [round_up(layer.shape[1], WIDTH_MULTIPLE) for layer in weights[:-1]]
        rows.append(round_up(self.classes, SIZE_MULTIPLE))
        columns = [round_up(weights[0].shape[2], SIZE_MULTIPLE), *rows[:-1]]
        self.weights = [
            pad_to(layer, self.networks, row, column).contiguous()
            for layer, row, column in zip(weights, rows, columns, strict=True)
        ]
        numbers = self.networks * round_up(largest_batch, SIZE_MULTIPLE)
        # One buffer per layer for activations, kept for the backward pass, and two in turn
        # for their gradients. They are flat, so that a smaller batch is a view of them too.
        self._activations = [weights[0].new_empty(numbers * row) for row in rows]
        self._gradients = [weights[0].new_empty(numbers * max(rows)) for _ in range(2)]

    def _view(self, flat: torch.Tensor, rows: int, images: int) -> torch.Tensor:
        """Return the start of a buffer as (networks, rows, images)."""
        return flat[: self.networks * rows * images].view(self.networks, rows, images)

    def forward(self, inputs: torch.Tensor) -> list[torch.Tensor]:
        """Return the activations of every layer, the logits last, in the batch's own buffers.

        Args:
            inputs: padded images, shape (networks, images, pixels), or expanded to it.

        Returns:
            Tensors (networks, padded width, images), overwritten by the next call.
        """
        images = inputs.shape[1]
        below, activations = inputs.transpose(1, 2), []
        for weight, buffer in zip(self.weights, self._activations, strict=True):
            layer = self._view(buffer, weight.shape[1], images)
            torch.bmm(weight, below, out=layer)
            if len(activations) < len(self.weights) - 1:
                layer.relu_()
            activations.append(layer)
            below = layer
        return activations

    def step(
        self, inputs: torch.Tensor, targets: torch.Tensor, scales: torch.Tensor
    ) -> torch.Tensor:
        """Make one step of SGD in every network.

        The scale multiplies the gradient at the logits, on which all others depend linearly:
        that lets each network have its own learning rate in the same batched products.

        Args:
            inputs: padded images, shape (networks, images, pixels); padded images are zero.
            targets: one-hot classes, shape (networks, images, classes); zero for padded images.
            scales: −rate/(number of true images) of each network, shape (networks, 1, 1).

        Returns:
            Largest absolute logit of each network before the step, shape (networks,); not
            finite where a logit was not, which is where the loss was not.
        """
        images = inputs.shape[1]
        activations = self.forward(inputs)
        padded_logits = activations[-1]
        logits = padded_logits[:, : self.classes]
        largest = logits.abs().amax(dim=(1, 2))
        probabilities = torch.softmax(logits, dim=1)
        probabilities.sub_(targets.transpose(1, 2)).mul_(scales)
        # The padded rows of the logits are zero already and stay zero as a gradient.
        logits.copy_(probabilities)
        gradient = padded_logits
        for layer in range(len(self.weights) - 1, 0, -1):
            weight, below = self.weights[layer], activations[layer - 1]
            buffer = self._view(self._gradients[layer % 2], weight.shape[2], images)
            # The gradient goes down through the weights as they were, before their update.
            torch.bmm(weight.transpose(1, 2), gradient, out=buffer)
            torch.ops.aten.threshold_backward.grad_input(buffer, below, 0, grad_input=buffer)
            weight.baddbmm_(gradient, below.transpose(1, 2))
            gradient = buffer
        self.weights[0].baddbmm_(gradient, inputs)
        return largest

    def count_correct(
        self, images: torch.Tensor, labels: torch.Tensor, chunk: int
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Count the images that each network classifies correctly.

        Args:
            images: padded images, shape (images, pixels), their number a multiple of 16.
            labels: classes, shape (images,); −1 for padded images.
            chunk: images at a time, a multiple of 16, at most `largest_batch`.

        Returns:
            Number of correct answers of each network, int64, shape (networks,), and whether all
            of its logits were finite, bool, shape (networks,).
        """
        correct = torch.zeros(self.networks, dtype=torch.int64, device=images.device)
        largest = torch.zeros(self.networks, device=images.device)
        for part, answers in zip(images.split(chunk), labels.split(chunk), strict=True):
            logits = self.forward(part.expand(self.networks, -1, -1))[-1][:, : self.classes]
            correct += (logits.argmax(dim=1) == answers).sum(dim=1)
            largest = torch.maximum(largest, logits.abs().amax(dim=(1, 2)))
        return correct, largest.isfinite()

    def weights_finite(self) -> torch.Tensor:
        """Return whether all weights of each network are finite, bool, shape (networks,)."""
        finite = [layer.isfinite().flatten(1).all(dim=1) for layer in self.weights]
        return torch.stack(finite).all(dim=0)

    def keep(self, remaining: Sequence[int]) -> None:
        """Let all networks leave but those at the positions `remaining`."""
        index = torch.tensor(remaining, device=self.weights[0].device)
        self.weights = [layer.index_select(0, index) for layer in self.weights]
        self.networks = len(remaining)

"""Scaled residual networks with trained weights, many at once (Marion et al. 2025, Figures 8, 9, 15).

    h_0 = A x,   h_{k+1} = h_k + α (V_{k+1} ReLU(h_k) + b_{k+1}),  k = 0 … L−1,   logits B h_L,

with α = L^{−β}: "res-1" of the paper, as its released code has it (models.py: the bias stands
beside V, inside the scaling; A and B have no bias; all are trained). The loss is the soft-max
cross-entropy, averaged over the images of a step. The gradient is written out by hand: with
r_k = ReLU(h_k) and p_k = ∂loss/∂h_k,

    p_k = p_{k+1} + [r_k > 0] ⊙ α V_{k+1}ᵀ p_{k+1},   ∂loss/∂(α V_{k+1}) = p_{k+1} r_kᵀ,
    ∂loss/∂(α b_{k+1}) = p_{k+1} summed over images.

Memory layout. One tensor (L, networks, columns, columns) holds α Vᵀ of all layers, so that α, which
differs between networks, enters no product; `BatchedAdam` takes the scale into account.
Columns are the d neurons, one more that is 1 in every r_k of a network with biases and 0 in others,
and padding: row d of α Vᵀ is α b. Padded rows and columns are zero and have zero gradients, except
column d of p, whose share of a gradient is set to zero. Activations are (networks, images, columns);
only the r_k are kept for the backward pass. Columns, images and pixels are padded to multiples
of 16, so that every matrix of every network starts on a 64-byte boundary and BLAS treats it alike
wherever it stands in the batch (see `network_batch`).
"""

from collections.abc import Sequence

import torch

from deepinit.training.batched_adam import BatchedAdam
from deepinit.training.network_batch import SIZE_MULTIPLE, correct_answers, pad_to, round_up

#: Gradients of layers that are handed to Adam together, in bytes: on the CPU they should stay in
#: the second-level cache.
_GRADIENT_BYTES = {"cpu": 1 << 20}


class ScaledResidualBatch:
    """Networks of one shape with their weights, their moments and the buffers of one step.

    Args:
        hidden: V, shape (depth, networks, d, d), entry [k, n, i, j] from neuron j to neuron i.
        first: A, shape (networks, d, pixels).
        last: B, shape (networks, classes, d).
        alphas: α of each network, float64, shape (networks,).
        biased: whether each network has trained biases, initially zero; bool, (networks,).
        rates: learning rates of Adam, float64, shape (networks,).
        largest_batch: largest number of images (with padding) that a call will be given.

    All tensors of weights are copied, scaled and padded; they are on the device of the training.
    `alphas`, `biased` and `rates` are on the CPU.
    """

    def __init__(
        self,
        hidden: torch.Tensor,
        first: torch.Tensor,
        last: torch.Tensor,
        alphas: torch.Tensor,
        biased: torch.Tensor,
        rates: torch.Tensor,
        largest_batch: int,
    ) -> None:
        self.depth, self.networks, self.width, _ = hidden.shape
        self.classes, pixels = last.shape[1], first.shape[2]
        columns = round_up(self.width + 1, SIZE_MULTIPLE)
        scaled = hidden.mT * alphas.to(hidden).view(1, -1, 1, 1)
        shape = (self.depth, self.networks, columns, columns)
        ones = torch.ones(self.networks, dtype=torch.float64)
        self.adam = BatchedAdam(
            [
                pad_to(scaled, *shape).contiguous(),
                pad_to(first.mT, self.networks, round_up(pixels, SIZE_MULTIPLE), columns),
                pad_to(last.mT, self.networks, columns, round_up(self.classes, SIZE_MULTIPLE)),
            ],
            [alphas, ones, ones],
            rates,
        )
        self.biased = biased.to(hidden.device)
        self._most_images = round_up(largest_batch, SIZE_MULTIPLE)
        number = self.networks * self._most_images * columns
        self._kept = hidden.new_empty(self.depth, number)
        self._vectors = hidden.new_empty(3, number)
        limit = _GRADIENT_BYTES.get(hidden.device.type, 1 << 28)
        size = self.networks * columns**2
        self._layers = max(1, min(self.depth, limit // (hidden.element_size() * size)))
        self._gradients = hidden.new_empty(self._layers * size)
        self._prepare()

    def _prepare(self) -> None:
        """Make the views of all layers once: a view costs as much as a small product."""
        self.hidden, self.first, self.last = self.adam.parameters
        self._down = list(self.hidden.unbind())
        self._up = [layer.mT for layer in self._down]
        self._views: dict[int, tuple] = {}

    def _buffers(self, images: int) -> tuple[list[torch.Tensor], list[torch.Tensor], list]:
        """Return views for that number of images: every r_k, every r_kᵀ, and h, p and q."""
        if images not in self._views:
            shape = (self.networks, images, self.hidden.shape[-1])
            number = shape[0] * shape[1] * shape[2]
            kept = [layer[:number].view(shape) for layer in self._kept]
            vectors = [vector[:number].view(shape) for vector in self._vectors]
            self._views[images] = (kept, [layer.mT for layer in kept], vectors)
        return self._views[images]

    def _start(self, inputs: torch.Tensor, h: torch.Tensor) -> None:
        """Fill h with h_0 and the constant of the biases."""
        torch.bmm(inputs, self.first, out=h)
        h[:, :, self.width] = self.biased.to(h).view(-1, 1)

    def step(
        self, inputs: torch.Tensor, targets: torch.Tensor, number: int, factor: float
    ) -> torch.Tensor:
        """Make one step of Adam in every network.

        Args:
            inputs: padded images, shape (networks, images, pixels).
            targets: one-hot classes, shape (networks, images, classes); zero for padded images.
            number: images without padding in the step.
            factor: what the learning rates are multiplied by, the schedule's part.

        Returns:
            Largest absolute logit of each network before the step, shape (networks,); not
            finite where a logit was not, which is where the loss was not.
        """
        kept, kept_transposed, (h, p, q) = self._buffers(inputs.shape[1])
        self._start(inputs, h)
        for layer, weight in zip(kept, self._down, strict=True):
            torch.clamp_min(h, 0, out=layer)
            h.baddbmm_(layer, weight)
        padded_logits = torch.bmm(h, self.last)
        logits = padded_logits[:, :, : self.classes]
        largest = logits.abs().amax(dim=(1, 2))
        # Padded images have no target, and the loss takes no notice of them.
        true = targets.sum(dim=2, keepdim=True)
        logits.copy_(torch.softmax(logits, dim=2).sub_(targets).mul_(true).div_(number))
        last_gradient = torch.bmm(h.mT, padded_logits)
        last_gradient[:, self.width :] = 0
        torch.bmm(padded_logits, self.last.mT, out=p)
        self.adam.begin_step(factor)
        self._backward(kept, kept_transposed, p, q)
        first_gradient = torch.bmm(inputs.mT, p)
        first_gradient[:, :, self.width :] = 0
        self.adam.update(1, first_gradient)
        self.adam.update(2, last_gradient)
        return largest

    def _backward(
        self,
        kept: list[torch.Tensor],
        kept_transposed: list[torch.Tensor],
        p: torch.Tensor,
        q: torch.Tensor,
    ) -> None:
        """Turn p_L into p_0 in place, and update the weights of all layers on the way."""
        size, threshold = self._layers, torch.ops.aten.threshold_backward.grad_input
        shape = (self.networks, *self.hidden.shape[2:])
        for end in range(self.depth, 0, -size):
            start = max(0, end - size)
            flat = self._gradients[: (end - start) * shape[0] * shape[1] * shape[2]]
            gradients = flat.view(end - start, *shape)
            for layer in range(end - 1, start - 1, -1):
                torch.bmm(kept_transposed[layer], p, out=gradients[layer - start])
                torch.bmm(p, self._up[layer], out=q)
                threshold(q, kept[layer], 0, grad_input=q)
                p.add_(q)
            gradients[..., self.width :] = 0
            self.adam.update(0, gradients, slice(start, end))

    def _logits(self, images: torch.Tensor) -> torch.Tensor:
        """Return the logits of images, shape (images, pixels), as (networks, classes, images)."""
        _, _, (h, r, _) = self._buffers(len(images))
        self._start(images.expand(self.networks, -1, -1), h)
        for weight in self._down:
            torch.clamp_min(h, 0, out=r)
            h.baddbmm_(r, weight)
        return torch.bmm(h, self.last)[:, :, : self.classes].mT

    def correct(
        self, images: torch.Tensor, labels: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Return `correct_answers`; the number of images is a multiple of 16."""
        return correct_answers(self._logits, images, labels, self._most_images)

    def weights_finite(self) -> torch.Tensor:
        """Return whether all weights of each network are finite, bool, shape (networks,)."""
        # A sum of float32 numbers in float64 is finite if and only if they all are.
        hidden = self.hidden.sum(dim=(0, 2, 3), dtype=torch.float64)
        ends = [layer.sum(dim=(1, 2), dtype=torch.float64) for layer in (self.first, self.last)]
        return hidden.isfinite() & ends[0].isfinite() & ends[1].isfinite()

    def unscaled(self, network: int) -> tuple[torch.Tensor, torch.Tensor]:
        """Return V, shape (depth, d, d), and b, shape (depth, d), of the network at a position."""
        alpha = float(self.adam.scales[0][network])
        rows = self.hidden[:, network, :, : self.width] / alpha
        return rows[:, : self.width].mT.contiguous(), rows[:, self.width].contiguous()

    def keep(self, remaining: Sequence[int]) -> None:
        """Let all networks leave but those at the positions `remaining`."""
        self.adam.keep(remaining)
        self.biased = self.biased[torch.tensor(remaining, device=self.biased.device)]
        self.networks = len(remaining)
        self._prepare()

    def state(self) -> list[torch.Tensor]:
        """Return the tensors that a training goes on from: parameters and both moments."""
        return [*self.adam.parameters, *self.adam.first, *self.adam.second]

    def restore(self, tensors: Sequence[torch.Tensor], steps: int) -> None:
        """Take over what `state` returned, after `steps` steps."""
        for own, saved in zip(self.state(), tensors, strict=True):
            own.copy_(saved)
        self.adam.steps = steps

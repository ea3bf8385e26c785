"""Layers of several networks of one shape, in the three arms of luther2019's learning curves.

The networks are computed together: fully connected layers as batched products of activations
(networks, units, images), convolutional ones as grouped convolutions of activations (images,
networks · channels, rows, columns) that are kept in torch's channels-last format. A network's
numbers depend on its own weights and images only, up to rounding: the libraries may choose
another algorithm for another number of networks. A network that is not finite stays alone with
it, as networks share no sum.

Before the ReLU of a hidden layer stands, for unit (or channel) i with weights w_i drawn from He's
normal law and sample mean μ_i and variance s_i² of w_i·x over the images (and pixels) of a batch,

    "total init"    w_i·x + b_i,  b_i = 0 at first; or one scalar a layer, see `TotalScale`
    "sample init"   w_i·x + b_i,  once, on the first batch:  w_i ← w_i/s_i,  b_i ← −μ_i/s_i
    "batchnorm"     g_i (w_i·x − μ_i)/s_i + b_i,  g_i = 1 and b_i = 0 at first

with s_i² + ε under the root in both of the latter, torch's ε = 10⁻⁵. So a sample-initialised network
is the batch-normalised one at step 0, and a unit that is constant over the batch (s_i = 0) is
divided by √ε and not by zero. All parameters are trained; statistics of batch norm are always
those of the batch at hand. Output layers have He's weights and no normalisation in every arm.
"""

from typing import Literal

import torch
from torch.nn import functional

from deepinit.initialisers import WEIGHT_LAWS
from deepinit.random import RandomStream
from deepinit.training.initialisation_arms import Arm
from deepinit.training.layer_shapes import LayerShape
from deepinit.weights import draw_weights

#: "he": as drawn; "pooled": w ← w/s, b ← −μ/s with the mean and sd of the layer's
#: pre-activations pooled over units and images of the first batch, one scalar a network and layer.
TotalScale = Literal["he", "pooled"]
EPSILON = 1e-5


class Layer:
    """One layer of all networks, with its parameters.

    Args:
        shape: of the layer.
        streams: one a network, all on one device; each gives its network's weights.
        arm: what stands before the ReLU.
    """

    def __init__(self, shape: LayerShape, streams: list[RandomStream], arm: Arm) -> None:
        law = WEIGHT_LAWS["he_normal"]
        drawn = [draw_weights(law, stream, 1, shape.outputs, shape.fan_in) for stream in streams]
        weights = torch.cat(drawn)
        if shape.kernel:
            sides = (shape.inputs, shape.kernel, shape.kernel)
            weights = weights.view(-1, *sides).contiguous(memory_format=torch.channels_last)
        units = len(streams) * shape.outputs
        self.shape, self.networks, self.arm = shape, len(streams), arm
        self.weights = weights.requires_grad_()
        self.shifts = weights.new_zeros(units).requires_grad_()
        self.gains = None
        if shape.hidden and arm == "batchnorm":
            self.gains = weights.new_ones(units).requires_grad_()

    def parameters(self) -> list[torch.Tensor]:
        """Return what is trained."""
        return [self.weights, self.shifts, *([] if self.gains is None else [self.gains])]

    def linear(self, inputs: torch.Tensor, shifts: torch.Tensor | None) -> torch.Tensor:
        """Return w·x, plus `shifts` if there are any, in the layout of the layer."""
        shape = self.shape
        if shape.kernel:
            return functional.conv2d(
                inputs,
                self.weights,
                shifts,
                stride=shape.stride,
                padding=shape.kernel // 2,
                groups=self.networks,
            )
        if shifts is None:
            return torch.bmm(self.weights, inputs)
        return torch.baddbmm(shifts.view(self.networks, -1, 1), self.weights, inputs)

    def preactivations(self, inputs: torch.Tensor) -> torch.Tensor:
        """Return the input of the ReLU, or the output of an output layer.

        With batch norm g (w·x − μ)/s + b with the batch's own μ and s, else w·x + b.
        """
        if self.gains is None:
            return self.linear(inputs, self.shifts)
        products = self.linear(inputs, None)
        # A fully connected layer's units are channels of one long image row of length batch.
        channels = products if self.shape.kernel else products.view(1, -1, products.shape[2])
        done = functional.batch_norm(
            channels, None, None, self.gains, self.shifts, training=True, eps=EPSILON
        )
        return done.view(products.shape)

    def __call__(self, inputs: torch.Tensor) -> torch.Tensor:
        """Return the layer's activations, or the output of an output layer."""
        outputs = self.preactivations(inputs)
        return outputs.relu() if self.shape.hidden else outputs

    @torch.no_grad()
    def initialise(self, inputs: torch.Tensor, total_scale: TotalScale) -> int:
        """Set weights and shifts as the arm asks from the activations below, on a first batch.

        Returns:
            Units of all networks whose pre-activation hardly varies over the batch (s² < ε).
        """
        if not self.shape.hidden:
            return 0
        products = self.linear(inputs, None)
        units = (products.transpose(0, 1) if self.shape.kernel else products.flatten(0, 1)).flatten(
            1
        )
        variances, means = torch.var_mean(units, dim=1, correction=0)
        constant = int((variances < EPSILON).sum())
        if self.arm == "total init" and total_scale == "pooled":
            pooled = units.reshape(self.networks, -1)
            variances, means = (
                moment.repeat_interleave(self.shape.outputs)
                for moment in torch.var_mean(pooled, dim=1, correction=0)
            )
        elif self.arm != "sample init":
            return constant
        sd = (variances + EPSILON).sqrt()
        self.weights /= sd.view((-1, 1, 1, 1) if self.shape.kernel else (self.networks, -1, 1))
        self.shifts.copy_(-means / sd)
        return constant

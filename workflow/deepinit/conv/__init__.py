"""Convolutional ReLU networks: lengths of activations and how patches become parallel with depth.

In it are

    convolution           simulation; convolution_theory: its exact moments
"""

from deepinit.exports import offered

__all__, __getattr__, __dir__ = offered(
    __name__,
    {
        "convolution": "ConvolutionLengths lengths propagate smooth_image",
        "convolution_theory": "mean_length mean_square_by_pixel second_moment_bounds",
    },
)

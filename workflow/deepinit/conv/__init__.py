"""Convolutional ReLU networks: lengths of activations and how patches become parallel with depth.

In it are

    convolution           simulation; convolution_theory: its exact moments
    zero_padding          the last layer alone with zero padding: any law of the weights, and faster
    padded_maps           its convolutions
    images                random images with the statistics of a photograph
"""

from deepinit.exports import offered

__all__, __getattr__, __dir__ = offered(
    __name__,
    {
        "convolution": "ConvolutionLengths lengths propagate smooth_image",
        "convolution_theory": "mean_length mean_square_by_pixel",
        "images": "natural_image neighbour_correlation white_image",
        "zero_padding": "final_lengths log_gain",
    },
)

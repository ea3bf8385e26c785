"""Gaussian processes in the layer index, from which correlated weights are drawn.

In it are

    fractional            fractional Gaussian noise; fractional_theory: its covariance
    smooth                smooth processes with a squared-exponential kernel
"""

from deepinit.exports import offered

__all__, __getattr__, __dir__ = offered(
    __name__,
    {
        "fractional": "fractional_noise",
        "fractional_theory": "generated_covariance noise_covariance",
        "smooth": "kernel smooth_basis",
    },
)

"""Residual networks: how much outputs and gradients change on the way through the layers.

In it are

    sampling                  the sampler to start from; log_ratios: what all samplers return
    ratios                    ratios of norms, every weight drawn, and their theory
    ratios_without_weights    the same with Gaussian weights, exactly, without drawing a matrix
    output_ratios             the ratios of outputs alone, a few numbers per layer whatever the width
    finite_depth              how their distribution approaches its log-normal limit
    bounds                    published bounds in probability
    single_weight             one weight matrix per layer, inside the activation, and its theory
    smooth_weights            weights that change smoothly over depth, and their theory
    fractional_weights_theory weights that are fractional Gaussian noise over depth (drawn by ratios)
    strong_convergence        several depths on one path of weights, and its theory
    scaled_modules            networks whose modules are scaled (Hanin & Rolnick 2018), and their theory
    scaled_vectors            vectors of any length, with all their digits
"""

from deepinit.exports import offered

__all__, __getattr__, __dir__ = offered(
    __name__,
    {
        "sampling": "sample_ratios",
        "log_ratios": "LogRatios",
        "ratios": "WeightMemory fractional_weights independent_weights",
        "ratios_without_weights": "independent_gaussian_weights",
        "output_ratios": "residual_lengths",
        "ratios_theory": (
            "LogNormalLimit critical_beta log_normal_limit mean_squared_change_bounds "
            "log_mean_squared_growth scaling_factor"
        ),
        "finite_depth": (
            "LogRatioCumulants correlation_of_ratios distance_to_limit log_ratio_cumulants"
        ),
        "bounds": "change_bounds markov_bound norm_bounds probability_bounds",
        "single_weight": "inside_weights reduced_inside",
        "fractional_weights_theory": "first_order_contour first_order_sums",
        "smooth_weights_theory": "first_order_mean_squares layer_correlation",
        "strong_convergence": "CoupledOutputs brownian_weights",
        "strong_convergence_theory": "limit_correction mean_square_error",
        "scaled_modules_theory": (
            "log_mean_growth_linear log_second_moment_linear log_upper_bound "
            "log_upper_bound_relu module_scales equal_scales"
        ),
    },
)

"""Networks so wide that layers are described by means and covariances (mean-field theory).

In it are

    arc_cosine            correlation of two inputs from layer to layer, ReLU
    activation_kernels    the same for other activations in closed form; any_activation: for all
    total_variance        variance of preactivations over inputs and networks at finite width
    sample_variance       mean square and variance over a batch, simulated
    activations           activation functions with their gains
    normalisation         batch and layer normalisation, and their theory
    gradients             gradients from layer to layer, and their theory
"""

from deepinit.exports import offered

__all__, __getattr__, __dir__ = offered(
    __name__,
    {
        "sample_variance": "SampleStatistics nested_sample_statistics sample_statistics",
        "gradients": "gradient_statistics",
        "arc_cosine": "arc_cosine_map correlation_by_layer iterate mean_and_standard_deviation",
        "any_activation": "activation_gain correlation_map correlations",
        "activation_kernels": "fixed_point leaky_relu_gain leaky_relu_map",
        "gradients_theory": "batch_norm_growth gradient_correlation sample_init_growth",
        "normalisation_theory": "batch_norm_squared_mean batch_norm_variance",
        "total_variance": (
            "first_order_variance one_input_log_density one_input_log_mean pair_growth"
        ),
    },
)

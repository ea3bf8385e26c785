"""Fully connected ReLU networks of finite width.

In it are

    squared_length        the squared length of activations, simulated
    length_moments        its exact mean and variance
    length_law            its exact distribution with Gaussian weights
    empirical_variance    variance of the lengths of one network over its layers, and its theory
    preactivations        preactivations of one unit, simulated
    preactivation_law     their distribution
"""

from deepinit.exports import offered

__all__, __getattr__, __dir__ = offered(
    __name__,
    {
        "squared_length": "Lengths sample_lengths",
        "length_law": "LogLengthLaw log_length_law",
        "length_moments": "dead_probability log_factor_moments mean_length",
        "empirical_variance": "log_empirical_variance log_lengths log_tilted_variance",
        "empirical_variance_theory": (
            "log_mean_empirical_variance log_mean_of_fully_connected wide_limit"
        ),
        "preactivations": "many_inputs one_input",
        "preactivation_law": "preactivation_cdf",
    },
)

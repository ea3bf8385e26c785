"""Estimates with intervals.

In it are

    intervals             means, medians, fractions, sums, crossings of zero
    log_normal_mean       mean of nearly log-normal numbers
    skewed_mean           the same where their logarithms are widely spread and skewed
    ratio_of_means        ratio of two means
    roughness             Hurst index of a path
    log_means             sums of logarithms of means
    correlation           correlation of ranks
    scores                standard scores and their tail probabilities
"""

from deepinit.exports import offered

__all__, __getattr__, __dir__ = offered(
    __name__,
    {
        "intervals": (
            "Estimate TooFewReplicates bootstrap fraction_interval log10_mean_interval "
            "mean_interval quantile_interval sum_interval"
        ),
        "log_normal_mean": "further_mean further_mean_limits",
        "skewed_mean": "further_means",
        "correlation": "rank_correlation",
        "log_means": "log_mean sum_of_log_means",
        "roughness": "hurst_index second_order_variations",
    },
)

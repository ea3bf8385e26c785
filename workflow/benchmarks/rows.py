"""The rows of the benchmark, in the order of its table."""

from collections.abc import Callable

from benchmarks import fully_connected_rows, residual_rows, training_rows
from benchmarks.work import Effort, Work

#: key ↦ function that prepares the row.
ROWS: dict[str, Callable[[Effort], Work]] = {
    "fig7_column": residual_rows.fig7_column,
    "fractional_noise": residual_rows.fractional_noise_weights,
    "smooth_weights": residual_rows.smooth_weights,
    "explicit_weights": residual_rows.explicit_weights,
    "reduced_sampler": residual_rows.reduced_sampler,
    "reduced_sampler_wide": residual_rows.wide_reduced_sampler,
    "length_law": fully_connected_rows.length_law,
    "finite_width": fully_connected_rows.finite_width,
    "training_deep_residual": training_rows.deep_residual,
    "training_narrow": training_rows.narrow,
    "training_wide": training_rows.wide,
}

"""Luther & Seung (2019): the order of its figures."""

ORDER = (
    "theory",
    "finite_width",
    "total_variance",
    "histograms",
    "batch_norm",
    "activations",
    "gradients",
    "membrane_images",
    "learning_curves",
)

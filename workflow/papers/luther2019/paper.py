"""Luther & Seung, Sample Variance Decay in Randomly Initialized ReLU Networks (2019): variance decay."""

#: Where it stands among the papers.
POSITION = 1
TITLE = "Variance decay (Luther & Seung 2019)"

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

"""What the paper's figures have."""

#: The six of the legend of the paper's Figure 4, by their names there: 2x He normal, He normal, He uniform,
#: He normal (truncated), Glorot uniform and Glorot normal, which Keras of 2018 truncated too.
PAPER_LAWS = [
    "twice_he_normal",
    "he_normal",
    "he_uniform",
    "he_normal_truncated",
    "xavier_uniform",
    "glorot_normal_truncated",
]
ADDED_LAWS = ["xavier_normal", "lecun_normal", "orthogonal", "pytorch_default"]
#: b of η_l = b^l in Figure 2.
PAPER_BASES = [1.0, 0.9, 0.75, 0.5]
#: Layers of the convolutional networks of Figure 4 for each channel.
LAYERS_PER_CHANNEL = 10

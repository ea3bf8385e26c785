"""Networks so wide that layers are described by means and covariances (mean-field theory).

arc_cosine            correlation of two inputs from layer to layer, ReLU
activation_kernels    the same for other activations
total_variance        variance of preactivations over inputs and networks at finite width
sample_variance       mean square and variance over a batch, simulated
activations           activation functions with their gains
normalisation         batch and layer normalisation, and their theory
gradients             gradients from layer to layer, and their theory
"""

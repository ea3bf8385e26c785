"""Fully connected ReLU networks of finite width.

squared_length        the squared length of activations, simulated
length_moments        its exact mean and variance
length_law            its exact distribution with Gaussian weights
empirical_variance    variance of the lengths of one network over its layers, and its theory
preactivations        preactivations of one unit, simulated
preactivation_law     their distribution
"""

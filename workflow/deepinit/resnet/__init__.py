"""Residual networks: how much outputs and gradients change on the way through the layers.

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
heat_maps                 maps over β and Hurst index, and their zero contours
scaled_vectors            vectors of any length, with all their digits
"""

"""Gaussian processes in the layer index, from which correlated weights are drawn.

fractional            fractional Gaussian noise; fractional_theory: its covariance
smooth                smooth processes with a squared-exponential kernel
"""

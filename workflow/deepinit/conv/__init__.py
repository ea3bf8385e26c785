"""Convolutional ReLU networks: lengths of activations and how patches become parallel with depth.

convolution           simulation; convolution_theory: its exact moments
"""

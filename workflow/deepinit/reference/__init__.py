"""The same work done in the reference way: one network at a time, torch's own modules, autograd.

This is how the literature's code does it, written again from scratch: layers are `nn.Linear`, a Python loop
goes through them, gradients come from autograd, noise is drawn path by path. The tests compare the fast
functions of `deepinit` with it, and `make benchmark` says how much faster they are. Of the figures only
marion2025 fig8 computes with it: one gradient of a network before training (`training.residual_gradient`).
"""

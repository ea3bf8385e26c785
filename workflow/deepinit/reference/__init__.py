"""The same work done in the reference way: one network at a time, torch's own modules, autograd.

This is how the literature's code does it, written again from scratch: layers are `nn.Linear`, a Python loop
goes through them, gradients come from autograd, noise is drawn path by path. Nothing of the
workflow computes with it. The tests compare the fast functions of `deepinit` with it, and
`make benchmark` says how much faster they are.
"""

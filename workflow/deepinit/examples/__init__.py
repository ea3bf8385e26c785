"""Worked examples, each run as `python -m deepinit.examples.<name>`.

In it are

    residual_change       how much a residual network changes, against the limits of infinite depth
    length_distribution   the distribution of log M_d for widths of your own, exact and sampled
    activation            the correlation c_l for an activation of your own, exact and sampled
    own_networks          an MLP, a residual network and a transformer, asked by `deepinit.probe`
    fractional_weights    weights drawn from fractional noise over depth, and the critical exponent
"""

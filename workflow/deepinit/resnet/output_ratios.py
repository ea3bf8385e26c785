"""The two output ratios of res-3 with Gaussian iid weights, O(1) a layer whatever the width.

Exact in distribution (derived here). Notation as in `deepinit.resnet.ratios`: W, V have iid
N(0, 1/d) entries. Given h = h_k, with K the number of active units,

    ‖u‖² = ‖ReLU(W h)‖² = (‖h‖²/d) χ²_K,    K ~ Binomial(d, ½),
    V u ~ N(0, s² I),    s² = ‖u‖²/d,

and h_{k+1} = h_k + α V u. The law is invariant under rotations about the axis h_0, so only two
numbers matter: with e = h_0/‖h_0‖, c_k = e·h_k/‖h_0‖ − 1 and r_k = ‖h_k/‖h_0‖ − (1 + c_k) e‖,

    c_{k+1} = c_k + α s g,    r²_{k+1} = (r_k + α s g′)² + α² s² χ²_{d−2},

where g, g′ ~ N(0, 1) are the components of V u/s along e and along the rest of h_k, and χ²_{d−2} is
what remains. Then ‖h_L‖²/‖h_0‖² = (1 + c)² + r² and ‖h_L − h_0‖²/‖h_0‖² = c² + r². Keeping c and not
1 + c loses no digits where the change is small. A layer without active units leaves h as it is.

‖p_0‖/‖p_L‖ and ‖p_0 − p_L‖/‖p_L‖ have this same joint law (the argument is with
`deepinit.resnet.ratios_theory.log_mean_squared_growth`), but are not independent of the output ratios;
what needs both, needs `deepinit.resnet.ratios_without_weights`.
"""

import numpy as np

from deepinit.resnet.log_ratios import LogRatios
from deepinit.resnet.ratios_theory import scaling_factor
from deepinit.seeds import Randomness, as_generator

_RESCALE_EVERY = 8
_RESCALE_ABOVE = 1e50


def residual_lengths(
    depth: int, width: int, beta: float, networks: int, seed: Randomness
) -> LogRatios:
    """Return the output ratios of independent networks; 0.1 µs per layer and network.

    Args:
        depth: L.
        width: d, two or more.
        beta: α = L^{−β}.

    Raises:
        ValueError: a width below two.

    Returns:
        log-ratios of outputs, arrays of shape (networks,).
    """
    generator = as_generator(seed)
    if width < 2:
        raise ValueError(f"the width must be two or more, not {width}")
    alpha = scaling_factor(depth, beta)
    # All in units of exp(log_scale) ‖h_0‖; `start` is the length of h_0 in these units.
    log_scale = np.zeros(networks)
    start = np.ones(networks)
    along = np.zeros(networks)
    across = np.zeros(networks)
    for layer in range(depth):
        active = generator.binomial(width, 0.5, networks)
        squared = 2 * generator.standard_gamma(active / 2)
        squared *= (start + along) ** 2 + across**2
        # α s, as ‖u‖² = ‖h‖² χ²/d and s² = ‖u‖²/d.
        size = (alpha / width) * np.sqrt(squared)
        along += size * generator.standard_normal(networks)
        across += size * generator.standard_normal(networks)
        if width > 2:
            rest = 2 * generator.standard_gamma((width - 2) / 2, networks)
            across = np.sqrt(across**2 + size**2 * rest)
        else:
            across = np.abs(across)
        if layer % _RESCALE_EVERY == 0:
            factor = np.maximum(np.maximum(np.abs(along), across), 1)
            if factor.max() > _RESCALE_ABOVE:
                log_scale += np.log(factor)
                for part in (start, along, across):
                    part /= factor
    with np.errstate(divide="ignore"):
        return LogRatios(
            np.log(np.hypot(start + along, across)) + log_scale,
            np.log(np.hypot(along, across)) + log_scale,
        )

"""How long are the activations of a deep ReLU network of your own widths?

M_d = ‖a_d‖²/n_d, He weights. Its mean is M_0 whatever the widths, but its logarithm lies around −(5/2) Σ 1/n:
the mean is carried by rare networks. Exact distribution, and networks of which half are short.
"""

import numpy as np

from deepinit.dense import log_length_law, sample_lengths

WIDTHS, NETWORKS = [30, 10] * 10, 4000


def run(seed: int = 0) -> dict[float, tuple[float, float]]:
    """Print and return, for some values y, P(log M_d ≤ y): exact, and the share of the sample."""
    exact = log_length_law(WIDTHS)
    logs = sample_lengths(WIDTHS, NETWORKS, seed).numpy()["log_length"][:, -1]
    print(
        f"Σ 1/n = {np.sum(1 / np.array(WIDTHS)):.2f}; median of M_d: {np.exp(np.median(logs)):.3f}"
    )
    found = {}
    for y in (-6.0, -4.0, -2.0, 0.0):
        found[y] = float(exact.cdf(y)), float((logs <= y).mean())
        print(f"P(log M_d ≤ {y:4.1f}) = {found[y][0]:.4f} exactly, {found[y][1]:.4f} of {NETWORKS}")
    return found


if __name__ == "__main__":
    run()

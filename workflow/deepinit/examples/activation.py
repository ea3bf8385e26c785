"""Do inputs become indistinguishable in a deep network with an activation of your own?

c_l is the share of the squared sample mean in the mean square of layer l: at 1 all inputs give the same.
In the limit of infinite width c_{l+1} = C(c_l). Here ELU, against networks of 500 units.
"""

import numpy as np
import torch

from deepinit.meanfield import activation_gain, correlations, sample_statistics

WIDTH, DEPTH, INPUTS, NETWORKS = 500, 10, 20, 30


def elu(z: np.ndarray) -> np.ndarray:
    """Return z above zero and e^z − 1 below."""
    return np.where(z > 0, z, np.expm1(np.minimum(z, 0)))


def run(seed: int = 0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Print and return c_0 … c_DEPTH: of infinite width, the mean over networks, and its error."""
    exact = correlations(elu, DEPTH)
    step, gain = torch.nn.functional.elu, activation_gain(elu)
    m2, v2 = sample_statistics(WIDTH, DEPTH + 1, INPUTS, NETWORKS, seed, step=step, gain=gain)
    share = (m2 / (m2 + v2)).numpy()
    mean, error = share.mean(axis=0), share.std(axis=0, ddof=1) / np.sqrt(NETWORKS)
    for layer in range(0, DEPTH + 1, 2):
        print(
            f"c_{layer} = {exact[layer]:.4f}; width {WIDTH}: {mean[layer]:.4f} ± {error[layer]:.4f}"
        )
    return exact, mean, error


if __name__ == "__main__":
    run()

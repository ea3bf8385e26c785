"""What do weights do that are correlated over depth?

Each weight is fractional Gaussian noise in the layer index, of Hurst index H. Iid weights are H = ½; for
H > ½ neighbouring layers push the same way, and the β at which a network neither explodes nor stands
still is H.
"""

from deepinit.noise import fractional_noise, noise_covariance
from deepinit.resnet import critical_beta, fractional_weights

DEPTH, WIDTH, PATHS, DRAWS = 200, 16, 20_000, 40


def run(seed: int = 0) -> dict[float, tuple[float, float, float, float]]:
    """Print and return, by H, the correlation of neighbouring layers, its exact value, and changes.

    The changes are the mean of log10 ‖h_L − h_0‖/‖h_0‖ at β a quarter below and above the critical one.
    """
    found = {}
    for hurst in (0.3, 0.5, 0.8):
        noise = fractional_noise(hurst, DEPTH, PATHS, seed).double()
        lag_one = float((noise[:-1] * noise[1:]).mean())
        exact, critical = float(noise_covariance(hurst, 2)[1]), critical_beta(hurst)
        betas = (critical - 0.25, critical + 0.25)
        ratios = fractional_weights(DEPTH, WIDTH, hurst, betas, DRAWS, 1, seed, inputs="gaussian")
        below, above = ratios.log10()["log10_output_change"].mean(axis=(0, 2))
        found[hurst] = lag_one, exact, float(below), float(above)
        print(f"H = {hurst}: correlation of neighbours {lag_one:.4f} (exact {exact:.4f})")
        print(
            f"    log10 change {below:.2f} at β = {betas[0]:.2f}, {above:.2f} at β = {betas[1]:.2f}"
        )
    return found


if __name__ == "__main__":
    run()

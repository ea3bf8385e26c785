"""How much does a residual network change between its first and its last layer?

h ← h + L^{−β} V ReLU(W h) with Gaussian weights: at β = ½ both log ‖h_L‖/‖h_0‖ and log ‖p_0‖/‖p_L‖ are
normal in the limit, N(1/4 − 1/(2d), 1/(2d)); above ½ nothing changes, below ½ everything does.
"""

import numpy as np

from deepinit.resnet import log_normal_limit, mean_squared_change_bounds, sample_ratios

DEPTH, WIDTH, NETWORKS = 300, 40, 1000


def run(seed: int = 0) -> dict[str, dict[float, float]]:
    """Print and return, by β, mean and deviation of log ‖h_L‖/‖h_0‖ and the median change."""
    found: dict[str, dict[float, float]] = {"mean": {}, "deviation": {}, "change": {}}
    for beta in (0.25, 0.5, 1.0):
        ratios = sample_ratios(depth=DEPTH, width=WIDTH, beta=beta, networks=NETWORKS, seed=seed)
        logs = ratios.numpy()
        found["mean"][beta] = float(logs["log_output_norm"].mean())
        found["deviation"][beta] = float(logs["log_output_norm"].std(ddof=1))
        found["change"][beta] = float(np.exp(np.median(logs["log_output_change"])))
        expected = mean_squared_change_bounds(DEPTH, beta)[0] ** 0.5
        print(
            f"β = {beta}: log ‖h_L‖/‖h_0‖ = {found['mean'][beta]:.3f} ± {found['deviation'][beta]:.3f}, "
            f"median change {found['change'][beta]:.3g} (root mean square, exact: {expected:.3g})"
        )
    limit = log_normal_limit(WIDTH)
    print(f"L → ∞ at β = ½: log ‖h_L‖/‖h_0‖ = {limit.mean:.3f} ± {limit.deviation:.3f}")
    return found


if __name__ == "__main__":
    run()

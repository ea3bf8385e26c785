"""Measurements on the weight inside the activation (Marion et al. 2025, Figure 11)."""

import numpy as np

from claims.data import PaperData
from deepinit.resnet.single_weight_theory import log_mean_squared_change
from deepinit.stats.intervals import mean_interval
from study.verdicts import LEVEL, Measurement


def growth_against_drift(data: PaperData) -> Measurement:
    """Mean of log ‖h_L‖/‖h_0‖ of Figure 11 with ReLU inside, against the limit of infinite width.

    The limit holds up to a relative O(1/d); 1/d is allowed for.
    """
    settings = data.settings["fig11"]
    logs = np.log(10) * data.rows("fig11", sampler="reduced")["log10_output_norm"]
    change = log_mean_squared_change(settings["depth"], settings["beta"], slope=0.0)
    return Measurement(
        mean_interval(logs, LEVEL),
        expected=float(np.logaddexp(0, change) / 2),
        allowance=1 / settings["width"],
    )

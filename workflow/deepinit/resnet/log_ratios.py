"""What every sampler of residual networks returns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from deepinit.results import Result

if TYPE_CHECKING:
    import numpy as np
    import torch
    from numpy.typing import NDArray

    Values = torch.Tensor | NDArray[np.float64]


@dataclass(frozen=True)
class LogRatios(Result):
    """Natural logarithms of the ratios of the paper's figures, float64, one per network.

    Networks that share weights have an axis for each of draws, β and inputs. A network in which no
    unit was ever active has not moved: its changes are −∞.

    Attributes:
        log_output_norm: log ‖h_L‖/‖h_0‖.
        log_output_change: log ‖h_L − h_0‖/‖h_0‖.
        log_gradient_norm: log ‖p_0‖/‖p_L‖; None from `residual_lengths`, which samples outputs alone.
        log_gradient_change: log ‖p_0 − p_L‖/‖p_L‖; None likewise.
    """

    log_output_norm: Values
    log_output_change: Values
    log_gradient_norm: Values | None = None
    log_gradient_change: Values | None = None

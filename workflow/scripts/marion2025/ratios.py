"""What the tables of this paper have in common: columns of decimal logarithms."""

import numpy as np
from numpy.typing import NDArray

from deepinit.resnet.ratios import LogRatios


def log10_columns(ratios: LogRatios) -> dict[str, NDArray[np.float64]]:
    """Return column name ↦ decimal logarithm, flattened, for the ratios that were computed.

    log10_output_norm is log10 ‖h_L‖/‖h_0‖, log10_output_change is log10 ‖h_L − h_0‖/‖h_0‖;
    log10_gradient_norm and log10_gradient_change are the same for p_0 against p_L.
    """
    return {
        f"log10_{name}": getattr(ratios, name).cpu().numpy().ravel() / np.log(10)
        for name in ("output_norm", "output_change", "gradient_norm", "gradient_change")
        if getattr(ratios, name) is not None
    }

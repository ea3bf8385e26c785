"""Our heat maps beside theory: the critical line, first order in α² (Marion et al. 2025, Figure 7)."""

import numpy as np
import pandas as pd

from deepinit.noise.fractional_theory import generated_covariance, noise_covariance
from deepinit.resnet.fractional_weights_theory import first_order_contour, first_order_sums
from deepinit.resnet.ratios_theory import scaling_factor
from deepinit.stats.intervals import mean_interval, sum_interval
from papers.marion2025.fig7.maps import comparable, contour_of, rows_of
from papers.marion2025.heat_maps import contours_by_draw
from study.figure_data import FigureData
from study.verdicts import LEVEL, Measurement, NotTested


def shift_of_released_noise(data: FigureData, lowest: float) -> Measurement:
    """Contour with the released noise minus that with the exact one, mean over H ≥ `lowest`.

    What theory to first order in α² gives stands beside it, as a guide and no test.
    """
    s = data.settings["fig7"]
    exact, released = (contour_of(data, "output", name) for name in ("exact", "released"))
    released = released[released.index >= lowest]
    if released.empty:
        raise NotTested(f"needs the map of the released noise at H ≥ {lowest}")
    exact = exact.loc[released.index]
    variances = pd.concat([released["std"], exact["std"]]) ** 2 / s["draws"] / len(released) ** 2

    def theory(generator: str) -> float:
        covariances = (generated_covariance(h, s["depth"], generator) for h in released.index)
        return float(np.mean([first_order_contour(c, s["width"])[0] for c in covariances]))

    return Measurement(
        sum_interval(
            released["mean"].mean() - exact["mean"].mean(), variances, s["draws"] - 1, LEVEL
        ),
        note=f"{len(released)} values of H; theory to first order in α²: "
        f"{theory('released') - theory('exact'):.3f}",
    )


def first_order_mean_square(data: FigureData, column: str) -> Measurement:
    """Mean squared change over its value to first order in α², exact noise, at the greatest β of the map.

    All H at which that value is below 0.01; inputs share a draw's weights, so each draw is one
    replicate. What is left out is about as large, relative, as the value itself.
    """
    frame, s = rows_of(data, "exact"), data.settings["fig7"]
    beta = frame["beta"].max()
    alpha, expected = scaling_factor(s["depth"], beta), {}
    for hurst in frame["hurst"].unique():
        sums = first_order_sums(noise_covariance(hurst, s["depth"]), s["width"])
        expected[hurst] = alpha**2 * sums[column == "gradient"]
    frame = frame[(frame["beta"] == beta) & (frame["hurst"].map(expected) < 0.01)]
    squares = 10 ** (2 * frame[f"log10_{column}_change"]) / frame["hurst"].map(expected)
    draws = squares.groupby([frame["hurst"], frame["draw"]]).mean()
    if len(draws) < 40:
        raise NotTested("needs forty weight draws over all H")
    used = frame["hurst"].unique()
    return Measurement(
        mean_interval(draws, LEVEL),
        expected=1.0,
        allowance=max(expected[hurst] for hurst in used),
        note=f"β = {beta:g}, {len(used)} values of H, {len(draws)} draws",
    )


def gradient_contour(data: FigureData, lowest: float, highest: float) -> Measurement:
    """Mean over H of the zero contour of gradients minus that of outputs, against theory.

    Draw by draw; theory to first order in α² at this depth and width.
    """
    frame, s = comparable(data, "exact"), data.settings["fig7"]
    difference = contours_by_draw(frame, "gradient") - contours_by_draw(frame, "output")
    chosen = difference.loc[lowest:highest]
    covariances = (noise_covariance(hurst, s["depth"]) for hurst in chosen.index)
    theory = np.array([first_order_contour(each, s["width"]) for each in covariances])
    expected = float((theory[:, 1] - theory[:, 0]).mean())
    return Measurement(mean_interval(chosen.mean(), LEVEL), expected=expected)


def contour_slope(data: FigureData, lowest: float, highest: float) -> Measurement:
    """Slope in H of the straight line nearest to the zero contour of outputs.

    Weights of different H and of different draws are independent: the spread of draws at each H tells how
    certain the slope is, and a contour that is curved makes it no less so.
    """
    rows = contour_of(data, "output").loc[lowest:highest]
    if len(rows) < 2:
        raise NotTested("needs two values of H or more")
    centred = rows.index.to_numpy() - rows.index.to_numpy().mean()
    weights, draws = centred / (centred**2).sum(), data.settings["fig7"]["draws"]
    variances = (weights * rows["std"]) ** 2 / draws
    return Measurement(sum_interval(weights @ rows["mean"], variances, draws - 1, LEVEL))

"""Figure 9 draws maps of any grid side by side: what a preset computes, the published one, a recorded one."""

import numpy as np
import pandas as pd
import pytest
from matplotlib import pyplot as plt
from mutations import published

from papers.marion2025.fig9.present import figure
from study.figure_data import FigureData
from study.recorded import Recorded

PUBLISHED = published("marion2025", "fig9")
SETTINGS = {
    "depth": 1000, "width": 30, "learning_rates": [0.01], "epochs": 4, "batch_size": 128,
    "validation_images": 2500,
}  # fmt: skip


def accuracies(data: str, every: int) -> pd.DataFrame:
    """Return a table with the published accuracies of MNIST at every so many values of H and β."""
    frame = PUBLISHED["mnist"].melt("beta", var_name="hurst", value_name="test_accuracy")
    frame = frame.astype({"hurst": float})
    for name in ("hurst", "beta"):
        frame = frame[frame[name].isin(np.sort(frame[name].unique())[::every])]
    return frame.assign(
        data=data, learning_rate=0.01, epoch=4, validation_accuracy=frame["test_accuracy"],
        diverged=False, test_images=2000,
    )  # fmt: skip


def numbers(table: pd.DataFrame, **given: object) -> list[list[str]]:
    """Return what stands in the cells of each map of the page."""
    lengths = pd.DataFrame(
        {
            "generator": "exact",
            "beta": [0.2, 0.8, 0.2, 0.8],
            "hurst": [0.1, 0.1, 0.9, 0.9],
            "log10_output_change": [1.0, -1.0, 1.0, -1.0],
        }
    )
    data = FigureData("fig9", {"fig7": lengths, "fig9": table}, {"fig9": SETTINGS}, PUBLISHED)
    page = figure.given(**given).of(data, "laptop").page()
    found = [[text.get_text() for text in axis.texts] for axis in page.axes]
    plt.close(page)
    return [texts for texts in found if texts]


def recorded(table: pd.DataFrame) -> Recorded:
    """Return a table as one of the paper's scale."""
    return Recorded(FigureData("fig9", {"fig9": table}, {"fig9": SETTINGS}, {}), "paper", "GPU")


def test_a_coarse_map_is_beside_the_published_one_and_a_recorded_one_between_them():
    coarse, fine = accuracies("mnist_subset", 3), accuracies("mnist", 1)
    assert [len(cells) for cells in numbers(coarse)] == [100, 16]
    assert [len(cells) for cells in numbers(coarse, recorded=recorded(fine))] == [100, 100, 16]
    # Where the paper's data set is computed, what was recorded of it says nothing more.
    assert [len(cells) for cells in numbers(fine, recorded=recorded(fine))] == [100, 100]


@pytest.mark.parametrize("every", [1, 3])
def test_cells_have_per_cent_and_a_cross_where_all_networks_diverged(every: int):
    table = accuracies("mnist_subset", every)
    lost = (table["hurst"] == 0.9) & (table["beta"] == 0.1)
    table.loc[lost, ["test_accuracy", "validation_accuracy"]] = np.nan
    table["diverged"] = lost
    theirs, ours = numbers(table)
    assert ours.count("×") == 1 and "×" not in theirs
    assert sorted(set(ours) - {"×"}, key=int)[-1] == sorted(set(theirs), key=int)[-1] == "98"

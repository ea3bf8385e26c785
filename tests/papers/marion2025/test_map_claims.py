"""Verdicts on Figure 7: what noise its means are credited with, and that every row can fail."""

import mutations
import numpy as np
import pandas as pd
import pytest
from scipy import stats

from papers.marion2025.fig7 import measures
from papers.marion2025.fig7.maps import PUBLISHED as STEMS
from papers.marion2025.heat_maps import published_map
from study.figure_data import FigureData
from study.verdicts import NOT_AS_CAPTIONED, NOT_REPRODUCED, NOT_TESTED, REPRODUCED, NotTested

DRAWS = 5
PUBLISHED = mutations.published("marion2025", "fig7")
PANELS = [f"{panel}{name}" for panel in ("", "gradient-") for name in (
    "contour-below-0.7", "contour-rows-below-0.7", "map-below-0.7", "contour-edge-released",
    "map-above-0.85-released", "clipped-cells",
)]  # fmt: skip


def tables(
    shift: float = 0.0,
    at: float | None = None,
    top: float = -0.184,
    filled: float = 0.0,
    even: bool = False,
) -> FigureData:
    """Return a table of five draws a row that has the published values, but for what is asked.

    Args:
        shift: added to the β that the published rows are taken to have, at `at` or at every H.
        top: change of log10 from 61/49 to 64/49.
        filled: added to the clipped cells at H = 0.05 and H = 0.97.
        even: rows are of 56 values of β from 0.2 to 1.3.
    """
    generator = np.random.default_rng(3)
    betas = np.linspace(0.2, 1.3, 56) if even else np.round(np.arange(9, 65) / 49, 10)
    grids = {}
    for column, stem in STEMS.items():
        grid = published_map(PUBLISHED[stem])
        grid = grid.where(grid.abs() < 0.99, 3 * np.sign(grid))
        for hurst in (0.05, 0.97):
            grid[hurst] += filled * (grid[hurst].abs() == 3)
        if column == "output":
            printed = PUBLISHED["a_notebook"]
            grid.loc[grid.index[-1], printed["hurst"]] = printed["log10_output_ratio"].to_numpy()
        for hurst in grid if at is None else [at]:
            grid[hurst] = np.interp(grid.index - shift, grid.index, grid[hurst])
        last = grid.iloc[-1]
        grids[column] = np.vstack([grid, *(last + top * share / 3 for share in (1, 2, 3))])
    hursts = grid.columns.to_numpy()
    frames = []
    for name, first in (("exact", 0.0), ("released", 0.6)):
        draw, beta, hurst = np.indices((DRAWS, len(betas), len(hursts))).reshape(3, -1)
        noise = 0.03 * generator.standard_normal((DRAWS, 1, len(hursts)))
        noise = noise + 0.001 * generator.standard_normal((DRAWS, len(betas), len(hursts)))
        place = {"generator": name, "beta": betas[beta], "hurst": hursts[hurst], "draw": draw}
        values = {f"log10_{key}_change": (grids[key] + noise).ravel() for key in grids}
        frame = pd.DataFrame({**place, **values})
        frames.append(frame[frame["hurst"] >= first])
    return mutations.of_one_table("fig7", pd.concat(frames), PUBLISHED, depth=1000, draws=DRAWS)


def verdict(name: str, **other: float) -> str:
    """Return the verdict on one claim."""
    return mutations.verdict("marion2025", "fig7", name, tables, **other)


@pytest.mark.parametrize("name", [*PANELS, "notebook-means", "notebook-means-released"])
def test_a_map_like_the_published_one_agrees_and_one_moved_by_three_cells_does_not(name: str):
    assert verdict(name) in mutations.GREEN
    if "clipped" not in name:
        assert verdict(name, shift=0.06) == NOT_REPRODUCED


@pytest.mark.parametrize("panel", ["", "gradient-"])
def test_a_difference_at_one_hurst_index_is_found_where_the_mean_over_all_hides_it(panel: str):
    assert verdict(f"{panel}contour-below-0.7", shift=0.06, at=0.326) == REPRODUCED
    assert verdict(f"{panel}contour-rows-below-0.7", shift=0.06, at=0.326) == NOT_REPRODUCED


@pytest.mark.parametrize("panel", ["", "gradient-"])
@pytest.mark.parametrize("filled", [-2.5, 2.5])
def test_a_clipped_cell_whose_ratio_is_inside_the_scale_is_found(panel: str, filled: float):
    assert verdict(f"{panel}clipped-cells", filled=filled) == NOT_REPRODUCED


def test_rows_of_another_grid_do_not_meet_the_labels():
    assert verdict("row-labels") == REPRODUCED
    assert verdict("row-labels", even=True) == NOT_REPRODUCED
    assert verdict("contour-below-0.7", even=True) == NOT_TESTED


@pytest.mark.parametrize("moved", [1, 51])
def test_rows_of_an_unpublished_hurst_index_are_compared_with_nothing(moved: int):
    data = tables()
    frame = data.tables["fig7"]
    others = np.sort(frame["hurst"].unique())[:moved]
    frame = frame.assign(hurst=frame["hurst"] + 0.005 * frame["hurst"].isin(others))
    with pytest.raises(NotTested, match="published"):
        measures.largest_contour_difference(
            FigureData("fig7", {"fig7": frame}, data.settings, PUBLISHED), highest=0.7
        )


def test_the_rows_at_the_top_are_copies_only_if_ours_differ():
    assert verdict("top-rows") == NOT_AS_CAPTIONED
    assert verdict("top-rows", top=0.0) == REPRODUCED


def test_the_mean_of_noisy_rows_is_credited_with_their_own_noise():
    """Fifty-one rows, the last seven with noise 1.6 times that of the others, 1000 maps.

    Both maps have five draws a row, and the published one is read with an error as well. With the mean
    noise of all rows one mean in fourteen would lie beyond its 99 % limits, in place of one in a hundred:
    71 ± 8 maps in place of 10 ± 3.
    """
    generator = np.random.default_rng(7)
    hursts = np.linspace(0.05, 0.97, 51)
    size = np.where(hursts > 0.85, 1.6, 1.0)
    beyond = dict.fromkeys((0.1, 0.01), 0)
    for _ in range(1000):
        ours, theirs = size[:, None] * generator.standard_normal((2, 51, DRAWS))
        read = 0.3 * size * generator.standard_normal(51)
        difference = pd.Series(ours.mean(axis=1) - theirs.mean(axis=1) + read, index=hursts)
        spread = pd.Series(ours.std(axis=1, ddof=1), index=hursts)
        for level in beyond:
            found = measures.mean_within(difference, spread, 0.85, 1.0, DRAWS, 1 - level)
            beyond[level] += not found.low <= 0 <= found.high
    for level, count in beyond.items():
        assert stats.binomtest(count, 1000, level).pvalue > 1e-4

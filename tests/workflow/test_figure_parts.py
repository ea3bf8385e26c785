"""Pieces that figures share."""

from itertools import islice
from types import SimpleNamespace

import pandas as pd
import pytest
from matplotlib import pyplot as plt
from matplotlib.figure import Figure

from papers.hanin2018.looks import looks_of_laws, looks_of_scales
from papers.hanin2018.start_panels import Panel, panels_by_biases, panels_of_starts
from study.figure_data import FigureData
from study.recorded import Recorded
from study.style import count_axis, footnote, legend_above, letters, log_ticks


@pytest.mark.parametrize(
    ("depths", "shown"),
    [
        ([10, 27, 1000], ["10", "100", "1000"]),
        ([10, 46], ["10", "46"]),
        ([20, 40, 80], ["20", "80"]),
        ([3], ["3"]),
    ],
)
def test_an_axis_of_depths_has_whole_numbers_and_two_of_them_where_there_are_two(
    depths: list[int], shown: list[str]
):
    figure, axis = plt.subplots()
    axis.plot(depths, depths)
    count_axis(axis, depths, "depth L")
    figure.draw_without_rendering()
    assert [label.get_text() for label in axis.get_xticklabels()] == shown
    assert not any(label.get_text() for label in axis.get_xticklabels(minor=True))
    plt.close(figure)


def test_a_legend_above_explains_each_line_once_and_covers_no_panel():
    figure, axes = plt.subplots(1, 2, layout="constrained")
    for axis in axes:
        axis.plot([0, 1], [0, 1], label="same")
    axes[1].plot([0, 1], [1, 0], label="other")
    legend_above(figure, axes, columns=2)
    figure.draw_without_rendering()
    (legend,) = figure.legends
    assert [text.get_text() for text in legend.get_texts()] == ["same", "other"]
    assert all(legend.get_window_extent().y0 > axis.get_window_extent().y1 for axis in axes)
    plt.close(figure)


@pytest.mark.parametrize("words", [1, 20, 33, 40, 70])
def test_small_print_is_kept_whole_on_the_page_in_lines_of_like_length(words: int):
    figure = plt.figure(figsize=(6.8, 2), layout="constrained")
    footnote(figure, "smoke", "words " * words)
    figure.draw_without_rendering()
    printed = figure.get_supxlabel()
    lines = printed.splitlines()
    assert printed.split() == ["deepinit,", "preset", "smoke:", *["words"] * words]
    assert min(map(len, lines)) > 0.8 * max(map(len, lines))
    (label,) = [text for text in figure.texts if text.get_text() == printed]
    assert label.get_window_extent().x0 >= 0
    plt.close(figure)


@pytest.mark.parametrize(("low", "high"), [(0.02, 0.5), (1.5, 30), (0.001, 0.08)])
def test_a_logarithmic_axis_of_less_than_two_decades_has_four_numbers_or_more(low, high):
    figure, axis = plt.subplots()
    axis.plot([0, 1], [low, high])
    axis.set_yscale("log")
    log_ticks(axis.yaxis)
    figure.draw_without_rendering()
    shown = [float(label.get_text()) for label in axis.get_yticklabels() if label.get_text()]
    assert sum(low <= number <= high for number in shown) >= 4
    plt.close(figure)


def test_panels_have_letters_of_their_own_after_z_too():
    assert list(islice(letters(), 25, 28)) == ["z", "aa", "ab"]


def test_symbols_that_are_drawn_side_by_side_leave_an_axis_its_range():
    places = [(base, modules, run) for base in (1.0, 0.5) for modules in (1, 100) for run in (0, 1)]
    runs = pd.DataFrame(places, columns=["base", "modules", "run"])
    runs = runs.assign(epochs=runs["run"] + 1.0, status="reached")
    looks = looks_of_scales([1.0, 0.5])
    page, (axis,) = panels_of_starts([Panel("", runs, "modules", 100)], "base", looks)
    count_axis(axis, [1, 100], "modules")
    page.draw_without_rendering()
    low, high = axis.get_xlim()
    assert 0.5 < low < 1 and 100 < high < 200
    plt.close(page)


TRAINING = {"max_epochs": 30, "target_accuracy": 0.2, "biases": ["trained"], "runs": 2}
TRAINING |= {"runs_apart": 2, "batch_size": 171, "learning_rate": 0.01}


def starts(laws: list[str], depths: list[int]) -> pd.DataFrame:
    """Return two runs at each depth for each initialisation, biases trained."""
    places = [(law, depth, run) for law in laws for depth in depths for run in (0, 1)]
    runs = pd.DataFrame(places, columns=["law", "depth", "run"])
    return runs.assign(biases="trained", epochs=runs["run"] + 2.0, status="reached")


def panels_by_law(
    runs: pd.DataFrame,
    s: SimpleNamespace,
    laws: list[str],
    recorded: Recorded | None = None,
    **more,
) -> Figure:
    return panels_by_biases(
        runs, s, "laptop", recorded, letter="b", curve="law", looks=looks_of_laws(laws), column="depth",
        label="depth", **more,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("laws", "data", "titles"),
    [
        (["he_normal", "he_uniform"], "mnist_subset", 2),
        # None of them is on record, or nothing says more than the figure itself.
        (["pytorch_default"], "mnist_subset", 1),
        (["he_normal"], "mnist", 1),
    ],
)
def test_what_is_recorded_of_the_curves_drawn_has_a_panel_with_its_own_depths(laws, data, titles):
    s = SimpleNamespace(**TRAINING, data=data)
    scale = {"fig1b": TRAINING | {"data": "mnist", "max_epochs": 100}}
    table = {"fig1b": starts(["he_normal", "twice_he_normal"], [10, 100])}
    recorded = Recorded(FigureData("fig1b", table, scale, {}), "paper", "GPU; 2026")
    page = panels_by_law(starts(laws, [5, 20]), s, laws, recorded)
    assert [axis.get_xticks().tolist() for axis in page.axes] == [[5, 20], [10, 100]][:titles]
    assert ("GPU; 2026" in page.get_supxlabel().replace("\n", " ")) == (titles == 2)
    plt.close(page)


def test_there_is_no_panel_without_runs():
    """Added patterns, or initialisations where none are named, have no runs without biases."""
    s = SimpleNamespace(**TRAINING | {"biases": ["trained", "none"], "data": "mnist"})
    page = panels_by_law(starts(["he_normal"], [5, 20]), s, ["he_normal"], thin=["he_normal"])
    (axis,) = page.axes
    assert len(axis.lines) > 0
    plt.close(page)


def test_a_panel_of_thin_curves_alone_is_drawn():
    runs = starts(["he_normal"], [5, 20])
    page, (axis,) = panels_of_starts(
        [Panel("", runs, "depth", 30)], "law", looks_of_laws(["he_normal"]), thin=["he_normal"]
    )
    low, high = axis.figure.axes[0].get_ylim()
    assert low < 2.5 < high
    plt.close(page)

"""Pieces that figures share."""

import pytest
from matplotlib import pyplot as plt

from study.style import count_axis, legend_above


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

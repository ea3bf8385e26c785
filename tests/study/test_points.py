"""From grid points to jobs: which points share one, and what a job is told."""

from typing import ClassVar

import numpy as np
import pytest

from study.blocks import blocks
from study.errors import UserError
from study.grids import Grid
from study.points import PointSettings, chosen, point_name, published


class Settings(PointSettings):
    shows = label = "a figure"
    chooses_points: ClassVar = ("hursts", "lowest")
    missing: ClassVar = {"length": "dead"}

    hursts: Grid = published(Grid(start=0.1, stop=0.5, count=5), "H")
    lowest: float = chosen(0.0, "H from which on")
    depth: int = published(10, "L")

    def grid_points(self):
        return [
            {"generator": name, "hurst": hurst}
            for name in ("exact", "released")
            for hurst in self.hursts.values()
            if hurst >= self.lowest
        ]


class InPairs(Settings):
    points_per_job = 2


def test_blocks_before_the_last_are_full_and_all_together_the_whole():
    assert list(blocks(7, 3)) == [(0, 3), (1, 3), (2, 1)]


def test_without_more_a_point_is_a_job():
    assert len(Settings().parts()) == 10


def test_neighbours_share_a_job_unless_another_key_than_the_last_differs():
    parts = InPairs().parts()
    assert [len(part["points"]) for part in parts.values()] == [2, 2, 1, 2, 2, 1]
    assert list(parts)[:2] == ["exact_hurst01000", "exact_hurst03000"]
    assert [point for part in parts.values() for point in part["points"]] == InPairs().grid_points()


def test_a_job_sees_all_settings_but_those_that_only_choose_points():
    (part, *_) = Settings().parts().values()
    assert part.keys() == {"points", "depth", "missing"}
    assert part["missing"] == {"length": "dead"}


def test_another_grid_leaves_the_jobs_of_points_that_were_there_as_they_were():
    before = Settings().parts()
    after = Settings(hursts=Grid(start=0.1, stop=0.6, count=6)).parts()
    assert before.items() <= after.items() and len(after) == 12


@pytest.mark.parametrize("points", [[{"depth": 10}] * 2, [{"depth": np.int64(10)}]])
def test_a_point_that_is_there_twice_or_is_no_text_or_number_is_refused(points: list):
    class Wrong(Settings):
        def grid_points(self):
            return points

    with pytest.raises(UserError, match="depth"):
        Wrong().parts()


def test_a_default_has_to_fit_its_type():
    with pytest.raises(ValueError, match="depth"):
        type(
            "Settings", (Settings,), {"__annotations__": {"depth": int}, "depth": chosen(1.5, "L")}
        )()


def test_a_job_may_be_named_by_the_settings():
    class ByGenerator(Settings):
        def job_of(self, point):
            return point["generator"]

    assert list(ByGenerator().parts()) == ["exact", "released"]


@pytest.mark.parametrize(
    ("point", "name"),
    [
        ({"hurst": 0.05}, "hurst00500"),
        ({"depth": 1000, "block": 2}, "depth01000_block00002"),
        ({"ending": "ReLU", "biased": True}, "relu_true"),
    ],
)
def test_names_of_jobs_are_lower_case_letters_and_digits(point, name):
    assert point_name(point) == name


def test_fields_name_their_source():
    descriptions = {name: field.description for name, field in Settings.model_fields.items()}
    assert descriptions["hursts"] == "H; published"
    assert descriptions["lowest"] == "H from which on; chosen"


@pytest.mark.parametrize("wrong", ["device", "points"])
def test_a_key_is_not_called_as_what_a_specification_has_itself(wrong: str):
    with pytest.raises(TypeError, match=wrong):
        type("Settings", (PointSettings,), {"__annotations__": {wrong: int}, wrong: 1})


def test_a_name_among_those_that_choose_points_is_a_key():
    with pytest.raises(TypeError, match="hurst"):
        type("Settings", (Settings,), {"chooses_points": ("hurst",)})

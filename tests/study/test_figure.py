"""The engine around the function of one grid point."""

import io
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from deepinit.seeds import seed_sequence
from study.errors import UserError
from study.figure import Figure
from study.job import Job
from study.tables import read_table

POINTS = [{"depth": 10, "block": 0}, {"depth": 20, "block": 0}]


def job(folder: Path, points: list[dict], **settings: object) -> Job:
    """Return a job with a log in memory."""
    spec = {"paper": "p", "figure": "f", "root_seed": 1, "device": "cpu", "points": points}
    return Job(
        "scripts/gather.py",
        {**spec, "missing": {}, **settings},
        {},
        [folder / "t.parquet"],
        io.StringIO(),
    )


def test_the_keys_of_a_point_are_the_first_columns_and_rows_follow_the_points(tmp_path):
    figure = Figure()

    @figure.point()
    def compute(s, depth, block):
        return {"ratio": depth * s.factor + np.arange(2.0), "network": [0, 1]}

    figure.run(job(tmp_path, POINTS, factor=3))
    table = read_table(tmp_path / "t.parquet")
    assert list(table) == ["depth", "block", "ratio", "network"]
    assert table["ratio"].tolist() == [30, 31, 60, 61]


def test_a_column_of_the_function_takes_the_place_of_the_points_and_an_index_leaves_keys_out(
    tmp_path,
):
    figure = Figure()

    @figure.point(index=("depth",))
    def compute(depth, block):
        return pd.DataFrame({"value": [1.0], "depth": [depth + 1]})

    figure.run(job(tmp_path, POINTS))
    table = read_table(tmp_path / "t.parquet")
    assert list(table) == ["value", "depth"] and table["depth"].tolist() == [11, 21]


def test_streams_have_the_declared_address_within_paper_and_figure(tmp_path):
    figure, drawn = Figure(), []

    @figure.point(address=lambda s, depth, block: [{"depth": depth, "width": s.width}, block])
    def compute(stream, seeds, depth):
        drawn.append(seeds.generate_state(2).tolist())
        return {"value": stream.numpy.random(1)}

    asked = job(tmp_path, POINTS, width=5)
    figure.run(asked)
    expected = seed_sequence(1, "p", "f", {"depth": 10, "width": 5}, 0)
    assert drawn[0] == expected.generate_state(2).tolist() != drawn[1]
    assert len(asked.streams) == 2
    assert figure.address(asked.spec, POINTS[1]) == [{"depth": 20, "width": 5}, 0]


def test_all_points_of_a_job_may_be_computed_at_once(tmp_path):
    figure = Figure()

    @figure.points
    def compute(points, streams, progress):
        progress(2, 2)
        values = [streams(point, "weights").numpy.random() for point in points]
        return pd.DataFrame(points).assign(value=values)

    figure.run(job(tmp_path, POINTS))
    assert len(read_table(tmp_path / "t.parquet")) == 2


def test_missing_values_are_accounted_for_by_the_settings(tmp_path):
    figure = Figure()

    @figure.point()
    def compute(depth):
        return {"length": [1.0, np.nan], "dead": [False, True]}

    with pytest.raises(UserError, match="length"):
        figure.run(job(tmp_path, POINTS))
    figure.run(job(tmp_path, POINTS, missing={"length": "dead"}))
    assert read_table(tmp_path / "t.parquet")["dead"].sum() == 2


def test_a_script_without_a_function_of_a_point_and_none_among_numbers_are_users_mistakes(tmp_path):
    figure = Figure()
    with pytest.raises(UserError, match=r"gather\.py"):
        figure.run(job(tmp_path, POINTS))

    @figure.point()
    def compute(depth):
        return {"reached": [None, None]}

    with pytest.raises(UserError, match=r"'reached'.*object"):
        figure.run(job(tmp_path, POINTS))


def test_a_parameter_of_no_meaning_is_named(tmp_path):
    figure = Figure()

    @figure.point()
    def compute(depth, steam):
        return {}

    with pytest.raises(UserError, match=r"'steam' to give; there are .* stream"):
        figure.run(job(tmp_path, POINTS))

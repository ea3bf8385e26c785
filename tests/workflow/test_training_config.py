"""The jobs that the configurations of trained networks make."""

import pytest

from study.load import load_config


def test_points_of_the_laptop_map_are_points_of_the_published_one():
    paper, ours = (load_config({"preset": name}).marion2025.fig9 for name in ("paper", "laptop"))
    assert set(ours.hursts.values()) <= set(paper.hursts.values())
    assert set(ours.betas.values()) <= set(paper.betas.values())


def test_initialisations_that_do_not_keep_the_length_stop_at_the_depth_that_says_so():
    points = load_config({"preset": "laptop"}).hanin2018.fig1b.grid_points()
    deepest = {
        (biases, law): max(
            point["depth"] for point in points if (point["biases"], point["law"]) == (biases, law)
        )
        for biases, law in {(point["biases"], point["law"]) for point in points}
    }
    assert deepest == {
        ("none", "he_normal"): 100, ("trained", "he_normal"): 100, ("trained", "he_uniform"): 100,
        ("trained", "he_normal_truncated"): 30, ("trained", "twice_he_normal"): 30,
        ("trained", "glorot_normal_truncated"): 30, ("trained", "xavier_uniform"): 30,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("figure", "key", "value", "jobs"),
    [
        ("fig1b", "runs", 3, {"depth0010", "depth0010_failing"}),
        ("fig1b", "runs_apart", 3, {"depth0010_none"}),
        ("fig3a", "runs", 3, {"constant_15"}),
        ("fig3a", "runs_apart", 3, {"constant_15_none"}),
        ("fig2a", "networks", 3, {"network"}),
        ("fig2a", "particles", 3, {"population", "reciprocal"}),
        ("fig2a", "reciprocal", [3], {"reciprocal"}),
    ],
)
def test_another_number_changes_the_jobs_that_use_it_and_no_other(figure, key, value, jobs):
    def parts(**values: object) -> dict:
        few = {"fig1b": {"depths": [10]}, "fig3a": {"patterns": ["constant_15"]}, "fig2a": {}}
        own = {"preset": "laptop", "hanin2018": {figure: few[figure] | values}}
        return getattr(load_config(own).hanin2018, figure).parts()

    before, after = parts(), parts(**{key: value})
    assert {name for name in after if after[name] != before[name]} == jobs

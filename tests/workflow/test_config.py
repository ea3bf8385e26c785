"""The typed configuration, the presets and the files made from it."""

from collections.abc import Iterator

import pytest
from project import SECTIONS
from pydantic import BaseModel

from commands import config as write_config
from study.config import Config
from study.errors import UserError
from study.load import load_config, preset_names
from study.points import PointSettings
from study.settings import FigureSection


def models(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    """Yield `model` and all models that its fields hold."""
    yield model
    for field in model.model_fields.values():
        for kind in (field.annotation, *getattr(field.annotation, "__args__", ())):
            if isinstance(kind, type) and issubclass(kind, BaseModel):
                yield from models(kind)


def test_the_laptop_preset_is_what_the_model_gives():
    text = write_config.LAPTOP.read_text(encoding="utf-8")
    assert text.splitlines() == write_config.laptop().splitlines(), "run `make config`"


@pytest.mark.parametrize("preset", preset_names())
def test_every_preset_is_valid_and_its_parts_have_distinct_names(preset: str):
    config = load_config({"preset": preset})
    assert config.preset == preset
    for sections in config.figures().values():
        for section in sections.values():
            specs = [str(spec) for spec in section.parts().values()]
            # A figure without parts draws the tables of others.
            assert (specs or section.reads) and len(set(specs)) == len(specs)


@pytest.mark.parametrize("preset", preset_names())
def test_every_grid_point_is_computed_by_one_job_and_none_gets_lost(preset: str):
    for figures in load_config({"preset": preset}).figures().values():
        for section in figures.values():
            if isinstance(section, PointSettings) and section.grid_points():
                computed = [p for part in section.parts().values() for p in part["points"]]
                assert sorted(map(str, computed)) == sorted(map(str, section.grid_points()))


@pytest.mark.parametrize(
    ("key", "field", "size"),
    [
        ("hanin2018_fig1a", "networks", "block"),
        ("marion2025_fig1", "networks", "block"),
        ("marion2025_fig2", "networks", "block"),
        ("marion2025_fig2", "explicit_networks", "explicit_block"),
    ],
)
def test_more_networks_add_blocks_and_leave_full_blocks_as_they_are(
    key: str, field: str, size: str
):
    section = SECTIONS[key]
    more = section.model_copy(update={field: getattr(section, field) + getattr(section, size)})
    assert section.parts().items() < more.parts().items()


def test_more_depths_add_parts_and_leave_the_others_as_they_are():
    for key in ("hanin2018_fig1a", "hanin2018_fig1b", "marion2025_fig1"):
        more = SECTIONS[key].model_copy(update={"depths": [3, *SECTIONS[key].depths]})
        assert SECTIONS[key].parts().items() < more.parts().items()


def test_what_is_given_replaces_only_the_keys_it_names_at_any_depth():
    smoke = load_config({"preset": "smoke"})
    changed = load_config({"preset": "smoke", "marion2025": {"fig7": {"betas": {"last": 20}}}})
    assert changed.marion2025.fig7.betas.last == 20
    assert changed.marion2025.fig7.betas.of == smoke.marion2025.fig7.betas.of
    assert changed.marion2025.fig7.draws == smoke.marion2025.fig7.draws
    assert changed.marion2025.fig1 == smoke.marion2025.fig1
    # A list is replaced as a whole.
    listed = load_config({"preset": "smoke", "marion2025": {"fig1": {"depths": [3]}}})
    assert listed.marion2025.fig1.depths == [3]


def test_a_preset_of_ones_own_starts_from_the_one_it_names():
    own = load_config({"preset": "mine", "base": "smoke", "root_seed": 5})
    assert own == load_config({"preset": "smoke", "root_seed": 5}).model_copy(
        update={"preset": "mine"}
    )


def test_without_a_word_the_laptop_preset_is_used_and_it_is_the_models_default():
    assert load_config({}) == Config()


def test_every_key_has_a_description_and_every_figure_a_line_for_the_menu():
    for model in models(Config):
        if issubclass(model, FigureSection):
            assert model.shows
        for name, field in model.model_fields.items():
            is_section = isinstance(field.annotation, type) and issubclass(
                field.annotation, BaseModel
            )
            assert field.description or is_section, f"{model.__name__}.{name}"


def test_the_configuration_in_force_can_be_given_again_whatever_the_presets_name() -> None:
    own = load_config({"preset": "mine", "base": "smoke", "root_seed": 7})
    # What scripts/write_settings.py writes beside the results.
    assert load_config({"base": "laptop", **own.model_dump(mode="json")}) == own


TWICE = [{"width": 30, "samples": n, "networks": 2, "block": 2} for n in (10, 20)]


@pytest.mark.parametrize(
    ("paper", "figure", "values", "key"),
    [
        ("marion2025", "fig9", {"betas": {"stop": 0.1}}, "betas"),
        ("marion2025", "fig7", {"betas": {"last": 1, "first": 2}}, "betas"),
        ("marion2025", "fig7", {"hursts": {"stop": 1}}, "hursts"),
        ("marion2025", "fig10", {"activations": ["tanh"]}, "activations"),
        ("marion2025", "fig4", {"increments_betas": [7]}, "increments_betas"),
        ("marion2025", "bounds", {"betas": [0.25]}, "betas"),
        ("marion2025", "fig8", {"lags": [2, 1]}, "lags"),
        ("marion2025", "fig8", {"depth": 100}, "lag"),
        ("marion2025", "fig9", {"validation_images": 10_000}, "mnist_subset"),
        ("hanin2018", "conv", {"kernel": 35, "side": 12}, "kernel"),
        ("luther2019", "finite_width", {"few": 101}, "few"),
        # What is listed twice: two parts would share a name.
        ("marion2025", "fig1", {"depths": [10, 20, 10]}, "depths"),
        ("marion2025", "fig9", {"data_sets": ["mnist", "mnist"]}, "data_sets"),
        ("marion2025", "fig15", {"cases": [{"law": "smooth", "beta": 1}] * 2}, "law"),
        ("luther2019", "finite_width", {"points": TWICE}, "points"),
    ],
)
def test_values_that_cannot_work_are_refused_and_named(paper, figure, values, key):
    with pytest.raises(UserError, match=rf"{paper}\.{figure}.*{key}"):
        load_config({"preset": "laptop", paper: {figure: values}})

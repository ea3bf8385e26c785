"""How to make a file again: the configuration and the commands."""

import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from origin.changes import Change, changes
from origin.git import split_commit
from origin.made_from import MadeFrom
from pipeline.expected import carried_preset, part_specs
from study.config import Config
from study.errors import UserError
from study.load import load_config, preset_names
from study.provenance import git


def has_figure(origin: MadeFrom) -> bool:
    """Return whether this checkout has the figure."""
    return origin.figure in load_config({}).figures().get(origin.paper, {})


def check_figure(origin: MadeFrom) -> None:
    """Check that this checkout has the figure.

    Raises:
        UserError: it has none of this name.
    """
    if not has_figure(origin):
        raise UserError(
            f"the file is {origin.key}, a figure that this checkout does not have ('make list'): "
            f"it was made at the commit {origin.provenance['commit']}, which may"
        )


def _of_all(origin: MadeFrom) -> dict[str, Any]:
    """Return root seed and device as they were configured, where they are known and one."""
    found = {"root_seed": origin.all_of("root_seed"), "device": origin.all_of("device_setting")}
    return {key: values[0] for key, values in found.items() if len(values) == 1}


def _same_parts(origin: MadeFrom, config: Config) -> bool:
    """Return whether a configuration has exactly the parts that a table or part was made from."""
    specs = part_specs(config, origin.paper, origin.figure)
    if origin.kind == "part":
        return origin.part_specs[origin.part] in specs.values()
    return origin.part_specs == specs


def settings_of(origin: MadeFrom) -> dict[str, dict[str, Any]] | None:
    """Return figure ↦ all its settings, for all figures whose tables the file has to do with.

    A table knows the specifications of its parts only: its settings are those of the carried preset
    that has the same parts; None if none has.
    """
    if origin.kind == "figure":
        return origin.settings
    names = [name for name in (origin.preset, *preset_names()) if name in preset_names()]
    for name in names:
        config = load_config({"preset": name, **_of_all(origin)})
        if origin.part_specs and _same_parts(origin, config):
            section = config.figures()[origin.paper][origin.figure]
            return {origin.figure: section.model_dump(mode="json")}
    return None


def nearest_preset(paper: str, settings: Mapping[str, Mapping[str, Any]]) -> str:
    """Return the carried preset whose settings of these figures differ in the fewest keys."""

    def distance(name: str) -> int:
        return len(changes_from(carried_preset(name), paper, settings))

    return min(preset_names(), key=distance)


def changes_from(
    config: Config, paper: str, settings: Mapping[str, Mapping[str, Any]]
) -> list[Change]:
    """Return how settings of figures of a paper differ from those of `config`."""
    sections = config.figures()[paper]
    ours = {
        figure: sections[figure].model_dump(mode="json") if figure in sections else {}
        for figure in settings
    }
    return changes(ours, settings)


def configuration(origin: MadeFrom) -> dict[str, Any]:
    """Return the content of a configuration file with which the file is made again.

    The settings of its figures stand in it whole, so that it holds whatever becomes of the
    presets; those of other figures are those of the nearest preset.

    Raises:
        UserError: the file does not know its settings.
    """
    check_figure(origin)
    settings = settings_of(origin)
    if settings is None:
        raise UserError(
            "a table knows the specifications of its parts (--json prints them) and not the "
            "settings of its figure, and no preset that is carried here has such parts: ask for the "
            "figure itself, the PDF or PNG, or for the config.yaml of its results"
        )
    settings = {figure: values for figure, values in settings.items() if values}
    nearest = nearest_preset(origin.paper, settings)
    name = origin.preset or nearest
    start = {"preset": name} if name in preset_names() else {"preset": name, "base": nearest}
    return {**start, **_of_all(origin), origin.paper: settings}


def needs_configuration(origin: MadeFrom) -> bool:
    """Return whether the file's settings are not just those of a preset as it is carried here."""
    carried = carried_preset(origin.preset)
    settings = settings_of(origin)
    if carried is None or settings is None:
        return True
    ours = {"root_seed": carried.root_seed, "device": carried.device}
    same = all(ours[key] == value for key, value in _of_all(origin).items())
    return not same or bool(changes_from(carried, origin.paper, settings))


def commands(origin: MadeFrom, file: Path) -> list[str]:
    """Return the commands that make the file again, to be run in the project's folder.

    For a figure that this checkout does not have, those after which its own commit tells.

    Raises:
        UserError: the file does not know its settings.
    """
    commit, _ = split_commit(str(origin.provenance["commit"]))
    checkout = [f"git checkout {commit}"] if commit and commit != git("rev-parse", "HEAD") else []
    shown = f"python workflow/show_provenance.py {shlex.quote(str(file))}"
    if not has_figure(origin):
        return [*checkout, shown]
    if origin.kind == "part":
        return [*checkout, str(origin.provenance["command"])]
    if not needs_configuration(origin):
        return [*checkout, f"make {origin.key} PRESET={origin.preset}"]
    configuration(origin)
    return [f"{shown} --config > again.yaml", *checkout, f"make {origin.key} CONFIG=again.yaml"]

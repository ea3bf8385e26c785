"""From YAML files and the command line to a checked configuration, with readable errors."""

import difflib
import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from study.code_hash import WORKFLOW
from study.config import Config
from study.errors import UserError
from study.folders import check_figures
from study.strict_yaml import read_yaml

PRESETS = WORKFLOW / "config"


def preset_names() -> list[str]:
    """Return the names of the presets that the project carries."""
    return sorted(path.stem for path in PRESETS.glob("*.yaml"))


def _merge(base: Mapping[str, Any], change: Mapping[str, Any]) -> dict[str, Any]:
    """Return `base` with `change` laid over it: mappings are merged, all else is replaced."""
    merged = dict(base)
    for key, value in change.items():
        below = merged.get(key)
        both = isinstance(value, Mapping) and isinstance(below, Mapping)
        merged[key] = _merge(below, value) if both else value
    return merged


def _no_preset(name: str, is_base: bool) -> UserError:
    close = difflib.get_close_matches(name, preset_names(), n=1)
    hint = f"did you mean '{close[0]}'?" if close else f"choose one of {', '.join(preset_names())}"
    if is_base:
        return UserError(f"base: there is no preset '{name}' to start from; {hint}")
    return UserError(
        f"there is no preset '{name}'; {hint}\nA preset of your own is a file that names the one it starts "
        "from in a line such as `base: laptop`; give it to make as CONFIG=mine.yaml, to snakemake as "
        "--configfile mine.yaml"
    )


def read_own(path: str) -> dict[str, Any]:
    """Return the content of a configuration file of the user's own.

    Raises:
        UserError: there is no such file, it cannot be read, or it names no preset.
    """
    given = read_yaml(Path(path))
    check_preset(given if isinstance(given, dict) else {}, [path])
    return given


def check_preset(given: Mapping[str, Any], files: Sequence[Path | str]) -> None:
    """Check that a configuration with files of the user's own names its preset.

    Raises:
        UserError: it does not; its results would lie among those of the default preset.
    """
    if files and not given.get("preset"):
        raise UserError(
            f"{', '.join(map(str, files))}: no preset is named; add a line such as 'preset: mine', "
            "'base: laptop'"
        )


def _known_keys(location: tuple[int | str, ...]) -> list[str]:
    """Return the keys of the section in which the key at `location` stands."""
    model: Any = Config
    for step in location[:-1]:
        if isinstance(step, int) or not (isinstance(model, type) and issubclass(model, BaseModel)):
            continue
        if step not in model.model_fields:  # a name that the user gives
            continue
        annotation = model.model_fields[step].annotation
        kinds = [
            a for a in (annotation, *getattr(annotation, "__args__", ())) if isinstance(a, type)
        ]
        model = next((a for a in kinds if issubclass(a, BaseModel)), next(iter(kinds), None))
    return (
        list(model.model_fields) if isinstance(model, type) and issubclass(model, BaseModel) else []
    )


_IN_OTHER_WORDS = {
    "model_type": "write its keys below it, indented",
    "model_attributes_type": "write its keys below it, indented",
    "dict_type": "write its keys below it, indented",
    "string_pattern_mismatch": "use lower-case letters and digits, words joined by _, a letter first",
}


def _sentence(error: Mapping[str, Any]) -> str:
    location = error["loc"]
    key = ".".join(str(step) for step in location)
    if error["type"] == "extra_forbidden":
        known = _known_keys(location)
        close = difflib.get_close_matches(str(location[-1]), known, n=1)
        listed = f"keys here are: {', '.join(known)}" if known else "there are none here"
        hint = f"did you mean '{close[0]}'?" if close else listed
        return f"{key}: there is no such key; {hint}"
    message = _IN_OTHER_WORDS.get(error["type"], error["msg"].removeprefix("Value error, "))
    if not key:
        return message
    given = error["input"]
    # A whole section would drown the message.
    shown = "" if isinstance(given, Mapping) else f" (it is {json.dumps(given, default=str)})"
    return f"{key}: {message[0].lower()}{message[1:]}{shown}"


def load_config(given: Mapping[str, Any]) -> Config:
    """Return the checked configuration.

    Layers, each over the one before: the defaults of `study.config`; the preset named by
    `preset` (or by `base`, if `preset` is a name of your own); what is given.

    Args:
        given: the content of --configfile and --config.

    Raises:
        UserError: an unknown preset or key, or a value that does not fit, each named; a folder of a
            figure that cannot be one.
    """
    check_figures()
    given = dict(given)
    name = str(given.get("preset", "laptop"))
    is_base = "base" in given
    base = str(given.pop("base", name))
    preset = PRESETS / f"{base}.yaml"
    if not preset.is_file():
        raise _no_preset(base, is_base)
    merged = _merge(_merge(read_yaml(preset) or {}, given), {"preset": name})
    try:
        return Config.model_validate(merged)
    except ValidationError as error:
        lines = [f"  {_sentence(item)}" for item in error.errors()]
        raise UserError("the configuration has a mistake:\n" + "\n".join(lines)) from None


@cache
def carried_preset(preset: str) -> Config | None:
    """Return a preset as the project carries it; None if it carries none of this name."""
    return load_config({"preset": preset}) if preset in preset_names() else None

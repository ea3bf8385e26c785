"""What made a figure: its metadata, and the records beside the logs of its jobs."""

import json
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from pipeline.units import duration
from study.metadata import provenance_of
from study.provenance import git


def origin(png: Path, tables: Sequence[str], key: str, carried: bool) -> dict[str, Any]:
    """Return what is to be said of how a figure was made.

    Args:
        png: the figure, results/<preset>/figures/<paper>/<figure>.png.
        tables: figures of the paper whose tables it draws.
        key: the figure's key, such as marion2025_fig7.
        carried: whether the project carries the preset.

    Returns:
        `commits`, each with the date of its code where git knows it; `seeds`, `machines`, `versions`; `code`,
        hashes of what drew and of what computed; `settings` in YAML; `commands` that make it again; `time`
        that its jobs took.
    """
    given = provenance_of(png)
    sources = list(given.get("sources", {}).values())
    spec = given["spec"]
    settings = {spec["figure"]: spec["settings"], **spec["read_settings"]}
    packages = {f"{name} {version}" for name, version in given["packages"].items()}
    for source in sources:
        packages |= {
            f"{name} {version}" for item in source["packages"] for name, version in item.items()
        }
    commits = _each_once([given["commit"], *_all_of(sources, "commit")])
    return {
        "commits": [(commit, date_of(commit)) for commit in commits],
        "seeds": _all_of(sources, "root_seed"),
        "machines": _each_once([*_all_of(sources, "machine"), *_gpus(sources)]),
        "versions": sorted(
            {f"Python {v}" for v in [given["python"], *_all_of(sources, "python")]} | packages
        ),
        "code": _each_once([given["code"], *_all_of(sources, "code")]),
        "settings": yaml.safe_dump(
            {name: values for name, values in settings.items() if values},
            allow_unicode=True,
            default_flow_style=None,
            sort_keys=False,
        ),
        "commands": _commands(given, png, key, carried),
        "time": _time(png, tables),
    }


def _all_of(sources: Iterable[dict[str, Any]], name: str) -> list[Any]:
    return _each_once(value for source in sources for value in source.get(name, []))


def _gpus(sources: Iterable[dict[str, Any]]) -> list[str]:
    return [device for device in _all_of(sources, "device") if device != "cpu"]


def _each_once(values: Iterable[Any]) -> list[Any]:
    return list(dict.fromkeys(values))


@cache
def date_of(commit: str) -> str:
    """Return the date of a commit, "+changes" at its end left out; "" where git does not know it."""
    return git("show", "-s", "--format=%cs", commit.removesuffix("+changes")) or ""


def _commands(given: dict[str, Any], png: Path, key: str, carried: bool) -> list[str]:
    commit, preset = given["commit"].removesuffix("+changes"), given["spec"]["preset"]
    checkout = [] if " " in commit else [f"git checkout {commit}"]
    if carried and not preset.endswith(" (changed)"):
        return [*checkout, f"make {key} PRESET={preset}"]
    shown = f"python workflow/cli.py provenance {png} --config > again.yaml"
    return [shown, *checkout, f"make {key} CONFIG=again.yaml"]


def _time(png: Path, tables: Sequence[str]) -> str:
    """Return in words how long its jobs took, one after another; "" where no log tells."""
    paper, logs = png.parent.name, png.parents[2] / "logs"
    records = [
        path
        for table in tables
        for path in sorted((logs / "tables" / paper / table).glob("*.json"))
    ]
    seconds = [json.loads(path.read_text(encoding="utf-8")).get("wall_seconds") for path in records]
    known = [value for value in seconds if value is not None]
    jobs = f"{len(known)} job{'s' * (len(known) != 1)}"
    return f"{duration(sum(known))} in {jobs}" if known else ""

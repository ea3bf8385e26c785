"""What made a figure, from its metadata."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

from pipeline.origin import Origin
from study.metadata import provenance_of
from study.provenance import git


def origin(png: Path, carried: bool) -> dict[str, Any]:
    """Return what is to be said of how a figure was made.

    Args:
        png: the figure, results/<preset>/figures/<paper>/<figure>.png.
        carried: whether the project carries the preset.

    Returns:
        `commits`, each with the date of its code where git knows it; `seeds`, `machines`, `versions`; `code`,
        hashes of what drew and of what computed; `settings` in YAML; `commands` that make it again.
    """
    found = Origin(provenance_of(png))
    given, gpus = found.given, [name for name in found.all_of("device") if name != "cpu"]
    commits = dict.fromkeys([given["commit"], *found.all_of("commit")])
    return {
        "commits": [(commit, date_of(commit)) for commit in commits],
        "seeds": found.all_of("root_seed"),
        "machines": [*found.all_of("machine"), *gpus],
        "versions": found.versions(),
        "code": list(dict.fromkeys([given["code"], *found.all_of("code")])),
        "settings": yaml.safe_dump(
            {name: values for name, values in found.settings.items() if values},
            allow_unicode=True,
            default_flow_style=None,
            sort_keys=False,
        ),
        "commands": found.again(png, carried),
    }


@cache
def date_of(commit: str) -> str:
    """Return the date of a commit, "+changes" at its end left out; "" where git does not know it."""
    return git("show", "-s", "--format=%cs", commit.removesuffix("+changes")) or ""

"""Checks before any job runs: can results be written, does the target exist."""

import difflib
import importlib.metadata
import os
import re
import shutil
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from pipeline.expected import expected_files
from study.code_hash import WORKFLOW
from study.config import Config
from study.errors import UserError

#: Less is called full, bytes: a table has a few megabytes at most, and so has what Snakemake notes.
_LEAST_SPACE = 10_000_000

#: Rules that are no figures.
_RULES = {"all", "figures", "verdicts", "pages", "settings"}

_RESULT = re.compile(
    r"results/(?P<preset>[\w-]+)/(?:index\.html|(?:tables|figures|verdicts|pages|own)/.+)"
)


def check_folder(project: Path) -> None:
    """Check that the working folder is the project's own, where all paths start.

    Raises:
        UserError: it is another, or commands would not be found there.
    """
    if os.pathsep in str(project):
        raise UserError(
            f"the project's path, '{project}', has a '{os.pathsep}', which ends a folder in PATH: jobs would "
            "run with another Python; move the project"
        )
    if Path.cwd().resolve() != project.resolve():
        raise UserError(f"run this in the project's folder: cd '{project}'")


def check_writable(folders: Iterable[Path]) -> None:
    """Check that `folders` can be made and written to, and that their disks are not full.

    Raises:
        UserError: a file stands in the way, or permission or space is lacking.
    """
    for wanted in folders:
        path = next(path for path in (wanted, *wanted.parents) if path.exists())
        if not path.is_dir():
            raise UserError(f"'{path}' is a file, where the folder '{wanted}' has to be: move it")
        if not os.access(path, os.W_OK | os.X_OK):
            raise UserError(
                f"no permission to write to '{path}': change its permissions, "
                "or run in a copy of the project that is yours"
            )
        if shutil.disk_usage(path).free < _LEAST_SPACE:
            raise UserError(
                f"no space left on the disk of '{path}': free some and run again; finished results "
                "are kept"
            )


def unpinned_packages() -> str:
    """Return which installed packages are not of the pinned version; "" if all are."""
    lock = (WORKFLOW.parent / "envs/requirements.lock").read_text(encoding="utf-8")
    other = []
    for name, pinned in re.findall(r"^([\w.-]+)==(\S+)", lock, re.MULTILINE):
        try:
            # A build of torch for one device has a suffix, such as +cpu.
            here = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            here = "missing"
        if pinned not in (here, here.partition("+")[0]):
            other.append(f"{name} {here} (pinned: {pinned})")
    if not other:
        return ""
    return (
        f"installed packages are not those of envs/requirements.lock: {', '.join(other)}. Numbers may differ "
        "from those that are there; to have the pinned ones: pip install -r envs/requirements.lock"
    )


def _close(word: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(word, list(known), n=1)
    return f"did you mean '{close[0]}'? " if close else ""


def check_targets(config: Config, words: Iterable[str]) -> None:
    """Check the words of a command line that look like a figure's key or like a result's path.

    Raises:
        UserError: there is no such figure or result, or the path belongs to another preset.
    """
    keys, files = config.targets, cache(lambda: expected_files(config))
    short = {key.partition("_")[2]: key for key in reversed(config.figure_keys())}
    for word in words:
        if path := _RESULT.fullmatch(word):
            if path["preset"] != config.preset:
                raise UserError(
                    f"'{word}' belongs to the preset '{path['preset']}', but this run is for "
                    f"'{config.preset}': add --config preset={path['preset']} at the end"
                )
            if word not in files():
                raise UserError(
                    f"'{word}' is not a result of this configuration; {_close(word, files())}"
                    "'make list' shows all figures"
                )
        elif (
            re.fullmatch(rf"({'|'.join(config.figures())}|own)_\w+", word)
            and not Path(word).is_dir()  # a profile
            and word not in keys
            and word.removesuffix("_parts") not in config.figure_keys()
        ):
            hint = _close(word, keys)
            if word.startswith("own_"):
                raise UserError(
                    f"this configuration has no section 'own' with '{word.removeprefix('own_')}'; {hint}"
                    "name the file that has it: make … CONFIG=mine.yaml, snakemake … --configfile mine.yaml"
                )
            raise UserError(f"there is no figure '{word}'; {hint}'make list' shows all of them")
        elif word not in _RULES and (full := short.get(word)):
            raise UserError(f"'{word}' lacks its paper; did you mean '{full}'?")

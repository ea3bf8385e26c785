"""Checks before any job runs: can results be written, does the target exist."""

import difflib
import os
import re
import shutil
from collections.abc import Iterable
from pathlib import Path

from deepinit.errors import UserError
from pipeline.config import Config

#: Less is called full, bytes: a table has a few megabytes at most, and so has what Snakemake notes.
_LEAST_SPACE = 10_000_000


def check_folder(project: Path) -> None:
    """Check that the working folder is the project's own, where all paths start.

    Raises:
        UserError: it is another.
    """
    if Path.cwd().resolve() != project.resolve():
        raise UserError(f"run this in the project's folder: cd '{project}'")


def check_results_folder(folder: Path) -> None:
    """Check that `folder` can be made and written to.

    Raises:
        UserError: a file stands in the way, or permission is lacking.
    """
    for path in (folder, *folder.parents):
        if path.exists():
            if not path.is_dir():
                raise UserError(
                    f"'{path}' is a file, but results go to the folder '{folder}': move it"
                )
            if not os.access(path, os.W_OK | os.X_OK):
                raise UserError(
                    f"no permission to write to '{path}', where results go: change its permissions, "
                    "or run in a copy of the project that is yours"
                )
            return


def check_space(folders: Iterable[Path]) -> None:
    """Check that there is space for the first results and for Snakemake's own notes in `folders`.

    Raises:
        UserError: the disk is full.
    """
    for folder in folders:
        there = next(path for path in (folder, *folder.parents) if path.exists())
        if shutil.disk_usage(there).free < _LEAST_SPACE:
            raise UserError(
                f"no space left on the disk of '{there}': free some and run again; finished results "
                "are kept"
            )


def _unknown(figure: str, keys: list[str]) -> UserError:
    close = difflib.get_close_matches(figure, keys, n=1)
    hint = f"did you mean '{close[0]}'? " if close else ""
    return UserError(f"there is no figure '{figure}'; {hint}'make list' shows all of them")


def check_targets(config: Config, words: Iterable[str]) -> None:
    """Check the words of a command line that look like a figure's key or like a result's path.

    Raises:
        UserError: there is no such figure, or the path belongs to another preset.
    """
    papers = config.figures()
    keys = [f"{paper}_{figure}" for paper, figures in papers.items() for figure in figures]
    for word in words:
        path = re.fullmatch(
            r"results/(?P<preset>[\w-]+)/(?P<kind>tables|figures)/(?P<paper>\w+)/(?P<figure>\w+)"
            r"(?:\.\w+|/.*)",
            word,
        )
        if path:
            _check_path(config, path, keys)
        elif (
            re.fullmatch(rf"({'|'.join(papers)})_\w+", word)
            and word.removesuffix("_parts") not in keys
        ):
            raise _unknown(word, keys)


def _check_path(config: Config, path: re.Match[str], keys: list[str]) -> None:
    preset, paper, figure = path["preset"], path["paper"], path["figure"]
    if preset != config.preset:
        raise UserError(
            f"'{path[0]}' belongs to the preset '{preset}', but this run is for "
            f"'{config.preset}': add --config preset={preset} at the end"
        )
    if f"{paper}_{figure}" not in keys:
        raise _unknown(f"{paper}_{figure}", keys)
    section = config.figures()[paper][figure]
    if path["kind"] == "tables" and not section.parts():
        raise UserError(
            f"{paper}_{figure} has no table of its own: it draws that of "
            f"{' and of '.join(f'{paper}_{key}' for key in section.reads)}"
        )

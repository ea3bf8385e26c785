"""Checks before any job runs: can results be written, does the target exist."""

import difflib
import os
import re
from collections.abc import Iterable
from pathlib import Path

from deepinit.errors import UserError
from pipeline.config import Config


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
        path = re.fullmatch(r"results/([\w-]+)/(?:tables|figures)/(\w+)/(\w+)(?:\.\w+|/.*)", word)
        if path and path[1] != config.preset:
            raise UserError(
                f"'{word}' belongs to the preset '{path[1]}', but this run is for "
                f"'{config.preset}': add --config preset={path[1]} at the end"
            )
        if path and f"{path[2]}_{path[3]}" not in keys:
            raise _unknown(f"{path[2]}_{path[3]}", keys)
        if not re.fullmatch(rf"({'|'.join(papers)})_\w+", word) or word in keys:
            continue
        if not re.fullmatch(rf"({'|'.join(keys)})_parts", word):
            raise _unknown(word, keys)

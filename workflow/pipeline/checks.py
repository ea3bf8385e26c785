"""Checks before any job runs: can results be written, does the target exist."""

import difflib
import os
import re
from collections.abc import Iterable
from pathlib import Path

from deepinit.errors import UserError
from pipeline.config import Config


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


def check_targets(config: Config, words: Iterable[str]) -> None:
    """Check the words of a command line that look like a figure's key, such as marion2025_fig7.

    Raises:
        UserError: there is no such figure.
    """
    papers = config.figures()
    keys = [f"{paper}_{figure}" for paper, figures in papers.items() for figure in figures]
    for target in words:
        if not re.fullmatch(rf"({'|'.join(papers)})_\w+", target) or target in keys:
            continue
        if re.fullmatch(rf"({'|'.join(keys)})_parts", target):
            continue
        close = difflib.get_close_matches(target, keys, n=1)
        hint = f"did you mean '{close[0]}'? " if close else ""
        raise UserError(f"there is no figure '{target}'; {hint}'make list' shows all of them")

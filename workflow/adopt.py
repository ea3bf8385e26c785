"""Take over results that were made elsewhere, where they are what this checkout would make.

    python workflow/adopt.py laptop

After results were copied from another clone, a cluster or a colleague. A file fits if settings, code
and checksums are those that a run here would give; Snakemake is told so and does not make it anew.
Files that do not fit are named with the reason and set aside.
"""

import argparse
import sys
from pathlib import Path

from check_results import refuse_if_locked, set_aside_unlocked
from command_line import add_choice, choice, telling_mistakes
from pipeline.adoption import figure_of, judge
from pipeline.expected import Expected, expected_files, expected_texts, results_folder
from pipeline.runs import explain_lock, named_by_jobs
from pipeline.snakemake_calls import quiet_snakemake
from pipeline.snakemake_metadata import known_outputs
from study.config import Config
from study.errors import UserError


def all_files(config: Config) -> dict[str, Expected]:
    """Return path ↦ how it is made, for all results but the report."""
    return expected_files(config) | expected_texts(config)


def unknown_files(config: Config) -> list[str]:
    """Return the results that lie here and that Snakemake did not make here, but the report."""
    known = known_outputs()
    return [path for path in all_files(config) if path not in known and Path(path).is_file()]


def _tell_snakemake(files: list[str], settings: list[str]) -> None:
    """Let Snakemake record `files` as made by their jobs of today.

    Raises:
        UserError: it could not.
    """
    # Each of the files was judged; what a user touches is refused (rules/common.smk).
    done = quiet_snakemake(
        "--touch", "--force", "--cores", "1", *files, *settings, DEEPINIT_JUDGED="1"
    )
    if "LockException" in done.stdout:
        raise UserError(explain_lock(Path.cwd()))
    if done.returncode:
        raise UserError(f"Snakemake could not take the results over:\n{done.stdout[-2000:]}")


def _state(path: str) -> tuple[int, ...]:
    """Return numbers that change when a file is written anew; none if it is not there."""
    try:
        found = Path(path).stat()
    except OSError:
        return ()
    return found.st_ino, found.st_size, found.st_mtime_ns


def adopt(config: Config, settings: list[str], files: list[str]) -> list[str]:
    """Take over those of `files` that fit, set the others aside, and print what was done.

    A job that was started by hand, or that outlived its run, holds no lock: a file that it names,
    or that was written while it was judged, is left.

    Args:
        settings: the options that give Snakemake this configuration.

    Returns:
        Those that seem not to fit, and were left because a job may be writing them.

    Raises:
        UserError: a file cannot be renamed, a run has started meanwhile, or Snakemake could not be
            told.
    """
    at_work = named_by_jobs(Path.cwd())
    states = {path: _state(path) for path in files}
    judgement = judge(all_files(config)).among(states)
    unfit, fit = judgement.unfit, judgement.fit
    left = [path for path in unfit if path in at_work or _state(path) != states[path]]
    # Before Snakemake starts, which gives files that are dated in the future another date.
    _set_aside({path: why for path, why in unfit.items() if path not in left}, config)
    if fit:
        _tell_snakemake(fit, settings)
        print(f"deepinit: {len(fit)} results that were not made here fit this checkout: taken over")
    return left


def _set_aside(unfit: dict[str, str], config: Config) -> None:
    """Set files aside, path ↦ why they do not fit, and print which.

    Raises:
        UserError: a file cannot be renamed, or a run has started meanwhile.
    """
    folder, aside = results_folder(config.preset), {}
    try:
        for path, reason in unfit.items():
            try:
                set_aside_unlocked(Path(path), "unfit", folder)
            except FileNotFoundError:
                continue
            except OSError as error:
                raise UserError(
                    f"{path} is {reason} and cannot be renamed ({error.strerror}): delete it"
                ) from None
            aside[path] = reason
    finally:
        _tell_set_aside(aside, folder)


def _tell_set_aside(reasons: dict[str, str], folder: str) -> None:
    """Print a line a figure, and how to be rid of what was set aside below `folder`.

    Args:
        reasons: path ↦ why it does not fit.
    """
    groups: dict[str, list[str]] = {}
    for path in reasons:
        groups.setdefault(figure_of(path), []).append(path)
    for figure, paths in groups.items():
        why = ", ".join(dict.fromkeys(reasons[path] for path in paths))
        what = f"{paths[0]} does" if len(paths) == 1 else f"{len(paths)} files of {figure} do"
        print(f"deepinit: {what} not fit: {why}; set aside as ….unfit")
    if reasons:
        print(f"deepinit: to delete what was set aside: find {folder} -name '*.unfit*' -delete")


@telling_mistakes
def main() -> int:
    """Take over the results of one preset and return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add_choice(parser)
    arguments = parser.parse_args()
    config, settings = choice(arguments.preset, arguments.config)
    refuse_if_locked(results_folder(config.preset))
    files = unknown_files(config)
    left = adopt(config, settings, files)
    if left:
        print(f"Left, because they are being written: {', '.join(left)}. Run again afterwards.")
    if not files:
        print("There are no results here that were made elsewhere.")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Take over results that were made elsewhere, where they are what this checkout would make.

    python workflow/adopt.py laptop

After results were copied from another clone, a cluster or a colleague. A file fits if settings, code
and checksums are those that a run here would give; Snakemake is told so and does not make it anew.
Files that do not fit are named with the reason and set aside.
"""

import argparse
import subprocess
import sys
import time
from pathlib import Path

from check_results import refuse_if_locked, set_aside_unlocked
from command_line import add_choice, choice
from deepinit.errors import UserError
from pipeline.adoption import judge
from pipeline.config import Config
from pipeline.expected import Expected, expected_files, expected_texts, results_folder
from pipeline.runs import explain_lock
from pipeline.snakemake_metadata import known_outputs

#: In seconds: a younger file may be the work of a run that has not recorded it yet.
_YOUNG = 60


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
    command = [sys.executable, "-m", "snakemake", "--touch", "--force", "--cores", "1"]
    done = subprocess.run(
        [*command, *files, *settings],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if "LockException" in done.stdout:
        raise UserError(explain_lock(Path.cwd()))
    if done.returncode:
        raise UserError(f"Snakemake could not take the results over:\n{done.stdout[-2000:]}")


def _is_young(path: str) -> bool:
    try:
        return abs(time.time() - Path(path).stat().st_mtime) < _YOUNG
    except FileNotFoundError:
        return False


def adopt(config: Config, settings: list[str], files: list[str]) -> list[str]:
    """Take over those of `files` that fit, set the others aside, and print what was done.

    Args:
        settings: the options that give Snakemake this configuration.

    Returns:
        Those that seem not to fit, and were left because they were written just now.

    Raises:
        UserError: a file cannot be renamed, a run has started meanwhile, or Snakemake could not be
            told.
    """
    judgement = judge(all_files(config))
    wanted = set(files)
    fit = [path for path in judgement.fit if path in wanted]
    if fit:
        _tell_snakemake(fit, settings)
        print(f"deepinit: {len(fit)} results that were not made here fit this checkout: taken over")
    left = []
    for path, reason in judgement.unfit.items():
        if path not in wanted:
            continue
        if _is_young(path):
            left.append(path)
            continue
        try:
            aside = set_aside_unlocked(Path(path), "unfit", results_folder(config.preset))
        except FileNotFoundError:
            continue
        except OSError as error:
            raise UserError(
                f"{path} is {reason} and cannot be renamed ({error.strerror}): delete it"
            ) from None
        print(f"deepinit: {path} does not fit: {reason}; set aside as {aside.name}")
    return left


def main() -> int:
    """Take over the results of one preset and return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add_choice(parser)
    arguments = parser.parse_args()
    try:
        config, settings = choice(arguments.preset, arguments.config)
        refuse_if_locked(results_folder(config.preset))
        files = unknown_files(config)
        left = adopt(config, settings, files)
    except UserError as error:
        print(f"deepinit: {error}", file=sys.stderr)
        return 1
    if left:
        print(f"{len(left)} results were written less than a minute ago: run again to judge them.")
    if not files:
        print("There are no results here that were made elsewhere.")
    return 0


if __name__ == "__main__":
    sys.exit(main())

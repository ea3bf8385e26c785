"""Compare the results of a preset with the checksums that their jobs wrote down.

    python workflow/check_results.py laptop

Damaged files are set aside, so that the next run makes them anew; each is named.
"""

import argparse
import sys
from pathlib import Path

from command_line import add_choice, choice, telling_mistakes
from pipeline.expected import results_folder
from pipeline.integrity import Findings, check
from pipeline.runs import explain_lock, is_locked
from study.config import Config
from study.errors import UserError
from study.files import set_aside


def refuse_if_locked(*folders: str) -> None:
    """Check that no run works in any of `folders`, such as results/laptop.

    Raises:
        UserError: one does, or was killed there.
    """
    if any(map(is_locked, folders)):
        raise UserError(explain_lock(Path.cwd()))


def set_aside_unlocked(path: Path, why: str, folder: str) -> Path:
    """Set a result aside, as `set_aside` does, unless a run of its preset has started meanwhile.

    Args:
        folder: that of the results of the preset; a damaged data set lies in another.

    Raises:
        OSError: the file cannot be renamed.
        UserError: a run works there.
    """
    refuse_if_locked(folder, "/".join(path.parts[:2]))
    return set_aside(path, why)


def set_damaged_aside(config: Config) -> Findings:
    """Check the results of a configuration, set damaged ones aside and print which.

    Raises:
        UserError: a damaged file is a link into a cache, from which the next run would take it
            again, or it cannot be renamed, or a run has started meanwhile.
    """
    folder = results_folder(config.preset)
    findings = check(Path(folder))
    stuck = []
    for damage in findings.damaged:
        if damage.path.is_symlink():
            stuck.append(
                f"{damage.path} is damaged ({damage.reason}) and links to a file of a cache: delete "
                f"{damage.path.resolve()} and run again"
            )
            continue
        try:
            aside = set_aside_unlocked(damage.path, "damaged", folder)
        except FileNotFoundError:
            continue
        except OSError as error:
            stuck.append(
                f"{damage.path} is damaged ({damage.reason}) and cannot be renamed "
                f"({error.strerror}): delete it and run again"
            )
            continue
        print(f"deepinit: {damage.path} is damaged ({damage.reason}); set aside as {aside.name}")
    if stuck:
        raise UserError("\ndeepinit: ".join(stuck))
    return findings


def _files(count: int, one: str, more: str) -> str:
    return f"1 file {one}" if count == 1 else f"{count} files {more}"


@telling_mistakes
def main() -> int:
    """Check one preset and return the exit status: 1 if anything was damaged."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add_choice(parser)
    arguments = parser.parse_args()
    config = choice(arguments.preset, arguments.config).config
    refuse_if_locked(results_folder(config.preset))
    findings = set_damaged_aside(config)
    compared, without, damaged = findings.compared, findings.without_record, len(findings.damaged)
    print(f"{_files(compared, 'was', 'were')} compared with what their jobs wrote down.")
    for record in findings.broken_records:
        print(f"The run record {record} cannot be read; what its job wrote is checked without it.")
    if without:
        print(
            f"{_files(without, 'has', 'have')} no such record and {'was' if without == 1 else 'were'} "
            "checked as far as the format allows."
        )
    print(
        f"{_files(damaged, 'was', 'were')} damaged; run again, which makes what is missing anew."
        if damaged
        else "None is damaged."
    )
    return int(bool(findings.damaged))


if __name__ == "__main__":
    sys.exit(main())

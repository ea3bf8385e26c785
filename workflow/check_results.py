"""Compare the results of a preset with the checksums that their jobs wrote down.

    python workflow/check_results.py laptop

Damaged files are set aside, so that the next run makes them anew; each is named.
"""

import argparse
import sys
from pathlib import Path

from command_line import add_choice, choice
from deepinit.errors import UserError
from deepinit.files import set_aside
from pipeline.config import Config
from pipeline.expected import results_folder
from pipeline.integrity import Findings, check


def set_damaged_aside(config: Config) -> Findings:
    """Check the results of a configuration, set damaged ones aside and print which.

    Raises:
        UserError: a damaged file is a link into a cache, from which the next run would take it
            again, or it cannot be renamed.
    """
    findings = check(Path(results_folder(config.preset)))
    stuck = []
    for damage in findings.damaged:
        if damage.path.is_symlink():
            stuck.append(
                f"{damage.path} is damaged ({damage.reason}) and links to a file of a cache: delete "
                f"{damage.path.resolve()} and run again"
            )
            continue
        try:
            aside = set_aside(damage.path, "damaged")
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


def main() -> int:
    """Check one preset and return the exit status: 1 if anything was damaged."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add_choice(parser)
    arguments = parser.parse_args()
    try:
        findings = set_damaged_aside(choice(arguments.preset, arguments.config).config)
    except UserError as error:
        print(f"deepinit: {error}", file=sys.stderr)
        return 1
    print(f"{findings.compared} files were compared with what their jobs wrote down.")
    if findings.without_record:
        print(
            f"{findings.without_record} have no such record and were checked as far as their format "
            "allows."
        )
    print(
        f"{len(findings.damaged)} were damaged; run again, which makes them anew."
        if findings.damaged
        else "None is damaged."
    )
    return int(bool(findings.damaged))


if __name__ == "__main__":
    sys.exit(main())

"""After a run was killed: remove the lock that it left, so that the next one can start.

    python workflow/unlock.py --preset laptop

Refuses while a run is at work in this folder: a second one that was let in would make the same files.
"""

import argparse
import sys
from pathlib import Path

from command_line import add_choice, choice, telling_mistakes
from pipeline.runs import any_lock, explain_lock, last_log, last_started, other_runs, unseen_owner
from pipeline.snakemake_calls import quiet_snakemake
from study.errors import UserError


def unlock(settings: list[str]) -> str:
    """Remove the locks of this folder and return in words what was done.

    They are those of all presets: Snakemake removes them together.

    Args:
        settings: the options that give Snakemake a configuration.

    Raises:
        UserError: a run is at work here or may be, or Snakemake could not unlock.
    """
    here = Path.cwd()
    if not any_lock():
        return "Nothing is locked here."
    if other_runs(here):
        raise UserError(f"not unlocked: {explain_lock(here)}")
    told = last_log()
    started = last_started(told)
    if owner := unseen_owner(told):
        raise UserError(
            f"not unlocked: the lock is that of {owner}, and whether it still works cannot be seen from "
            "here. Ask, or unlock there; if it is certain that it has ended: snakemake --unlock "
            + " ".join(settings)
        )
    done = quiet_snakemake("--unlock", *settings)
    if done.returncode:
        raise UserError(f"Snakemake could not unlock:\n{done.stdout[-2000:]}")
    which = f" The run that was killed was started {started}." if started else ""
    return f"Unlocked: the next run goes on with what was finished.{which}"


@telling_mistakes
def main() -> int:
    """Unlock this folder and return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add_choice(parser, option=True)
    arguments = parser.parse_args()
    print(unlock(choice(arguments.preset, arguments.config).settings))
    return 0


if __name__ == "__main__":
    sys.exit(main())

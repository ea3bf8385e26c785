"""After a run was killed: remove the lock that it left, so that the next one can start.

    python workflow/cli.py unlock --preset laptop

Refuses while a run is at work in this folder: a second one that was let in would make the same files.
"""

import argparse

from pipeline.command_line import add_choice, choice, telling_mistakes
from pipeline.runs import explain_lock, remove_note, runs_at_work
from pipeline.snakemake_calls import quiet_snakemake
from study.errors import UserError


def unlock(settings: list[str]) -> None:
    """Remove the locks of this folder, those of all presets: Snakemake removes them together.

    Args:
        settings: the options that give Snakemake a configuration.

    Raises:
        UserError: a run is at work here or may be, or Snakemake could not unlock.
    """
    if there := runs_at_work():
        raise UserError(
            f"not unlocked: {explain_lock(there[0])}. If it is certain that it has ended: snakemake "
            f"--unlock {' '.join(settings)}, and delete .snakemake/runs/{there[0]}.json"
        )
    done = quiet_snakemake("--unlock", *settings)
    if done.returncode:
        raise UserError(f"Snakemake could not unlock:\n{done.stdout[-2000:]}")


@telling_mistakes
def main() -> int:
    """Unlock this folder and return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add_choice(parser, option=True)
    arguments = parser.parse_args()
    config, settings = choice(arguments.preset, arguments.config)
    unlock(settings)
    remove_note(config.preset)
    print("Unlocked: the next run goes on with what was finished.")
    return 0

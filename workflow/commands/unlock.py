"""After a run was killed: remove the lock that it left, so that the next one can start.

    python workflow/cli.py unlock --preset laptop

Snakemake removes all locks of this folder, that of a run at work too.
"""

import argparse

from pipeline.command_line import add_choice, choice, telling_mistakes
from pipeline.snakemake_calls import quiet_snakemake
from study.errors import UserError


@telling_mistakes
def main() -> int:
    """Unlock this folder and return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add_choice(parser, option=True)
    arguments = parser.parse_args()
    done = quiet_snakemake("--unlock", *choice(arguments.preset, arguments.config).settings)
    if done.returncode:
        raise UserError(f"Snakemake could not unlock:\n{done.stdout[-2000:]}")
    print("Unlocked: the next run goes on with what was finished.")
    return 0

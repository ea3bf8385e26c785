"""Compare the results of a preset with the checksums that their jobs wrote down.

    python workflow/cli.py check laptop

Damaged files are named; the next run sets them aside and makes them again.
"""

import argparse

from pipeline.command_line import add_choice, choice, telling_mistakes
from pipeline.judgement import all_files, judge
from pipeline.runs import refuse_if_at_work


@telling_mistakes
def main() -> int:
    """Check one preset and return the exit status: 1 if anything is damaged."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add_choice(parser)
    arguments = parser.parse_args()
    config = choice(arguments.preset, arguments.config).config
    refuse_if_at_work(config.preset)
    found = judge(all_files(config))
    for path, reason in found.damaged.items():
        print(f"{path} is damaged: {reason}")
    count = len(found.fit) + len(found.unfit) + len(found.damaged)
    print(f"Files checked: {count}, damaged: {len(found.damaged)}.")
    if found.without_record:
        print(
            f"Without a record of their job, of which only tables can be checked: {found.without_record}."
        )
    if found.damaged:
        print("Run again, which sets them aside and makes them again.")
    return int(bool(found.damaged))

"""Compare the results of a preset with the checksums that their jobs wrote down.

python workflow/cli.py check laptop
"""

import argparse
from pathlib import Path
from typing import Any

from pipeline.command_line import add_choice, choice
from pipeline.expected import CARRIED_SUBSET, DATA_FOLDER, expected_files
from pipeline.run_records import read_record, record_of
from study.datasets.mnist import load_mnist
from study.errors import UserError
from study.files import sha256


def _is_damaged(path: str, record: dict[str, Any]) -> bool:
    try:
        same = sha256(Path(path)) == record["outputs"][path]
    except FileNotFoundError:
        return False
    except OSError:
        same = False
    # A job that starts removes its record first.
    return not same and read_record(path) == record


def main() -> int:
    """Check one preset and all data sets, and return the exit status: 1 if a file is damaged."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add_choice(parser)
    arguments = parser.parse_args()
    files = list(expected_files(choice(arguments.preset, arguments.config).config))
    files += [path.with_suffix(".npz").as_posix() for path in Path(DATA_FOLDER).glob("*.json")]
    records = {path: read_record(path) for path in files if Path(path).is_file()}
    damaged = [path for path, record in records.items() if record and _is_damaged(path, record)]
    for path in damaged:
        print(f"{path} does not match the checksum in {record_of(path)}: delete it, and run again")
    try:
        load_mnist(Path(CARRIED_SUBSET).parent)
    except (UserError, OSError) as error:
        print(error)
        damaged.append(CARRIED_SUBSET)
    print(f"Files checked: {sum(map(bool, records.values()))}, damaged: {len(damaged)}.")
    if without := sum(not record for record in records.values()):
        print(f"Not checked (no job record): {without}.")
    return int(bool(damaged))

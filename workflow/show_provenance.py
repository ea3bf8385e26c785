"""Tell which commit, code, settings, seed and machine made a file, and how to make it again.

    python workflow/show_provenance.py results/laptop/figures/marion2025/fig7.pdf
    python workflow/show_provenance.py fig7.pdf --json         # all that its metadata says
    python workflow/show_provenance.py fig7.pdf --config       # the configuration to make it again

Works from the file alone, wherever it lies: a figure (PDF, PNG), a table or a part of one (Parquet).
"""

import argparse
import json
import sys
from pathlib import Path

import yaml

from command_line import telling_mistakes
from origin.again import configuration
from origin.description import description
from origin.made_from import made_from
from origin.metadata import provenance_of


@telling_mistakes
def main() -> int:
    """Print what the command line asks for and return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file", type=Path, help="a figure (PDF, PNG) or a table (Parquet)")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="all that the file says, as JSON")
    form.add_argument("--config", action="store_true", help="a configuration file to make it again")
    arguments = parser.parse_args()
    provenance = provenance_of(arguments.file)
    if arguments.json:
        print(json.dumps(provenance, indent=2, ensure_ascii=False))
        return 0
    origin = made_from(provenance, arguments.file)
    if arguments.config:
        print(f"# To make again: {origin.key}, made at commit {provenance['commit']}")
        text = yaml.safe_dump(configuration(origin), sort_keys=False, allow_unicode=True)
        print(text, end="")
    else:
        print(description(origin, arguments.file))
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Tell which commit, code, settings, seed and machine made a file, and how to make it again.

    python workflow/cli.py provenance results/laptop/figures/marion2025/fig7.pdf
    python workflow/cli.py provenance fig7.pdf --json         # all that its metadata says
    python workflow/cli.py provenance fig7.pdf --config       # the configuration to make it again

Works from the file alone, wherever it lies: a figure (PDF, PNG), a table or a part of one (Parquet).
"""

import argparse
import json
from pathlib import Path

import yaml

from pipeline.command_line import telling_mistakes
from pipeline.origin import Origin
from study.errors import UserError
from study.metadata import provenance_of


def description(origin: Origin, file: Path) -> str:
    """Return what a file is, where it comes from, and how to make it again."""
    text = [f"{origin.key}, {origin.kind}"]
    text += [f"  {name:14s}{value}" for name, value in origin.lines()]
    try:
        commands = [f"    {command}" for command in origin.commands(file.resolve())]
        text += ["", "To make it again, in the project's folder:", *commands]
    except UserError as error:
        text += ["", f"How to make it again the file alone does not say: {error}"]
    return "\n".join(text)


@telling_mistakes
def main() -> int:
    """Print what the command line asks for and return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file", type=Path, help="a figure (PDF, PNG) or a table (Parquet)")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="all that the file says, as JSON")
    form.add_argument(
        "--config", action="store_true", help="a configuration file that makes it again"
    )
    arguments = parser.parse_args()
    provenance = provenance_of(arguments.file)
    if arguments.json:
        print(json.dumps(provenance, indent=2, ensure_ascii=False))
        return 0
    if provenance.get("kind") == "probe":
        if arguments.config:
            raise UserError(
                "a probe of a network has no configuration, but the command that it names"
            )
        files = ", ".join(
            f"{name} (sha256 {digest})" for name, digest in provenance["files"].items()
        )
        print(f"networks of {files}, at commit {provenance['commit']}\n    {provenance['command']}")
        return 0
    origin = Origin(provenance)
    if arguments.config:
        print(f"# To make again: {origin.key}, made at commit {provenance['commit']}")
        print(yaml.safe_dump(origin.configuration(), sort_keys=False, allow_unicode=True), end="")
    else:
        print(description(origin, arguments.file))
    return 0

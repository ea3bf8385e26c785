"""Tell which commit, code, settings, seed and machine made a file, and how to make it again.

    python workflow/cli.py provenance results/laptop/figures/marion2025/fig7.pdf
    python workflow/cli.py provenance fig7.pdf --json         # all that its metadata says
    python workflow/cli.py provenance fig7.pdf --config       # the configuration to make it again

Works from the file alone, wherever it lies: a figure (PDF, PNG), a table or a part of one (Parquet).
"""

import argparse
import json
from pathlib import Path
from typing import Any

import yaml

from pipeline.expected import part_script
from pipeline.origin import Origin
from study.code_hash import WORKFLOW, code_hash
from study.errors import UserError
from study.load import carried_preset
from study.metadata import provenance_of
from study.provenance import git


def code_here(origin: Origin) -> dict[str, tuple[str, bool]]:
    """Return script ↦ its code in the file, and whether this checkout's is the same."""
    recorded = {origin.given["script"]: [origin.given["code"]]}
    if origin.kind != "part":
        recorded |= {part_script(origin.paper, f): s["code"] for f, s in origin.sources.items()}
    found = {}
    for script, hashes in recorded.items():
        there = (WORKFLOW / script).is_file()
        same = there and hashes == [code_hash("job.py", script)]
        found[script] = (" and ".join(hashes), same)
    return found


def configuration(origin: Origin) -> dict[str, Any]:
    """Return the content of a configuration file with which a figure is made again.

    The settings of its figures stand in it whole, so that it holds whatever becomes of the preset.

    Raises:
        UserError: the file is no figure, so that it does not know them.
    """
    if origin.kind != "figure":
        raise UserError(
            "a table knows the specifications of its parts (--json prints them) and not the "
            "settings of its figure: ask for the figure, a PDF or PNG, or for the config.yaml "
            "beside its results"
        )
    base = {} if carried_preset(origin.preset) else {"base": "laptop"}
    settings = {figure: values for figure, values in origin.settings.items() if values}
    return {"preset": origin.preset, **base, **origin.of_all(), origin.paper: settings}


def commands(origin: Origin, file: Path) -> list[str]:
    """Return the commands that make the file again, to be run in the project's folder.

    Raises:
        UserError: the file does not know its settings.
    """
    if origin.kind == "table":
        configuration(origin)
    return origin.again(
        file, carried_preset(origin.preset) is not None, git("rev-parse", "HEAD") or ""
    )


def lines(origin: Origin) -> list[tuple[str, str]]:
    """Return what there is to know of the file, each with its name."""
    here = {True: "the same here", False: "differs in this checkout"}
    seeds, commits = origin.all_of("root_seed"), origin.all_of("commit")
    found = []
    if origin.kind == "figure":
        found.append(("preset", f"{origin.given['spec']['preset']}; --config prints the settings"))
        if recorded := origin.given["spec"].get("recorded"):
            found.append(("papers' scale", f"results/recorded, files: {len(recorded['tables'])}"))
    found += [
        ("root seed", " and ".join(map(str, seeds)) or "none: nothing is random"),
        ("commit", _commit(origin.given["commit"])),
        *(("numbers from", _commit(c)) for c in commits if c != origin.given["commit"]),
        *(
            ("code", f"{code}, {script}: {here[same]}")
            for script, (code, same) in code_here(origin).items()
        ),
        ("computed on", "; ".join([*origin.all_of("device"), *origin.all_of("machine")])),
        ("versions", ", ".join(origin.versions())),
    ]
    return found


def _commit(recorded: str) -> str:
    here = recorded.removesuffix("+changes") == git("rev-parse", "HEAD")
    return f"{recorded} (checked out here)" if here else recorded


def description(origin: Origin, file: Path) -> str:
    """Return what a file is, where it comes from, and how to make it again."""
    text = [f"{origin.key}, {origin.kind}"]
    text += [f"  {name:14s}{value}" for name, value in lines(origin)]
    try:
        again = [f"    {command}" for command in commands(origin, file.resolve())]
        text += ["", "To make it again, in the project's folder:", *again]
    except UserError as error:
        text += ["", f"The file alone does not say how to make it again: {error}"]
    return "\n".join(text)


def main() -> None:
    """Print what the command line asks for."""
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
        return
    if provenance.get("kind") == "probe":
        if arguments.config:
            raise UserError(
                "a probe of a network has no configuration, but the command that it names"
            )
        files = ", ".join(
            f"{name} (sha256 {digest})" for name, digest in provenance["files"].items()
        )
        print(f"networks of {files}, at commit {provenance['commit']}\n    {provenance['command']}")
        return
    origin = Origin(provenance)
    if arguments.config:
        print(f"# To make again: {origin.key}, made at commit {provenance['commit']}")
        print(yaml.safe_dump(configuration(origin), sort_keys=False, allow_unicode=True), end="")
    else:
        print(description(origin, arguments.file))

"""The origin of a file in full, for people."""

from pathlib import Path

from origin.again import commands, has_figure
from origin.code import compare_code
from origin.describe import (
    changed_settings,
    code_in_words,
    commit_in_words,
    listed,
    reference,
    title,
)
from origin.environment import consequence, differences, packages_of
from origin.git import split_commit
from origin.made_from import MadeFrom
from study.errors import UserError

_STREAMS = (
    "each block of numbers draws its own stream, which follows from the seed, the paper, the "
    "figure, the grid point and the block by SHA-256 (workflow/deepinit/seeds.py)"
)


def _and(values: list) -> str:
    return " and ".join(map(str, values)) or "not told"


def _numbers(origin: MadeFrom) -> list[tuple[str, str]]:
    """Return what is known of the numbers behind a file."""
    if not origin.sources:
        return [("numbers", "their origin is not told: an older version of deepinit made the file")]
    seeds, commits = origin.all_of("root_seed"), origin.all_of("commit")
    lines = [("root seed", f"{_and(seeds)}; {_STREAMS}" if seeds else "none: nothing is random")]
    lines.append(
        ("computed on", f"{_and(origin.all_of('device'))}; {_and(origin.all_of('machine'))}")
    )
    if commits != [origin.provenance["commit"]]:
        lines += [("numbers from", commit_in_words(commit)) for commit in commits]
    for figure, source in origin.sources.items() if origin.kind != "part" else ():
        count = source["parts"]
        of = f"{count} part{'s' * (count > 1)}"
        lines.append((f"table {figure}", f"{of}, code {_and(source['code'])}"))
    return lines


def _settings(origin: MadeFrom) -> str:
    """Return how the settings differ from those of the preset that is carried here."""
    name, config = reference(origin)
    found = changed_settings(origin, config)
    if found is None:
        return "of no preset that is carried here (--json prints all that the parts were given)"
    if not found:
        return f"those of the preset '{name}' (--config prints them)"
    return (
        f"those of the preset '{name}' but for {listed(found, '; ')}; --config prints all of them"
    )


def _again(origin: MadeFrom, file: Path) -> list[str]:
    commit, changed = split_commit(str(origin.provenance["commit"]))
    try:
        lines = ["To make it again, in the project's folder:"]
        lines += [f"    {command}" for command in commands(origin, file.resolve())]
    except UserError as error:
        return [f"How to make it again is not told by the file alone: {error}."]
    if commit is None:
        lines.append(
            f"Its commit is {origin.provenance['commit']}: the code is told by its hash only."
        )
    elif changed:
        lines.append(
            "It was made with changes that are in no commit, so the commit alone may not give it: "
            "the code is told by its hash only."
        )
    return lines


def description(origin: MadeFrom, file: Path) -> str:
    """Return what a file is, where it comes from, and how to make it again."""
    own = origin.provenance
    versions = [f"{name} {_and(found)}" for name, found in packages_of(origin).items()]
    here = has_figure(origin)
    lines = [
        ("commit", commit_in_words(str(own["commit"]))),
        ("code", f"{own['code']} ({origin.script} and all that it imports)"),
        *_numbers(origin),
        ("Python", ", ".join([str(own["python"]), *versions])),
        ("settings", _settings(origin) if here else "of a figure that this checkout does not have"),
    ]
    width = 2 + max(len(name) for name, _ in lines)
    text = [title(origin), *(f"  {name:{width}s}{value}" for name, value in lines), ""]
    text += _again(origin, file)
    text.append("")
    if here:
        compared = compare_code(origin, reference(origin)[1])
        text += [f"Code here, {code_in_words(item)}." for item in compared if not item.same]
        if origin.sources and all(item.same for item in compared):
            text.append("The code here is the same.")
    different = differences(origin)
    text += [f"Here, {item}." for item in different]
    if different or origin.sources:
        text.append(consequence(different))
    return "\n".join(text)

"""The origin of a file in words: what it is, where it comes from, how this checkout differs."""

from origin.again import changes_from, check_figure, nearest_preset, settings_of
from origin.changes import Change
from origin.code import CodeComparison, compare_code
from origin.environment import consequence, differences
from origin.git import is_here, split_commit
from origin.made_from import MadeFrom
from pipeline.expected import carried_preset
from study.config import Config
from study.provenance import git

_MOST = 6


def title(origin: MadeFrom) -> str:
    """Return what a file is: figure or table, of which figure, from which preset."""
    what = {"figure": "figure", "table": "table", "part": f"part {origin.part} of the table"}
    preset = f"preset {origin.preset}" if origin.preset else "no preset named"
    changed = ", with changed values" if origin.values_changed else ""
    return f"{origin.key}, {what[origin.kind]}, {preset}{changed}"


def listed(items: list[Change] | list[str], joint: str = ", ") -> str:
    """Return the first few items and how many more there are."""
    more = f"{joint}and {len(items) - _MOST} more" if len(items) > _MOST else ""
    return joint.join(map(str, items[:_MOST])) + more


def reference(origin: MadeFrom) -> tuple[str, Config]:
    """Return the carried preset to compare with: the file's own, else the nearest."""
    name = origin.preset
    if carried_preset(name) is None:
        settings = settings_of(origin)
        name = nearest_preset(origin.paper, settings) if settings else "laptop"
    return name, carried_preset(name)


def changed_settings(origin: MadeFrom, config: Config) -> list[Change] | None:
    """Return what differs from a configuration's settings of the figure; None if not known."""
    settings = settings_of(origin)
    return None if settings is None else changes_from(config, origin.paper, settings)


def code_in_words(found: CodeComparison) -> str:
    """Return whether the code of one script is the same here, and which files differ."""
    if found.same:
        return f"{found.what}: the same"
    if found.here is None:
        return f"{found.what}: this checkout does not have its script"
    files = f" since its commit, in {listed(found.files)}" if found.files else ""
    if len(found.recorded) > 1:
        return f"{found.what}: made by {len(found.recorded)} states of the code"
    return f"{found.what}: changed{files}"


def commit_in_words(recorded: str) -> str:
    """Return a commit and what this clone knows of it."""
    commit, changed = split_commit(recorded)
    if commit is None:
        return recorded
    also = ", and changes of the working tree that are in no commit" if changed else ""
    if not is_here(commit):
        return f"{commit}{also}; this clone does not have it (git fetch, or ask who made the file)"
    if commit == git("rev-parse", "HEAD"):
        return f"{commit}{also}; it is checked out here"
    behind = git("rev-list", "--count", f"{commit}..HEAD")
    return f"{commit}{also}; {behind} commits of this checkout are newer"


def differences_from_here(origin: MadeFrom, own: Config | None = None) -> list[str]:
    """Return lines on settings, seed, code and environment: the same here, or what differs.

    Args:
        own: the configuration to compare with; else the file's own preset or the nearest.

    Raises:
        UserError: this checkout does not have the figure.
    """
    check_figure(origin)
    name, config = (own.preset, own) if own else reference(origin)
    lines = []
    if not own and origin.preset and origin.preset != name:
        lines.append(
            f"preset: '{origin.preset}' is not carried here; compared with '{name}', the nearest"
        )
    found = changed_settings(origin, config)
    if found is None:
        lines.append("settings: those of no preset that is carried here")
    else:
        differ = f"differ, here → there: {listed(found, '; ')}"
        lines.append(f"settings: {differ if found else f'the same as in {name!r} here'}")
    seeds = origin.all_of("root_seed")
    if seeds and seeds != [config.root_seed]:
        lines.append(f"root seed: here {config.root_seed}, there {' and '.join(map(str, seeds))}")
    elif seeds:
        lines.append("root seed: the same")
    lines += [f"code of {code_in_words(item)}" for item in compare_code(origin, config)]
    environment = differences(origin)
    lines += [f"environment: {item}" for item in environment]
    return [*lines, consequence(environment)]

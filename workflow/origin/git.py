"""What git knows of the commit that a file names."""

from pathlib import Path

from study.provenance import git

_CHANGED = "+changes"


def split_commit(recorded: str) -> tuple[str | None, bool]:
    """Return the commit in what a file records, None if it knew none, and if it had changes."""
    commit = recorded.removesuffix(_CHANGED)
    return (None if " " in commit else commit), recorded.endswith(_CHANGED)


def is_here(commit: str) -> bool:
    """Return whether this clone has the commit."""
    return git("cat-file", "-e", f"{commit}^{{commit}}") is not None


def changed_files(commit: str, files: list[Path]) -> list[str]:
    """Return those of `files` whose text differs from that at the commit, relative to workflow/."""
    names = git("diff", "--name-only", commit, "--", *map(str, files))
    return [name.removeprefix("workflow/") for name in (names or "").splitlines()]

"""What git knows of the commit that a file names."""

import subprocess
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
_CHANGED = "+changes"


def git(*arguments: str) -> str | None:
    """Return what a git command prints; None if it fails or there is no git."""
    try:
        done = subprocess.run(
            ["git", "-C", str(PROJECT), *arguments], capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    return done.stdout.strip()


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

"""Atomic writes: a file is either complete or not there."""

import contextlib
import fcntl
import glob
import hashlib
import os
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path

#: Random letters in a temporary name.
_LETTERS = 8
#: Called before a finished file takes its target's place. It raises if that must not happen.
before_replacing: Callable[[], None] = lambda: None  # noqa: E731


@contextlib.contextmanager
def atomic_path(target: Path) -> Iterator[Path]:
    """Yield a temporary path beside `target`; it takes the target's place when the block ends.

    If the block raises, or the process is killed, `target` stays as it was. What a killed process
    has left of its temporary path goes with the next write of the same target.

    Raises:
        OSError: the folder cannot be written to, or the disk is full.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    _remove_leftovers(target)
    letters = secrets.token_hex(_LETTERS // 2)
    temporary = target.with_name(f".{target.stem}-{letters}{target.suffix}")
    handle = os.open(temporary, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o666)
    try:
        _take(handle)
        yield temporary
        with temporary.open("rb") as written:
            os.fsync(written.fileno())
        before_replacing()
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)
        os.close(handle)


def _take(handle: int) -> bool:
    """Mark an open file as being written; return whether nobody else does that.

    The system takes the mark back when the process ends, however it ends. Where a file system
    has no such marks nothing is told apart, and nothing is removed.
    """
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _remove_leftovers(target: Path) -> None:
    """Remove temporary files of `target` that no process is writing any more."""
    pattern = f".{glob.escape(target.stem)}-{'?' * _LETTERS}{glob.escape(target.suffix)}"
    for path in target.parent.glob(pattern):
        # Another process may be removing the same ones.
        with contextlib.suppress(OSError), path.open("r+b") as stream:
            if _take(stream.fileno()):
                path.unlink()


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file's content, in hexadecimal digits.

    Raises:
        OSError: the file cannot be read.
    """
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def write_text(target: Path, text: str) -> None:
    """Write `text` to `target` in one step."""
    with atomic_path(target) as path:
        path.write_text(text, encoding="utf-8")

"""Atomic writes: a file is either complete or not there."""

import contextlib
import glob
import hashlib
import os
import secrets
import time
from collections.abc import Iterator
from pathlib import Path

#: Random letters in a temporary name.
_LETTERS = 8
#: Seconds after which a temporary file is nobody's any more.
_OLD = 24 * 3600


@contextlib.contextmanager
def atomic_path(target: Path) -> Iterator[Path]:
    """Yield a temporary path beside `target`; it takes the target's place when the block ends.

    If the block raises, or the process is killed, `target` stays as it was. What a killed process
    has left goes when the same target is written a day later.

    Raises:
        OSError: the folder cannot be written to, or the disk is full.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    _remove_leftovers(target)
    letters = secrets.token_hex(_LETTERS // 2)
    temporary = target.with_name(f".{target.stem}-{letters}{target.suffix}")
    try:
        temporary.touch(exist_ok=False)
        yield temporary
        with temporary.open("rb") as written:
            os.fsync(written.fileno())
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)


def _remove_leftovers(target: Path) -> None:
    """Remove temporary files of `target` so old that no process is writing them any more."""
    pattern = f".{glob.escape(target.stem)}-{'?' * _LETTERS}{glob.escape(target.suffix)}"
    for path in target.parent.glob(pattern):
        # Another process may be removing the same ones.
        with contextlib.suppress(OSError):
            if time.time() - path.stat().st_mtime > _OLD:
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

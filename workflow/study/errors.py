"""The error that a person reads: one or two sentences on what is wrong and what to do."""

from pathlib import Path


class UserError(Exception):
    """Shown as it is, without a traceback."""


class DamagedFile(UserError):
    """A file is not what was written: its content broke later.

    Attributes:
        path: the file.
    """

    def __init__(self, path: Path, reason: object) -> None:
        super().__init__(f"{path} is damaged ({reason})")
        self.path = path

"""Downloads: a file is whole and right, or it is not there.

pooch writes beside the file's place and gives the file its name once its checksum is right.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pooch

from deepinit.progress import Report, no_progress
from study.errors import UserError

#: Rounds over the addresses, and seconds between two of them.
_ROUNDS, _PAUSE = 3, 10.0
#: Seconds to wait for a connection, and for each piece of an answer.
_TIMEOUT = 30.0
_CHUNK_BYTES = 1 << 20


@dataclass(frozen=True)
class RemoteFile:
    """A file that is offered at one or more addresses.

    Attributes:
        name: its name on disk.
        md5: MD5 of its content, hexadecimal.
        addresses: where it is offered, the preferred one first.
    """

    name: str
    md5: str
    addresses: tuple[str, ...]


class _Progress:
    """What pooch tells of a download, passed on as (done, total) bytes."""

    def __init__(self, report: Report) -> None:
        self.total, self._done, self._report = 0, 0, report

    def update(self, size: int) -> None:
        """Count what has arrived."""
        self._done = min(self._done + size, self.total)
        self._report(self._done, self.total)

    def reset(self) -> None:
        """Start to count again."""
        self._done = 0

    def close(self) -> None:
        """Do nothing: there is nothing to close."""


def fetch(
    remote: RemoteFile,
    folder: Path,
    *,
    progress: Report = no_progress,
    say: Callable[[str], None] = lambda sentence: None,
) -> Path:
    """Return the path of `remote` in `folder`, downloaded if it is not there with the right checksum.

    Args:
        progress: called with (done, total), bytes.
        say: is given a sentence for each address that fails.

    Raises:
        UserError: no address has the file, or none could be reached; names each with its reason.
        OSError: the folder cannot be written to, or the disk is full.
    """
    pooch.get_logger().setLevel(logging.WARNING)
    hopeful, reasons = list(remote.addresses), {}
    for attempt in range(_ROUNDS):
        if attempt and hopeful:
            time.sleep(_PAUSE)
        for address in list(hopeful):
            try:
                return _from(address, remote, folder, progress)
            # A wrong checksum is a ValueError, and what goes wrong in the network an OSError without
            # a number: one with a number is about the disk.
            except (OSError, ValueError) as error:
                if isinstance(error, OSError) and error.errno is not None:
                    raise
                reasons[address] = " ".join(str(error).split())
                say(f"{address}: {reasons[address]}")
                # Another file than it should be, of megabytes, is the same the next time.
                if isinstance(error, ValueError):
                    hopeful.remove(address)
    raise UserError(
        f"{remote.name} could not be downloaded: "
        + "; ".join(f"{address}: {reason}" for address, reason in reasons.items())
    )


def _from(address: str, remote: RemoteFile, folder: Path, progress: Report) -> Path:
    downloader = pooch.HTTPDownloader(
        progressbar=_Progress(progress), timeout=_TIMEOUT, chunk_size=_CHUNK_BYTES
    )
    known = f"md5:{remote.md5}"
    return Path(pooch.retrieve(address, known, remote.name, folder, downloader=downloader))

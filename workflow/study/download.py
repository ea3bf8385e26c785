"""Downloads: a file is whole and right, or it is not there.

pooch writes beside the file's place and gives the file its name once its checksum is right.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pooch

from study.errors import UserError

#: Seconds to wait for a connection, and for each piece of an answer.
_TIMEOUT = 30.0


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


def fetch(
    remote: RemoteFile, folder: Path, say: Callable[[str], None] = lambda sentence: None
) -> Path:
    """Return the path of `remote` in `folder`, downloaded if it is not there with the right checksum.

    Args:
        say: is given a sentence for each address that fails.

    Raises:
        UserError: no address has the file, or none could be reached; names each with its reason.
        OSError: the folder cannot be written to, or the disk is full.
    """
    pooch.get_logger().setLevel(logging.WARNING)
    known, reasons = f"md5:{remote.md5}", []
    for address in remote.addresses:
        downloader = pooch.HTTPDownloader(timeout=_TIMEOUT)
        try:
            return Path(pooch.retrieve(address, known, remote.name, folder, downloader=downloader))
        # A wrong checksum is a ValueError, and what goes wrong in the network an OSError without
        # a number: one with a number is about the disk.
        except (OSError, ValueError) as error:
            if isinstance(error, OSError) and error.errno is not None:
                raise
            reasons.append(f"{address}: {' '.join(str(error).split())}")
            say(reasons[-1])
    raise UserError(f"{remote.name} could not be downloaded: {'; '.join(reasons)}")

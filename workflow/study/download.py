"""Downloads that go on after a break: a file is whole and right, or it is not there.

What has arrived stands in `<name>.partial` beside the file's place. The next try asks for the
rest only (an HTTP range), at the same address or at another, in this run or a later one. The
file gets its name when its checksum is right. Addresses are tried in turn; between two rounds
there is a pause, each twice as long as the one before.
"""

import hashlib
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from deepinit.progress import Report, no_progress
from study.errors import UserError
from study.http_range import NotHere, NotNow, file_size, receive_rest

_LONGEST_PAUSE = 60.0
#: A round that brings the file this much farther counts as no failure, however often the
#: connection breaks.
_HEADWAY = 1 << 20


class DownloadError(UserError):
    """A file could not be had from any of its addresses."""


@dataclass(frozen=True)
class RemoteFile:
    """A file that is offered at one or more addresses.

    Attributes:
        name: its name on disk.
        md5: MD5 of its content, hexadecimal.
        size: bytes.
        addresses: where it is offered, the preferred one first.
    """

    name: str
    md5: str
    size: int
    addresses: tuple[str, ...]


@dataclass(frozen=True)
class Patience:
    """How long a download waits for what.

    Attributes:
        rounds: rounds over all addresses without headway before it gives up.
        pause: seconds between the first two rounds.
        answer: seconds to wait for a connection, and for each piece of an answer.
        rate: bytes a second below which the other addresses are tried first.
    """

    rounds: int = 6
    pause: float = 1.0
    answer: float = 30.0
    rate: float = 200e3


PATIENT = Patience()


def file_md5(path: Path) -> str:
    """Return the MD5 of a file's content, hexadecimal."""
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, lambda: hashlib.md5(usedforsecurity=False))
    return digest.hexdigest()


def _say_nothing(sentence: str) -> None:
    """Ignore a sentence; the default where nobody reads."""


def fetch(
    remote: RemoteFile,
    folder: Path,
    *,
    patience: Patience = PATIENT,
    progress: Report = no_progress,
    say: Callable[[str], None] = _say_nothing,
    sleep: Callable[[float], None] = time.sleep,
) -> Path:
    """Return the path of `remote` in `folder`, after downloading what is missing of it.

    Nothing is asked of the network if the file is there and its checksum is right.

    Args:
        progress: called with (done, total), bytes of this download.
        say: is told in a sentence what went wrong at an address, and what happens next.
        sleep: waits that many seconds.

    Raises:
        DownloadError: no address has the file, or none could be reached; names each with its
            reason. What has arrived is kept for the next call.
        OSError: the folder cannot be written to, or the disk is full.
    """
    target = folder / remote.name
    if target.is_file():
        if file_md5(target) == remote.md5:
            return target
        say(f"{target} is damaged: downloading it again")
        target.unlink()
    folder.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(f"{target.name}.partial")
    hopeful, reasons, idle = list(remote.addresses), {}, 0
    farthest = file_size(partial)
    while hopeful and idle < patience.rounds:
        for address in list(hopeful):
            # A slow address is better than none, so it is left only for one not yet tried.
            untried = set(hopeful) - {address} - reasons.keys()
            least_rate = patience.rate if untried else 0.0
            try:
                _complete(remote, address, partial, patience, least_rate, progress)
            except NotHere as reason:
                hopeful.remove(address)
                reasons[address] = str(reason)
            except NotNow as reason:
                reasons[address] = str(reason)
            else:
                os.replace(partial, target)
                return target
            say(f"{address}: {reasons[address]}")
        idle = 0 if file_size(partial) >= farthest + _HEADWAY else idle + 1
        farthest = max(farthest, file_size(partial))
        if hopeful and idle < patience.rounds:
            pause = min(patience.pause * 2 ** max(0, idle - 1), _LONGEST_PAUSE)
            say(f"trying again in {pause:.0f} s")
            sleep(pause)
    kept = (
        f"; {file_size(partial)} of its {remote.size} bytes are kept" if file_size(partial) else ""
    )
    raise DownloadError(
        f"{remote.name} could not be downloaded{kept}: "
        + "; ".join(f"{address}: {reason}" for address, reason in reasons.items())
    )


def _complete(
    remote: RemoteFile,
    address: str,
    partial: Path,
    patience: Patience,
    least_rate: float,
    progress: Report,
) -> None:
    """Bring `partial` to the whole file, its checksum right, from one address.

    Raises:
        NotHere, NotNow: that could not be done.
    """
    start = file_size(partial)
    if start < remote.size:
        start = receive_rest(
            address,
            partial,
            remote.size,
            timeout=patience.answer,
            least_rate=least_rate,
            progress=progress,
        )
    if file_size(partial) < remote.size:
        raise NotNow(f"the connection ended after {file_size(partial)} of {remote.size} bytes")
    actual = file_md5(partial)
    if actual == remote.md5:
        return
    partial.unlink()
    if start:
        # What an earlier try left may be at fault, and not this address.
        _complete(remote, address, partial, patience, least_rate, progress)
    else:
        raise NotHere(f"it serves wrong bytes, their md5 is {actual} instead of {remote.md5}")

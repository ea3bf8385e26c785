"""One request for the rest of a file, over HTTP.

An answer is taken for a part of the file only if it says so: a page that a server sends in
place of the file has another length, and what is there already stays as it is.
"""

import re
import time
from pathlib import Path

import requests
import urllib3

from deepinit.progress import Report

_CHUNK = 1 << 16
#: Answers after which the same address may have the file a little later.
_PASSING = {408, 425, 429, 500, 502, 503, 504}
_SECONDS_TO_JUDGE_A_RATE = 20.0


class NotHere(Exception):
    """This address does not have the file; asking again is of no use."""


class NotNow(Exception):
    """This address may have the file later."""


def file_size(path: Path) -> int:
    """Return the bytes of a file, 0 if there is none."""
    return path.stat().st_size if path.is_file() else 0


def receive_rest(
    address: str,
    partial: Path,
    size: int,
    *,
    timeout: float,
    least_rate: float,
    progress: Report,
) -> int:
    """Append to `partial` what an address sends of the rest of a file.

    A connection that breaks after some bytes is no error: the caller sees how much there is.

    Args:
        partial: what there is of the file; it need not exist.
        size: bytes of the whole file.
        timeout: seconds to wait for a connection, and for each piece of the answer.
        least_rate: bytes a second; a slower answer is given up after a while.
        progress: called with (done, total), bytes of this answer.

    Returns:
        The position in the file at which the answer begins: 0 if the address sends no ranges.

    Raises:
        NotHere: this address has another file, or none.
        NotNow: nothing was sent, or not what was asked for, or too slowly.
    """
    start = file_size(partial)
    # The file as it is stored: an encoding for the transfer would change the bytes and their number.
    headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={start}-"} if start else {})
    try:
        with requests.get(address, headers=headers, stream=True, timeout=timeout) as reply:
            start = _start_of(reply, size, start, partial)
            with partial.open("ab" if start else "wb") as file:
                begin = time.monotonic()
                # `read1` returns what is there: when the line falls silent, nothing waits in a buffer.
                while chunk := reply.raw.read1(_CHUNK, decode_content=False):
                    file.write(chunk)
                    done = file.tell()
                    progress(done - start, size - start)
                    if done > size:
                        break
                    seconds = time.monotonic() - begin
                    if seconds > _SECONDS_TO_JUDGE_A_RATE and done - start < least_rate * seconds:
                        rate = (done - start) / seconds / 1e3
                        raise NotNow(f"only {rate:.0f} kB/s; trying the next address first")
    except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
        if file_size(partial) == start:
            raise NotNow(_in_words(error, timeout)) from None
    return start


def _start_of(reply: requests.Response, size: int, asked: int, partial: Path) -> int:
    """Return the position in the file at which the body of `reply` begins.

    Raises:
        NotHere, NotNow: the body does not belong to the file.
    """
    status = reply.status_code
    if status in _PASSING:
        raise NotNow(f"the server is not ready (HTTP {status})")
    if status == requests.codes.requested_range_not_satisfiable:
        raise NotHere(f"its file is shorter than the {asked} bytes that are here already")
    if status == requests.codes.partial_content:
        found = re.fullmatch(r"bytes (\d+)-\d+/(\d+|\*)", reply.headers.get("Content-Range", ""))
        if found and found[2] not in ("*", str(size)):
            raise NotHere(f"its file has {found[2]} bytes instead of {size}")
        if not found or int(found[1]) != asked:
            # Asks for the whole file next time.
            partial.unlink(missing_ok=True)
            raise NotNow("it sent another part of the file than it was asked for")
        return asked
    if status != requests.codes.ok:
        raise NotHere(f"it does not have the file (HTTP {status})")
    length = reply.headers.get("Content-Length", str(size))
    if length != str(size):
        raise NotHere(f"its file has {length} bytes instead of {size}")
    return 0


def _in_words(error: Exception, timeout: float) -> str:
    """Return what went wrong with a connection."""
    if isinstance(error, requests.Timeout | urllib3.exceptions.TimeoutError):
        return f"no answer within {timeout:.0f} s"
    cause: BaseException = error
    while cause.__context__ is not None:
        cause = cause.__context__
    return f"no connection ({cause})"

"""Files that are dated in the future, by a wrong clock or from a machine that has one."""

import os
import time
from collections.abc import Iterable
from pathlib import Path

from study.errors import UserError

#: Clocks of a file server and of this machine may differ by so much, seconds.
_SPARE = 1.0


def bring_to_present(folders: Iterable[Path]) -> int:
    """Give files below `folders` that are dated in the future the present date; return how many.

    Snakemake takes what a job has just made from such a file for a mistake and deletes it, since it
    is older. What a file holds decides whether anything is made anew, not its date.

    Raises:
        UserError: the date of such a file may not be changed.
    """
    now, count = time.time(), 0
    for folder in folders:
        for path in folder.rglob("*"):
            # A link into a cache may point to nothing.
            if not path.is_file() or path.stat().st_mtime <= now + _SPARE:
                continue
            try:
                os.utime(path)
            except OSError as error:
                raise UserError(
                    f"{path} is dated in the future, which Snakemake does not bear, and cannot be "
                    f"given another date ({error.strerror}): 'touch' it, or let its owner do so"
                ) from None
            count += 1
    return count

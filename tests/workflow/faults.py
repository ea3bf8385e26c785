"""What tests do to a project to see how it bears it: bits flipped, dates changed, processes killed."""

import os
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import numpy as np
import psutil
import pyarrow.parquet as pq
from project import Project

#: Sources and results, but neither git's nor Snakemake's own files.
_NOT_OURS = {".git", ".snakemake"}


def flip_bit(path: Path, at: int | None = None) -> None:
    """Flip one bit of a file, in its middle or `at` an offset, and leave its date, as disks do."""
    dated = path.stat()
    content = bytearray(path.read_bytes())
    content[len(content) // 2 if at is None else at] ^= 1
    path.write_bytes(content)
    os.utime(path, ns=(dated.st_atime_ns, dated.st_mtime_ns))


def in_numbers(table: Path) -> int:
    """Return an offset in the middle of the first column's numbers, which have checksums."""
    column = pq.read_metadata(table).row_group(0).column(0)
    return column.data_page_offset + column.total_compressed_size // 2


def date_at_random(project: Project, generator: np.random.Generator) -> None:
    """Give all files, in random order, random dates between 1970 and now."""
    files = [
        path
        for path in sorted(project.path.rglob("*"))
        if path.is_file() and not _NOT_OURS & set(path.relative_to(project.path).parts)
    ]
    for index in generator.permutation(len(files)):
        os.utime(files[index], (date := generator.uniform(0, time.time()), date))


def wait_until(condition: Callable[[], bool], seconds: float = 120) -> None:
    """Wait until `condition` holds; fail if it does not within some seconds."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.1)


@contextmanager
def running(project: Project, said: Path, command: list[str]) -> Iterator[psutil.Popen]:
    """Start a command that writes to the file `said`; nothing of it is left in the end."""
    with said.open("w") as stream:
        process = psutil.Popen(
            command,
            cwd=project.path,
            stdout=stream,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        for left in family(process.pid):
            with suppress(psutil.NoSuchProcess):
                left.kill()
        process.wait()


def family(session: int) -> list[psutil.Process]:
    """Return the processes of a session, orphans included."""
    found = []
    for process in psutil.process_iter():
        with suppress(ProcessLookupError, PermissionError, psutil.NoSuchProcess):
            if os.getsid(process.pid) == session and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
    return found


def jobs(session: int) -> list[psutil.Process]:
    """Return the jobs of a session."""
    found = []
    for process in family(session):
        with suppress(psutil.NoSuchProcess):
            if process.cmdline()[1:2] == ["workflow/job.py"]:
                found.append(process)
    return found

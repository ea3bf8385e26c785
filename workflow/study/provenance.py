"""Where a result comes from: written into every table and figure, and beside every log."""

import json
import os
import platform
import resource
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from study.files import sha256, write_text

PROJECT = Path(__file__).resolve().parents[2]
#: Variables of git that name a repository.
_ELSEWHERE = {"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR", "GIT_PREFIX"}


def git(*arguments: str) -> str | None:
    """Return what a git command prints; None if it fails or there is no git.

    Only a repository whose top level is the project counts: another one around it knows nothing of
    this code, and variables of a git that calls us may name another one still.
    """
    environment = {name: value for name, value in os.environ.items() if name not in _ELSEWHERE}
    environment["GIT_CEILING_DIRECTORIES"] = str(PROJECT.parent)
    command = ["git", "-C", str(PROJECT), *arguments]
    try:
        done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    except OSError:
        return None
    return None if done.returncode else done.stdout.strip()


@cache
def git_commit() -> str:
    """Return the commit of the project, "+changes" appended if tracked files differ; or "not known"."""
    commit = git("rev-parse", "HEAD")
    changed = git("status", "--porcelain", "--untracked-files=no", "--", "workflow", "Snakefile")
    if commit is None or changed is None:
        return "not known"
    return f"{commit}+changes" if changed else commit


def _processor_says(key: str) -> str:
    """Return what Linux says of the first processor under a key; "" elsewhere."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return ""
    found = (line.partition(":") for line in lines)
    return next((value.strip() for name, _, value in found if name.strip() == key), "")


def processor() -> str:
    """Return the name of the processor."""
    return _processor_says("model name") or platform.processor() or "unknown"


def instruction_set(flags: Iterable[str]) -> str:
    """Return the vector instructions that torch uses on a processor with these flags; "" for neither.

    Rounding, and so bytes, depend on it; on a virtual machine the processor's name does not tell.
    """
    known = {"AVX512": {"avx512f", "avx512bw", "avx512dq", "avx512vl"}, "AVX2": {"avx2", "fma"}}
    return next((name for name, needed in known.items() if needed <= set(flags)), "")


def machine() -> str:
    """Return the system, the processor and its vector instructions."""
    name = f"{platform.system()} {platform.machine()}, {processor()}"
    vectors = instruction_set(_processor_says("flags").split())
    return f"{name}, {vectors}" if vectors else name


def describe_code_and_machine(code: str, device: str) -> dict[str, Any]:
    """Return what is the same whenever this job runs on this platform: no times, no dates."""
    known = ("numpy", "scipy", "pandas", "pyarrow", "matplotlib", "torch")
    # Of the module that was imported, which need not be the one that is installed.
    packages = {name: str(sys.modules[name].__version__) for name in known if name in sys.modules}
    return {
        "commit": git_commit(),
        "code": code,
        "device": device,
        "machine": machine(),
        "python": platform.python_version(),
        "packages": packages,
    }


def checksums(files: Iterable[Path]) -> dict[str, str]:
    """Return path ↦ SHA-256 of those of `files` that are files.

    Raises:
        OSError: one cannot be read.
    """
    return {path.as_posix(): sha256(path) for path in files if path.is_file()}


def write_run_record(
    path: Path, job: Any, started: float, read: Mapping[str, str], code: str
) -> None:
    """Write what differs from run to run (when, where, how long, how much memory), and checksums.

    It lies beside the log and not in the table, so that the same job gives the same bytes.

    Args:
        job: the job (`study.job`) that has ended; the wait for its GPU is left out of the time.
        started: `time.time()` at its start.
        read: path ↦ SHA-256 of the files that it read.
        code: the hash of the code that ran.
    """
    usage = resource.getrusage(resource.RUSAGE_SELF)
    waited = (job.gpu or {}).get("waited_seconds", 0)
    record = {
        "job": job.label,
        "device": job.device,
        "finished": time.strftime("%Y-%m-%dT%H:%M:%S%z"),
        "wall_seconds": round(time.time() - started - waited, 3),
        "cpu_seconds": round(usage.ru_utime + usage.ru_stime, 3),
        "peak_mebibytes": round(usage.ru_maxrss / 2**10, 1),
        "host": platform.node(),
        "cores": os.cpu_count(),
        # The GPUs that a scheduler gave this job; None if none has said anything.
        "visible_devices": os.environ.get("CUDA_VISIBLE_DEVICES"),
        "inputs": read,
        "outputs": checksums(job.outputs),
        "spec": job.spec,
        "streams": job.streams,
        "code": code,
    }
    if job.gpu is not None:
        record["gpu"] = job.gpu
    write_text(path, json.dumps(record, indent=1) + "\n")

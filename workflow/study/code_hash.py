"""Which project files a job's script runs, found by reading imports, and a hash of them.

Snakemake sees a changed script but not a changed module behind it. Every job therefore
carries the hash of its script's whole import closure as a parameter: the job reruns if and
only if code that it uses has changed, or the pinned version of a package that this code
imports. Comments, docstrings and layout do not count, nor do modules that only say and record.
"""

import hashlib
import os
import re
import sys
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from study.code_reading import code_of
from study.errors import UserError

WORKFLOW = Path(__file__).resolve().parents[1]
#: The exact versions of all packages, below the project's root.
_LOCK = "envs/requirements.lock"
#: Packages that are imported under another name than they are installed.
_INSTALLED_AS = {"PIL": "pillow", "markdown_it": "markdown-it-py", "yaml": "pyyaml"}

#: Modules that only say, write and record: no number depends on them, so a better sentence there
#: makes no job run again.
_WITHOUT_NUMBERS = {
    "deepinit/__init__.py",
    "deepinit/exports.py",
    "deepinit/progress.py",
    "study/code_hash.py",
    "study/code_reading.py",
    "study/provenance.py",
    "study/errors.py",
    "study/files.py",
    "study/gpu_lock.py",
    "study/progress.py",
    "study/units.py",
} | {
    # What a topic offers at its top; figures import the modules themselves.
    f"deepinit/{topic}/__init__.py"
    for topic in ("conv", "dense", "meanfield", "noise", "probing", "resnet", "stats", "training")
}


def file_of(place: str) -> Path:
    """Return the file of "my_net.py:build"; relative paths start in the project's folder."""
    return WORKFLOW.parent / place.rpartition(":")[0]


def scripts_of_job(script: str, spec: Mapping[str, Any]) -> tuple[str, ...]:
    """Return what a job runs: job.py, its script, and files of the user's that its specification names."""
    own = [spec["build"], spec["inputs"]] if spec.get("paper") == "own" else []
    return ("job.py", script, *sorted({str(file_of(place).resolve()) for place in own}))


def _module_file(name: str, folder: Path) -> Path | None:
    """Return the file of module `name` below a folder, or None for a module from elsewhere."""
    base = folder.joinpath(*name.split("."))
    for candidate in (base.with_suffix(".py"), base / "__init__.py"):
        if candidate.is_file():
            return candidate
    return None


def _with_packages(name: str, folder: Path) -> list[Path]:
    """Return the files that `import name` runs: the module and the packages above it."""
    parts = name.split(".")
    prefixes = [".".join(parts[: count + 1]) for count in range(len(parts))]
    return [file for prefix in prefixes if (file := _module_file(prefix, folder))]


def user_folders(scripts: Iterable[str]) -> tuple[Path, ...]:
    """Return the folders of the user's files among scripts, from which these may import."""
    return tuple(sorted({Path(script).parent for script in scripts if Path(script).is_absolute()}))


def _imported(name: str, file: Path, folders: tuple[Path, ...]) -> list[Path]:
    """Return the files that an import in `file` runs, below one of `folders` or workflow/."""
    if name.startswith("."):
        dots = len(name) - len(name.lstrip("."))
        return _with_packages(name[dots:] or "__init__", file.parents[dots - 1])
    found = (_with_packages(name, folder) for folder in (*folders, WORKFLOW))
    return next(filter(None, found), [])


@cache
def _read(
    file: Path, folders: tuple[Path, ...] = ()
) -> tuple[frozenset[Path], frozenset[str], str]:
    """Return the files and the other packages that `file` imports, and a hash of its code."""
    try:
        names, digest = code_of(file)
    except (SyntaxError, ValueError) as error:
        raise UserError(f"{file} is no Python: {error}") from None
    files = {name: _imported(name, file, folders) for name in names}
    roots = {name.split(".")[0] for name, found in files.items() if not found} - {""}
    return (
        frozenset(file for found in files.values() for file in found),
        frozenset(roots - sys.stdlib_module_names),
        digest,
    )


def import_closure(*scripts: str) -> list[Path]:
    """Return all project files that run when `scripts` do, sorted; themselves included.

    Args:
        scripts: paths relative to workflow/; absolute ones are the user's files.

    Raises:
        UserError: a script does not exist, or is no Python.
    """
    pending, folders = [], user_folders(scripts)
    for script in scripts:
        if not (WORKFLOW / script).is_file():
            raise UserError(f"there is no script workflow/{script}: write it")
        absolute = Path(script).is_absolute()
        module = script.removesuffix(".py").replace("/", ".")
        pending.extend([Path(script)] if absolute else _with_packages(module, WORKFLOW))
    found: set[Path] = set()
    while pending:
        file = pending.pop()
        if file not in found:
            found.add(file)
            pending.extend(_read(file, folders)[0])
    return sorted(found)


@cache
def _pins(root: Path) -> dict[str, str]:
    """Return package, in small letters and with hyphens ↦ its line in the lock file."""
    lock = root / _LOCK
    lines = lock.read_text(encoding="utf-8").splitlines() if lock.is_file() else []
    pins = [line.strip() for line in lines if "==" in line and not line.startswith("#")]
    return {re.sub(r"[-_.]+", "-", pin.split("==")[0].lower()): pin for pin in pins}


def pinned_packages(*scripts: str) -> list[str]:
    """Return the packages that the import closure of `scripts` imports, as they are pinned, sorted.

    A package without a pin is left out: its version is not the project's to decide.
    """
    pins = _pins(WORKFLOW.parent)
    folders = user_folders(scripts)
    roots = {root for file in import_closure(*scripts) for root in _read(file, folders)[1]}
    names = {_INSTALLED_AS.get(root, root).lower().replace("_", "-") for root in roots}
    return sorted(pins[name] for name in names if name in pins)


def _hashed_modules(*scripts: str) -> dict[str, str]:
    """Return file, relative to workflow/ ↦ hash of its code, of all on which numbers may depend."""
    files = import_closure(*scripts)
    names = {Path(os.path.relpath(file, WORKFLOW)).as_posix(): file for file in files}
    folders = user_folders(scripts)
    return {
        name: _read(file, folders)[2]
        for name, file in names.items()
        if name not in _WITHOUT_NUMBERS
    }


@cache
def code_hash(*scripts: str) -> str:
    """Return a hash, 16 hexadecimal digits, of the code in the import closure of `scripts`.

    The pinned versions of the packages that it imports are part of it; modules on which no number
    depends are not. A process keeps what it found first.
    """
    digest = hashlib.sha256()
    for name, code in _hashed_modules(*scripts).items():
        digest.update(f"{name}:{code}\n".encode())
    digest.update("\n".join(pinned_packages(*scripts)).encode())
    return digest.hexdigest()[:16]


def is_unchanged(*scripts: str) -> bool:
    """Return whether the code behind `scripts` is still what this process found first."""
    folders = user_folders(scripts)
    return all(code_of(file).digest == _read(file, folders)[2] for file in import_closure(*scripts))

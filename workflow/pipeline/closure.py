"""Which project files a job's script runs, found by reading imports, and a hash of them.

Snakemake sees a changed script but not a changed module behind it. Every job therefore
carries the hash of its script's whole import closure as a parameter: the job reruns if and
only if code that it uses has changed. Comments, docstrings and layout do not count.
"""

import ast
import hashlib
from functools import cache
from pathlib import Path

WORKFLOW = Path(__file__).resolve().parents[1]


def _module_file(name: str) -> Path | None:
    """Return the project file of module `name`, or None for a module from elsewhere."""
    base = WORKFLOW.joinpath(*name.split("."))
    for candidate in (base.with_suffix(".py"), base / "__init__.py"):
        if candidate.is_file():
            return candidate
    return None


def _with_packages(name: str) -> list[Path]:
    """Return the files that `import name` runs: the module and the packages above it."""
    parts = name.split(".")
    prefixes = [".".join(parts[: count + 1]) for count in range(len(parts))]
    return [file for prefix in prefixes if (file := _module_file(prefix))]


def _strip_docstrings(tree: ast.Module) -> None:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
            continue
        if ast.get_docstring(node, clean=False) is not None:
            node.body = node.body[1:] or [ast.Pass()]


@cache
def _read(file: Path) -> tuple[frozenset[Path], str]:
    """Return the project files that `file` imports and a hash of its code."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    imported: set[Path] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                imported.update(_with_packages(alias.name))
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            imported.update(_with_packages(node.module))
            for alias in node.names:
                imported.update(_with_packages(f"{node.module}.{alias.name}"))
    _strip_docstrings(tree)
    return frozenset(imported), hashlib.sha256(ast.unparse(tree).encode()).hexdigest()


def import_closure(*scripts: str) -> list[Path]:
    """Return all project files that run when `scripts` do, sorted; themselves included.

    Args:
        scripts: paths relative to workflow/. Imports must be absolute (`from deepinit…`).

    Raises:
        FileNotFoundError: a script does not exist.
    """
    pending = []
    for script in scripts:
        if not (WORKFLOW / script).is_file():
            raise FileNotFoundError(f"there is no script workflow/{script}")
        pending.extend(_with_packages(script.removesuffix(".py").replace("/", ".")))
    found: set[Path] = set()
    while pending:
        file = pending.pop()
        if file not in found:
            found.add(file)
            pending.extend(_read(file)[0])
    return sorted(found)


@cache
def code_hash(*scripts: str) -> str:
    """Return a hash, 16 hexadecimal digits, of the code in the import closure of `scripts`."""
    digest = hashlib.sha256()
    for file in import_closure(*scripts):
        digest.update(f"{file.relative_to(WORKFLOW).as_posix()}:{_read(file)[1]}\n".encode())
    return digest.hexdigest()[:16]

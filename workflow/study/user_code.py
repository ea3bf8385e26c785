"""Code of the user's own, named as "my_net.py:build": a file and a name in it."""

import importlib.util
import sys
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from study.code_hash import WORKFLOW, import_closure
from study.errors import UserError


def in_file(place: str, folder: Path) -> tuple[Path, str]:
    """Return the file, relative to `folder`, and the name of a place.

    Raises:
        UserError: it is none, or there is no such file.
    """
    file, _, name = place.rpartition(":")
    path = folder / file
    if not name or path.suffix != ".py":
        raise UserError(f"'{place}' must be a file and a name in it, such as my_net.py:build")
    if not path.is_file():
        raise UserError(f"there is no file '{file}' in {folder.absolute()}")
    return path, name


def checked(place: str) -> str:
    """Return a place, relative to the project's folder, after reading its file and all that this imports.

    Raises:
        ValueError: there is no such file, or the file or one that it imports is no Python.
    """
    try:
        import_closure(str(in_file(place, WORKFLOW.parent)[0].resolve()))
    except UserError as error:
        raise ValueError(str(error)) from None
    return place


def loaded(place: str) -> tuple[Any, Path]:
    """Return what a "file.py:name" names, and the file.

    Raises:
        UserError: there is no such file or name, or the file cannot be run.
    """
    path, name = in_file(place, Path())
    known = sys.modules.get(path.stem)
    if known is None or getattr(known, "__file__", None) != str(path.resolve()):
        spec = importlib.util.spec_from_file_location(path.stem, path.resolve())
        known = importlib.util.module_from_spec(spec)
        sys.modules[path.stem] = known
        # The file may import others that lie beside it.
        sys.path.insert(0, str(path.resolve().parent))
        as_user_errors([path], lambda: spec.loader.exec_module(known))
    if not hasattr(known, name):
        names = ", ".join(word for word in vars(known) if not word.startswith("_"))
        raise UserError(f"'{path.name}' has no '{name}'; in it are {names or 'no names'}")
    return getattr(known, name), path


def as_user_errors(
    paths: Sequence[Path], call: Callable[[], Any], refusal: type[Exception] = UserError
) -> Any:
    """Return what `call` returns; what fails in a user's files is told with its line, a refusal as it is.

    Raises:
        UserError: it fails.
    """
    try:
        return call()
    except refusal as error:
        raise UserError(str(error)) from None
    except Exception as error:
        frames = traceback.extract_tb(error.__traceback__)
        own = {path.resolve(): path for path in paths}
        places = [(own[file], f.lineno) for f in frames if (file := Path(f.filename)) in own]
        if isinstance(error, SyntaxError):
            places.append((error.filename, error.lineno))
        if not places:
            raise
        file, line = places[-1]
        said = f"{type(error).__name__}: {error}".strip().splitlines()[0]
        if isinstance(error, ModuleNotFoundError):
            said = f"there is no module '{error.name}'"
        raise UserError(f"{file}, line {line}: {said}") from None

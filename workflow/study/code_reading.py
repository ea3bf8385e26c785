"""What one source file imports, and a hash of its code: comments, docstrings and layout left out."""

import ast
import hashlib
from functools import cache
from pathlib import Path
from typing import NamedTuple


class Code(NamedTuple):
    """What a source file imports, as dotted names, sorted, and a hash of its code."""

    names: list[str]
    digest: str


def _words(node: object, found: list[str], in_f_string: bool = False) -> list[str]:
    """Append to `found`, and return it, what tells a piece of code from others in every version of Python.

    `ast.dump` and `ast.unparse` would not do: newer versions add fields, empty in older code, and
    write strings differently.
    """
    if isinstance(node, ast.AST):
        found.append(f"{type(node).__name__}(")
        for field, value in ast.iter_fields(node):
            if value is not None and value != []:
                found.append(f"{field}=")
                _words(value, found, isinstance(node, ast.JoinedStr))
        found.append(")")
    elif isinstance(node, list):
        found.append("[")
        for item in node:
            # Python 3.12 puts empty strings into f-strings.
            if not (isinstance(item, ast.Constant) and item.value == "" and in_f_string):
                _words(item, found)
        found.append("]")
    else:
        found.append(repr(node))
    return found


# A job looks again whether its files have changed; those that have not are not parsed again.
@cache
def read_code(text: str | bytes) -> Code:
    """Return what a source imports, at whatever place, relative imports with their dots, and its hash."""
    tree = ast.parse(text)
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            start = "." * node.level + (node.module or "")
            names.add(start)
            names.update(f"{start}{'.' * bool(node.module)}{alias.name}" for alias in node.names)
        elif (
            isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
            and ast.get_docstring(node, clean=False) is not None
        ):
            node.body = node.body[1:] or [ast.Pass()]
    return Code(sorted(names), hashlib.sha256(" ".join(_words(tree, [])).encode()).hexdigest())


def code_of(file: Path) -> Code:
    """Return what a source file imports and its hash."""
    return read_code(file.read_bytes())

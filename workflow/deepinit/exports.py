"""Names that a package offers at its top and loads when they are first asked for (PEP 562).

So theory is imported without torch, and a figure that imports one module of a topic does not depend on
the others: to a reader of import statements there is none.
"""

import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any


def offered(
    package: str, places: Mapping[str, str]
) -> tuple[list[str], Callable[[str], Any], Callable[[], list[str]]]:
    """Return `__all__`, `__getattr__` and `__dir__` of a package.

    Args:
        package: its dotted name.
        places: module below the package ↦ the names it defines, separated by blanks; without names the
            module itself is offered.
    """
    modules = {
        name: module for module, names in places.items() for name in names.split() or [module]
    }

    def load(name: str) -> Any:
        if name not in modules:
            raise AttributeError(f"module '{package}' has no attribute '{name}'")
        module = import_module(f"{package}.{modules[name]}")
        found = module if name == modules[name] else getattr(module, name)
        # The next time it is found without this function.
        setattr(sys.modules[package], name, found)
        return found

    return list(modules), load, lambda: sorted(modules)

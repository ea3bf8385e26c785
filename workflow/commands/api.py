"""Write pages on what the library offers, from its docstrings: `python workflow/cli.py api [FOLDER]`."""

import argparse
from pathlib import Path

import deepinit

_FOLDER = Path(__file__).resolve().parents[2] / "build/api"


def write_pages(folder: Path) -> None:
    """Write HTML pages into `folder`: one per topic, and one per module behind it."""
    import pdoc

    # pdoc sees only what has been loaded; equations are in the modules behind a topic.
    packages = [getattr(deepinit, name) for name in deepinit.__all__]
    modules = {
        getattr(package, name).__module__
        for package in packages
        for name in getattr(package, "__all__", ())
    }
    pdoc.render.configure(docformat="google")
    pdoc.pdoc("deepinit", *sorted(modules), output_directory=folder)


def main() -> None:
    """Write the pages into the folder that is named, or into build/api."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=_FOLDER)
    folder = parser.parse_args().folder
    write_pages(folder)
    print(f"The library's pages begin with {folder / 'index.html'}")

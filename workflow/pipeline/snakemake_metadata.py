"""What Snakemake knows of: the outputs of which it has recorded how it made them."""

import base64
import binascii
from pathlib import Path


def known_outputs(state: Path = Path(".snakemake")) -> set[str]:
    """Return the paths of the outputs that Snakemake has metadata of.

    It keeps one file for each output, named after its path in the base 64 of URLs; a name that
    would be too long is cut into folders that start with "@".
    """
    folder = state / "metadata"
    paths = set()
    for file in folder.rglob("*"):
        if file.is_file():
            parts = [part.removeprefix("@") for part in file.relative_to(folder).parts]
            try:
                paths.add(base64.urlsafe_b64decode("".join(parts)).decode())
            except (binascii.Error, UnicodeDecodeError):
                continue
    return paths

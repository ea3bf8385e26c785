"""Print which commit, code, settings, seed, device and versions made a file, and how to again.

python workflow/show_provenance.py results/laptop/figures/marion2025/fig7.pdf
"""

import json
import re
import sys
from pathlib import Path
from typing import Any

from PIL import Image

from deepinit.errors import UserError
from deepinit.tables import read_provenance


def provenance_of(path: Path) -> dict[str, Any]:
    """Return the provenance that a table (.parquet) or figure (.png, .pdf) carries.

    Raises:
        UserError: the file is missing, of another kind, or not made by this project.
    """
    if not path.is_file():
        raise UserError(f"there is no file {path}")
    try:
        if path.suffix == ".parquet":
            return read_provenance(path)
        if path.suffix == ".png":
            with Image.open(path) as image:
                return json.loads(image.info["Description"])
        if path.suffix == ".pdf":
            # A literal string of the PDF's information: parentheses and backslashes are escaped.
            text = re.search(rb"/Subject \((.*?)(?<!\\)\)\s*(?:/|>>)", path.read_bytes(), re.DOTALL)
            return json.loads(re.sub(rb"\\([()\\])", rb"\1", text.group(1)))
    except (KeyError, TypeError, AttributeError, ValueError, OSError):
        raise UserError(f"{path} has no provenance of this project in its metadata") from None
    raise UserError(f"{path} is neither a table (.parquet) nor a figure (.png, .pdf)")


if __name__ == "__main__":
    try:
        print(json.dumps(provenance_of(Path(sys.argv[1])), indent=2, ensure_ascii=False))
    except UserError as error:
        sys.exit(f"deepinit: {error}")
    except IndexError:
        sys.exit(__doc__)

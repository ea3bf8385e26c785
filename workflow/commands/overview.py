"""Tile some figures of the laptop preset into the picture of the README.

python workflow/cli.py overview
"""

import argparse
from pathlib import Path

from PIL import Image

from study.errors import UserError

FIGURES = Path("results/laptop/figures")
ROWS = (
    ("luther2019/histograms", "hanin2018/fig1a"),
    ("luther2019/finite_width", "hanin2018/fig3b", "hanin2018/conv_maps"),
    ("marion2025/fig7", "marion2025/fig4"),
    ("luther2019/learning_curves", "marion2025/fig9"),
)
WIDTH, GAP = 1800, 16


def _row(keys: tuple[str, ...]) -> Image.Image:
    """Return figures side by side at one height, WIDTH pixels wide together.

    Raises:
        UserError: one is missing.
    """
    if missing := [key for key in keys if not (FIGURES / f"{key}.png").is_file()]:
        raise UserError(f"{FIGURES}/{missing[0]}.png is missing: 'make' makes it")
    images = [Image.open(FIGURES / f"{key}.png").convert("RGB") for key in keys]
    free = WIDTH - GAP * (len(images) - 1)
    height = round(free / sum(image.width / image.height for image in images))
    row = Image.new("RGB", (WIDTH, height), "white")
    left = 0
    for image in images:
        scaled = image.resize((round(height * image.width / image.height), height), Image.LANCZOS)
        row.paste(scaled, (left, 0))
        left += scaled.width + GAP
    return row


def main() -> None:
    """Write the picture."""
    argparse.ArgumentParser(description=__doc__.splitlines()[0]).parse_args()
    rows = [_row(keys) for keys in ROWS]
    picture = Image.new("RGB", (WIDTH, sum(row.height + GAP for row in rows) - GAP), "white")
    top = 0
    for row in rows:
        picture.paste(row, (0, top))
        top += row.height + GAP
    palette = picture.quantize(256, dither=Image.Dither.NONE)
    palette.save("workflow/report/overview.png", optimize=True)

"""How figures are written."""

import io
from pathlib import Path

import numpy as np
import pytest
from matplotlib import pyplot as plt
from PIL import Image

from study.drawing import _write_png
from study.style import use_style


@pytest.mark.parametrize("colourful", [False, True])
def test_a_png_looks_as_it_was_drawn_and_is_small_unless_it_needs_many_colours(
    tmp_path: Path, colourful: bool
):
    use_style()
    page, axis = plt.subplots(figsize=(6.8, 2.5))
    x = np.linspace(-1, 1, 51)
    axis.plot(x, np.sin(3 * x[:, None] + np.arange(6)))
    axis.fill_between(x, -1, np.cos(x), alpha=0.22)
    if colourful:
        axis.imshow(np.random.default_rng(0).random((100, 100, 3)), aspect="auto")
    # Laid out again by each drawing, it would move by parts of a pixel.
    page.draw_without_rendering()
    page.set_layout_engine("none")
    whole = io.BytesIO()
    page.savefig(whole, format="png")
    _write_png(page, tmp_path / "page.png", {"Description": '{"κ": 1}'})
    plt.close(page)
    with Image.open(whole) as before, Image.open(tmp_path / "page.png") as after:
        drawn, ours = (np.asarray(image.convert("RGB")).astype(int) for image in (before, after))
        assert after.text == {"Description": '{"κ": 1}'}
        assert after.info["dpi"] == before.info["dpi"]
    assert (np.abs(ours - drawn).max(axis=2) > 8).mean() <= (0 if colourful else 0.005)
    assert (ours[(drawn == 255).all(axis=2)] == 255).all()
    if not colourful:
        assert (tmp_path / "page.png").stat().st_size < len(whole.getvalue()) / 2

"""The figures themselves: nothing cut off, text that stays text, and where they come from."""

import json
import re
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from project import SECTIONS, SMOKE, Project, sub_path

from pipeline.expected import drawing_spec

pytestmark = pytest.mark.slow


def png(key: str) -> str:
    """Return the path of a figure's PNG in the project."""
    return f"results/smoke/figures/{sub_path(key)}.png"


@pytest.mark.parametrize("key", SECTIONS)
def test_a_figure_is_not_blank_and_nothing_is_cut_off_at_its_edge(built: Project, key: str):
    with Image.open(built.path / png(key)) as image:
        pixels = np.asarray(image.convert("L"))
    inside = pixels[3:-3, 3:-3]
    assert (inside < 128).mean() > 0.002
    border = np.ones(pixels.shape, bool)
    border[3:-3, 3:-3] = False
    assert pixels[border].min() == 255


@pytest.mark.parametrize("key", SECTIONS)
def test_a_pdf_has_text_in_embedded_outline_fonts(built: Project, key: str):
    content = (built.path / png(key)).with_suffix(".pdf").read_bytes()
    assert b"/Subtype /Type3" not in content
    assert b"/Subtype /Type0" in content and b"/FontFile2" in content
    streams = (
        _inflated(stream) for stream in re.findall(rb"stream\r?\n(.*?)endstream", content, re.S)
    )
    assert any(b" Tj" in stream or b" TJ" in stream for stream in streams)


def _inflated(stream: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(stream)
    except zlib.error:
        return b""


@pytest.mark.parametrize("key", SECTIONS)
def test_a_figure_names_its_settings_its_commit_and_its_code(built: Project, key: str):
    path: Path = built.path / png(key)
    with Image.open(path) as image:
        note, title = image.text["Description"], image.text["Title"]
    provenance = json.loads(note)
    paper, figure = key.split("_", 1)
    assert provenance["spec"] == drawing_spec(SMOKE, paper, figure)
    assert re.fullmatch(r"[0-9a-f]{40}", provenance["commit"])
    assert re.fullmatch(r"[0-9a-f]{16}", provenance["code"])
    assert title == f"deepinit {paper} {figure}"
    pdf = path.with_suffix(".pdf").read_bytes()
    assert provenance["commit"].encode() in pdf and provenance["code"].encode() in pdf

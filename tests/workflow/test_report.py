"""What a reader opens: the report in a browser without network, and the figures themselves."""

import json
import re
import zlib
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from browser import CHROMIUM, Page
from PIL import Image
from project import ROOT, SECTIONS, SMOKE, Project, sub_path

pytestmark = pytest.mark.slow


def png(key: str) -> str:
    """Return the path of a figure's PNG in the project."""
    return f"results/smoke/figures/{sub_path(key)}.png"


# ----------------------------------------------------------------------------- in a browser
@pytest.fixture(scope="module")
def page(built: Project, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """Open the report."""
    if CHROMIUM is None:
        pytest.skip("needs a Chromium; on Debian: apt install chromium")
    with Page(built.results / "report.html", tmp_path_factory.mktemp("browser")) as opened:
        opened.wait_for("document.body.innerText.includes('Verdicts')")
        yield opened


@pytest.fixture(scope="module")
def results(page: Page) -> dict[str, Any]:
    """Return path ↦ what the report holds about each result, contents left out."""
    text = page.evaluate(
        "JSON.stringify(results, (key, value) => key == 'data_uri' ? undefined : value)"
    )
    return json.loads(text)


def test_the_report_opens_with_its_preset_and_seed(page: Page):
    words = page.evaluate("document.body.innerText")
    assert "preset smoke" in words and f"root seed {SMOKE.root_seed}" in words


def test_the_report_holds_every_figure_and_the_verdicts(results: dict[str, Any]):
    expected = {png(key) for key in SECTIONS} | {"results/smoke/verdicts/verdicts.html"}
    assert results.keys() == expected


def test_the_browser_draws_every_embedded_figure_whole(built: Project, page: Page):
    for key in SECTIONS:
        script = (
            f"(async () => {{ const image = new Image(); image.src = results['{png(key)}'].data_uri;"
            " await image.decode(); return [image.naturalWidth, image.naturalHeight]; })()"
        )
        with Image.open(built.path / png(key)) as image:
            assert page.evaluate(script) == list(image.size), key


def test_each_category_lists_its_figures_when_it_is_opened(page: Page, results: dict[str, Any]):
    for category, groups in page.evaluate("categories").items():
        page.evaluate("app.setView({navbarMode: 'menu'})")
        link = (
            "[...document.querySelectorAll('#app a')]"
            f".find(entry => entry.innerText.trim() == {json.dumps(category)})"
        )
        page.wait_for(f"Boolean({link})", 5)
        page.evaluate(f"{link}.click()")
        for path in (path for group in groups.values() for path in group):
            for label in results[path]["labels"].values():
                page.wait_for(f"document.body.innerText.includes({json.dumps(label)})", 5)
        assert page.complaints == [], category


def _numbers(value: Any) -> Iterator[str]:
    """Yield the numbers in settings, as a caption writes them."""
    if isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _numbers(part)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield str(value)


@pytest.mark.parametrize("key", SECTIONS)
def test_a_caption_names_numbers_of_the_preset_and_not_from_memory(
    key: str, results: dict[str, Any]
):
    paper, figure = key.split("_", 1)
    template = (ROOT / f"workflow/papers/{sub_path(key)}/caption.rst").read_text(encoding="utf-8")
    assert f"snakemake.config['{paper}']" in template.replace('"', "'")
    caption = " ".join(unescape(re.sub(r"<[^>]+>", "", results[png(key)]["caption"])).split())
    assert "{{" not in caption and "{%" not in caption
    named = set(re.findall(r"\d+(?:\.\d+)?", caption))
    sections = [SECTIONS[f"{paper}_{name}"] for name in (figure, *SECTIONS[key].reads)]
    assert named & {n for section in sections for n in _numbers(section.model_dump(mode="json"))}


def test_the_console_has_no_error(page: Page, results: dict[str, Any]):
    assert results and page.complaints == []


# ------------------------------------------------------------------------ the figures themselves
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
    assert provenance["spec"] == {
        "paper": paper,
        "figure": figure,
        "preset": "smoke",
        "settings": SECTIONS[key].model_dump(mode="json"),
        "read_settings": {
            other: SECTIONS[f"{paper}_{other}"].model_dump(mode="json")
            for other in SECTIONS[key].reads
        },
    }
    assert re.fullmatch(r"[0-9a-f]{40}", provenance["commit"])
    assert re.fullmatch(r"[0-9a-f]{16}", provenance["code"])
    assert title == f"deepinit {paper} {figure}"
    pdf = path.with_suffix(".pdf").read_bytes()
    assert provenance["commit"].encode() in pdf and provenance["code"].encode() in pdf

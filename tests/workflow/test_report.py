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
from project import SECTIONS, SMOKE, Project, sub_path

pytestmark = pytest.mark.slow
#: What each caption must say at the smoke preset, from the preset and not from memory.
NUMBERS = {
    "luther2019_theory": [f"0 to {SMOKE.luther2019.theory.depth}"],
    "luther2019_finite_width": [
        f"N = {point.width}: {point.networks} networks, {point.samples} inputs"
        for point in SMOKE.luther2019.finite_width.points
    ],
    "hanin2018_fig1a": [f"{SMOKE.hanin2018.fig1a.networks} networks"],
    "hanin2018_fig1b": [
        f"{SMOKE.hanin2018.fig1b.runs} runs",
        f"at most {SMOKE.hanin2018.fig1b.max_epochs} epochs",
    ],
    "hanin2018_fig2b": [
        f"{SMOKE.hanin2018.fig2b.runs} runs a point",
        f"{SMOKE.hanin2018.fig2b.checks_per_epoch} checks an epoch",
    ],
    "hanin2018_fig3a": [
        f"{SMOKE.hanin2018.fig3a.runs} runs a point",
        f"{len(SMOKE.hanin2018.fig3a.patterns)} patterns",
    ],
    "hanin2018_fig3b": [f"{SMOKE.hanin2018.fig3a.runs} a point"],
    "luther2019_total_variance": [
        f"{point.width}: {point.networks} networks"
        for point in SMOKE.luther2019.finite_width.points
    ],
    "luther2019_histograms": [
        f"of width {SMOKE.luther2019.histograms.width}",
        f"over {SMOKE.luther2019.histograms.networks} networks",
    ],
    "luther2019_batch_norm": [
        f"width {SMOKE.luther2019.batch_norm.width}",
        f"batch of {SMOKE.luther2019.batch_norm.batch} inputs",
    ],
    "luther2019_activations": [f"{SMOKE.luther2019.activations.samples} inputs"],
    "luther2019_gradients": [f"batch of {SMOKE.luther2019.gradients.batch} inputs"],
    "luther2019_membrane_images": [f"{SMOKE.luther2019.membrane_images.images} images"],
    "luther2019_learning_curves": [
        f"{setting.seeds} networks an arm and rate, {setting.steps} iterations"
        for setting in SMOKE.luther2019.learning_curves.settings().values()
    ],
    "hanin2018_fig2a": [f"of {SMOKE.hanin2018.fig2a.networks} networks"],
    "hanin2018_conv": [f"image of {SMOKE.hanin2018.conv.side} ×"],
    "hanin2018_conv_maps": [f"one of {SMOKE.hanin2018.conv_maps.side} ×"],
    "hanin2018_empirical_variance": [
        f"what {SMOKE.hanin2018.empirical_variance.networks} ordinary networks"
    ],
    "marion2025_fig1": [f"{SMOKE.marion2025.fig1.networks} networks"],
    "marion2025_fig2": [
        f"L = {SMOKE.marion2025.fig2.depth}",
        f"{SMOKE.marion2025.fig2.networks} networks",
        f"{SMOKE.marion2025.fig2.explicit_networks} networks",
    ],
    "marion2025_fig7": [
        f"in steps of {SMOKE.marion2025.fig7.betas.step}",
        f"{SMOKE.marion2025.fig7.draws} weight draws",
    ],
    "marion2025_fig3": [f"{SMOKE.marion2025.fig1.networks} networks"],
    "marion2025_fig4": [f"{SMOKE.marion2025.fig4.networks} networks"],
    "marion2025_fig5": [f"{SMOKE.marion2025.fig4.networks}"],
    "marion2025_fig6": [f"{SMOKE.marion2025.fig6.steps}"],
    "marion2025_fig8": [f"{SMOKE.marion2025.fig8.networks} networks"],
    "marion2025_fig9": [
        f"L = {SMOKE.marion2025.fig9.depth}",
        f"less {SMOKE.marion2025.fig9.validation_images} images",
    ],
    "marion2025_fig15": [f"{SMOKE.marion2025.fig15.networks} networks a panel"],
    "marion2025_fig10": [f"{SMOKE.marion2025.fig10.networks} networks"],
    "marion2025_fig11": [f"L = {SMOKE.marion2025.fig11.depth}"],
    "marion2025_fig12": [f"d = {SMOKE.marion2025.fig10.width}"],
    "marion2025_fig13": [f"{SMOKE.marion2025.fig13.networks} networks"],
    "marion2025_fig14": [f"d = {SMOKE.marion2025.fig13.width}"],
    "marion2025_means": [f"{SMOKE.marion2025.means.smooth_networks} networks"],
    "marion2025_limits": [f"{SMOKE.marion2025.limits.networks} networks"],
    "marion2025_bounds": [f"{SMOKE.marion2025.bounds.networks} networks"],
    "marion2025_lognormal": [f"{SMOKE.marion2025.lognormal.networks} networks"],
}


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


@pytest.mark.parametrize("key", SECTIONS)
def test_a_caption_names_the_numbers_of_the_preset(key: str, results: dict[str, Any]):
    caption = unescape(re.sub(r"<[^>]+>", "", results[png(key)]["caption"]))
    caption = " ".join(caption.split())
    for number in NUMBERS[key]:
        assert number in caption
    assert "{{" not in caption and "{%" not in caption


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

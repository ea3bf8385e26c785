"""Snakemake's own report, which `make report` makes, in a browser without network."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from browser import CHROMIUM, Page
from project import SECTIONS, SMOKE, Project, making, sub_path

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def page(built: Project, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """Make the report in a copy, and open it."""
    if CHROMIUM is None:
        pytest.skip("needs a Chromium; on Debian: apt install chromium")
    project = built.copy(tmp_path_factory.mktemp("report"))
    done = project.run(making("report"))
    assert done.returncode == 0 and "results/smoke/report.html" in done.text, done.text
    with Page(project.results / "report.html", tmp_path_factory.mktemp("browser")) as opened:
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


def test_its_first_page_fits_a_screen(page: Page):
    page.resize(1280, 720)
    page.wait_for("document.querySelector('#rulegraph').scrollHeight > 720")
    height = "document.querySelector('#rulegraph').getBoundingClientRect().bottom"
    assert page.evaluate(height) <= 720
    assert page.evaluate("document.documentElement.scrollHeight") <= 720


def test_the_report_holds_every_figure_and_the_verdicts(results: dict[str, Any]):
    figures = {f"results/smoke/figures/{sub_path(key)}.png" for key in SECTIONS}
    assert results.keys() == figures | {"results/smoke/verdicts/verdicts.csv"}


def test_each_category_lists_its_figures_when_it_is_opened(page: Page, results: dict[str, Any]):
    for category, groups in page.evaluate("categories").items():
        page.evaluate("app.setView({navbarMode: 'menu'})")
        link = (
            "[...document.querySelectorAll('#app a')]"
            f".find(entry => entry.innerText.trim() == {json.dumps(category)})"
        )
        page.wait_for(f"Boolean({link})")
        page.evaluate(f"{link}.click()")
        for path in (path for group in groups.values() for path in group):
            for label in results[path]["labels"].values():
                page.wait_for(f"document.body.innerText.includes({json.dumps(label)})")
        assert page.complaints == [], category

"""What a reader opens: index.html and the pages that it leads to, in a browser without network."""

import json
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pandas as pd
import pytest
from browser import CHROMIUM, Page
from project import ROOT, SECTIONS, SMOKE, Project, sub_path

from pipeline.expected import page_paths
from study.verdicts import ADDED, NOT_TESTED

pytestmark = pytest.mark.slow
PAGES = [path.removeprefix("results/smoke/") for path in page_paths(SMOKE)]
PAPERS = list(SMOKE.figures())


@pytest.fixture(scope="module")
def page(built: Project, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """Open the first page."""
    if CHROMIUM is None:
        pytest.skip("needs a Chromium; on Debian: apt install chromium")
    with Page(built.results / "index.html", tmp_path_factory.mktemp("browser")) as opened:
        yield opened


@pytest.fixture(scope="module")
def verdicts(built: Project) -> pd.DataFrame:
    """Return the table of verdicts, each with the anchor that one cites."""
    frame = pd.read_csv(built.results / "verdicts/verdicts.csv")
    return frame.assign(anchor=frame["paper"] + "/" + frame["figure"] + "/" + frame["claim"])


def show(page: Page, built: Project, name: str) -> None:
    """Open a page, such as pages/verdicts.html?paper=hanin2018."""
    page.open(f"{built.results.as_uri()}/{name}")


def values(page: Page, selector: str, value: str) -> list[Any]:
    """Return a value, in terms of `e`, of all elements of the page that a selector finds."""
    return page.evaluate(
        f"[...document.querySelectorAll({json.dumps(selector)})].map(e => {value})"
    )


# ------------------------------------------------------------------------------- what there is
def test_the_first_page_says_what_it_is_made_of_and_shows_every_figure(built: Project, page: Page):
    show(page, built, "index.html")
    words = page.evaluate("document.body.innerText")
    commit = built.run(["git", "rev-parse", "--short=7", "HEAD"]).text.strip()
    for piece in ("smoke", str(SMOKE.root_seed), "2000-01-01", commit, "Linux"):
        assert piece in words, piece
    assert len(values(page, ".card h2", "e.innerText")) == len(PAPERS)
    shown = values(page, ".thumbnails a", "e.hash.slice(1)")
    assert sorted(shown) == sorted(sub_path(key) for key in SECTIONS)


def test_the_first_page_counts_published_statements_apart_from_our_own(
    built: Project, page: Page, verdicts: pd.DataFrame
):
    show(page, built, "index.html")
    published = verdicts[~verdicts["statement"].str.startswith(ADDED)]
    hold = published["verdict"].str.startswith("reproduced")
    for paper, said in zip(PAPERS, values(page, ".card .holds", "e.innerText"), strict=True):
        ours = published["paper"] == paper
        assert said == f"{(hold & ours).sum()} of {ours.sum()} statements hold"


@pytest.mark.parametrize("paper", PAPERS)
def test_a_figure_has_its_own_verdicts_below_it_and_says_how_to_make_it_again(
    built: Project, page: Page, verdicts: pd.DataFrame, paper: str
):
    show(page, built, f"pages/{paper}.html")
    for figure in SMOKE.figures()[paper]:
        inside = f'article[id="{paper}/{figure}"]'
        own = verdicts[(verdicts["paper"] == paper) & (verdicts["figure"] == figure)]
        assert values(page, f"{inside} li.verdict", "e.id") == own["anchor"].tolist()
        (commands,) = values(page, f"{inside} .commands", "e.textContent")
        assert commands.endswith(f"make {paper}_{figure} PRESET=smoke")
    own = verdicts[(verdicts["paper"] == paper) & verdicts["published"].notna()]
    drawn = own["measured"].notna().sum() + own["recorded_measured"].notna().sum()
    plots = values(page, "li.verdict svg", "e.ariaLabel ?? e.getAttribute('aria-label')")
    assert len(plots) == drawn


@pytest.mark.parametrize("key", SECTIONS)
def test_a_caption_names_numbers_of_the_preset_and_not_from_memory(built: Project, key: str):
    paper, figure = key.split("_", 1)
    template = (ROOT / f"workflow/papers/{sub_path(key)}/caption.rst").read_text(encoding="utf-8")
    assert f"snakemake.config['{paper}']" in template.replace('"', "'")
    text = (built.results / f"pages/{paper}.html").read_text(encoding="utf-8")
    (_, article) = text.split(f'<article class="figure" id="{paper}/{figure}">')
    caption = re.search(r"<figcaption>(.*?)</figcaption>", article, re.S)[1]
    caption = " ".join(unescape(re.sub(r"<[^>]+>", "", caption)).split())
    assert "{{" not in caption and "{%" not in caption
    named = set(re.findall(r"\d+(?:\.\d+)?", caption))
    sections = [SECTIONS[f"{paper}_{name}"] for name in (figure, *SECTIONS[key].reads)]
    assert named & {n for section in sections for n in numbers(section.model_dump(mode="json"))}


def numbers(value: Any) -> Iterator[str]:
    """Yield the numbers in settings, as a caption writes them."""
    if isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from numbers(part)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield str(value)


# ------------------------------------------------------------------------------- links
def test_every_link_and_every_anchor_leads_somewhere(built: Project, page: Page):
    anchors, links = {}, []
    for name in PAGES:
        show(page, built, name)
        ids = values(page, "[id]", "e.id")
        assert len(ids) == len(set(ids)), name
        anchors[(built.results / name).as_uri()] = set(ids)
        links += [(name, link) for link in values(page, "[href], [src]", "e.href || e.src")]
    assert len(links) > 10 * len(SECTIONS)
    for name, link in links:
        parts = urlsplit(link)
        if parts.scheme != "file":
            assert parts.scheme in ("https", "data"), (name, link)
            continue
        address = parts._replace(fragment="", query="").geturl()
        assert Path(unquote(parts.path)).is_file(), (name, link)
        assert not parts.fragment or unquote(parts.fragment) in anchors[address], (name, link)


def test_what_one_cites_leads_from_the_first_page_to_its_place(
    built: Project, page: Page, verdicts: pd.DataFrame
):
    cited = [sub_path(key) for key in SECTIONS]
    cited += verdicts.groupby("paper").sample(2, random_state=0)["anchor"].tolist()
    cited += ["verdicts", "differences", "protocol", "marion2025"]
    for anchor in cited:
        page.open(f"{(built.results / 'index.html').as_uri()}#{anchor}")
        name = anchor.split("/")[0]
        page.wait_for(f"location.pathname.endsWith('/pages/{name}.html')")
        page.wait_for(f"document.querySelector(':target')?.id === {json.dumps(anchor)}")


# ------------------------------------------------------------------------------- in the browser
def test_pages_ask_for_nothing_from_the_network_and_show_every_picture(built: Project, page: Page):
    for name in PAGES:
        show(page, built, name)
        page.evaluate("document.querySelectorAll('img').forEach(e => e.loading = 'eager')")
        page.wait_for("[...document.images].every(e => !e.src || e.complete)")
        pictures = values(page, "img[src]", "e.naturalWidth")
        assert all(pictures), name
        if name.removeprefix("pages/").removesuffix(".html") in PAPERS:
            assert len(pictures) >= len(SMOKE.figures()[Path(name).stem])
    assert page.complaints == [] and page.requests() == []


@pytest.mark.parametrize("paper", PAPERS)
def test_a_figure_is_described_in_a_sentence_and_a_small_picture_by_its_link(
    built: Project, page: Page, paper: str
):
    show(page, built, f"pages/{paper}.html")
    said = values(page, "figure img", "e.alt")
    assert all(20 < len(alt) < 600 and "{{" not in alt for alt in said), said
    show(page, built, "index.html")
    assert all(values(page, ".thumbnails a", "e.textContent.trim()"))


def test_filters_leave_what_was_chosen(built: Project, page: Page, verdicts: pd.DataFrame):
    def left(query: str, script: str = "") -> list[str]:
        show(page, built, f"pages/verdicts.html{query}")
        page.evaluate(f"{{ const form = document.querySelector('form').elements; {script} }}")
        return values(page, "li.verdict:not([hidden]) .mark a", "e.hash.slice(1)")

    def choose(name: str, value: str) -> str:
        event = "new Event('input', {bubbles: true})"
        return f"form.{name}.value = {json.dumps(value)}; form.{name}.dispatchEvent({event});"

    added = verdicts["statement"].str.startswith(ADDED)
    words = verdicts["statement"].str.contains("gradient", case=False)
    assert left("") == verdicts["anchor"].tolist()
    for name, value, fits in (
        ("paper", "hanin2018", verdicts["paper"] == "hanin2018"),
        ("figure", "hanin2018/fig4", verdicts["anchor"].str.startswith("hanin2018/fig4/")),
        ("verdict", NOT_TESTED, verdicts["verdict"] == NOT_TESTED),
        ("whose", "added", added),
        ("whose", "published", ~added),
    ):
        expected = verdicts.loc[fits, "anchor"].tolist()
        assert 0 < len(expected) < len(verdicts)
        assert left("", choose(name, value)) == expected
        assert left(f"?{name}={value}") == expected
        (count,) = values(page, "form output", "e.value")
        assert count == f"{len(expected)} of {len(verdicts)} statements"
    found = left("", choose("words", "Gradient"))
    assert set(verdicts.loc[words, "anchor"]) <= set(found) and len(found) < len(verdicts)
    assert left("", choose("paper", "luther2019") + choose("figure", "marion2025/fig7")) == []


def test_a_picture_opens_at_its_full_size_and_closes_again(built: Project, page: Page):
    show(page, built, "pages/marion2025.html")
    page.evaluate("document.querySelector('a.enlarge').click()")
    page.wait_for("document.querySelector('dialog[open] img')?.naturalWidth > 500")
    shown = page.evaluate("(i => [i.naturalWidth, i.width])(document.querySelector('dialog img'))")
    assert shown[0] == shown[1]
    page.evaluate("document.querySelector('dialog').click()")
    assert not page.evaluate("document.querySelector('dialog').open")


def test_pages_fit_a_phone(built: Project, page: Page):
    page.resize(390, 844)
    for name in PAGES:
        show(page, built, name)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, name


def test_pages_are_dark_where_the_reader_wants_it(built: Project, page: Page):
    show(page, built, "index.html")
    ground = "getComputedStyle(document.body).backgroundColor"
    grounds = [page.prefer(scheme) or page.evaluate(ground) for scheme in ("light", "dark")]
    assert [sum(map(int, re.findall(r"\d+", found))) > 382 for found in grounds] == [True, False]


# ------------------------------------------------------------------------------- the files
def test_the_pages_and_the_figures_that_they_show_are_small_enough_to_be_sent(built: Project):
    sent = [*(built.results / name for name in PAGES), *built.results.glob("figures/*/*.*")]
    assert len(sent) == len(PAGES) + 2 * len(SECTIONS)
    assert sum(path.stat().st_size for path in sent) < 1e7


def test_snakemake_makes_its_own_report_of_the_figures_and_verdicts(built_copy: Project):
    words = "--report report.html --configfile results/smoke/config.yaml -- figures verdicts"
    done = built_copy.run(f"python -m snakemake {words}")
    assert done.returncode == 0, done.text
    report = (built_copy.path / "report.html").read_text(encoding="utf-8")
    figures = {f"results/smoke/figures/{sub_path(key)}.png" for key in SECTIONS}
    assert all(path in report for path in (*figures, "results/smoke/verdicts/verdicts.csv"))

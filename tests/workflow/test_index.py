"""What a reader opens: index.html and the pages that it leads to.

What page.js does (filters, an enlarged picture, anchors of other pages) and how they look is for the eye.
"""

import re
from collections.abc import Iterator
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pandas as pd
import pytest
from project import ROOT, SECTIONS, SMOKE, Project, sub_path

from pipeline.expected import page_paths
from study.verdicts import ADDED

pytestmark = pytest.mark.slow
PAGES = [path.removeprefix("results/smoke/") for path in page_paths(SMOKE)]
PAPERS = list(SMOKE.figures())


@pytest.fixture(scope="module")
def verdicts(built: Project) -> pd.DataFrame:
    """Return the table of verdicts, each with the anchor that one cites."""
    frame = pd.read_csv(built.results / "verdicts/verdicts.csv")
    return frame.assign(anchor=frame["paper"] + "/" + frame["figure"] + "/" + frame["claim"])


class Page(HTMLParser):
    """The elements of a page, (name, attributes), and its text."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path, self.source = path, path.read_text(encoding="utf-8")
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(self.source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def all(self, name: str) -> list[str]:
        """Return the values of an attribute, in the order of the page."""
        return [found[name] or "" for _, found in self.elements if name in found]


def page(built: Project, name: str) -> Page:
    return Page(built.results / name)


def article(source: str, paper: str, figure: str) -> str:
    """Return the part of a page that is about one figure."""
    (_, rest) = source.split(f'<article class="figure" id="{paper}/{figure}">')
    return rest.split("</article>")[0]


# ------------------------------------------------------------------------------- what there is
def test_the_first_page_says_what_it_is_made_of_and_shows_every_figure(built: Project):
    first = page(built, "index.html")
    commit = built.run(["git", "rev-parse", "--short=7", "HEAD"]).text.strip()
    for piece in ("smoke", str(SMOKE.root_seed), "2000-01-01", commit, "Linux"):
        assert piece in first.text, piece
    thumbnails = re.findall(r'<li><a href="pages/\w+\.html#([^"]+)"><img', first.source)
    assert sorted(thumbnails) == sorted(sub_path(key) for key in SECTIONS)


def test_the_first_page_counts_published_statements_apart_from_our_own(
    built: Project, verdicts: pd.DataFrame
):
    published = verdicts[~verdicts["statement"].str.startswith(ADDED)]
    hold = published["verdict"].str.startswith("reproduced")
    said = re.findall(r'<p class="holds"><b>([^<]+)</b>', page(built, "index.html").source)
    ours = [published["paper"] == paper for paper in PAPERS]
    assert said == [f"{(hold & own).sum()} of {own.sum()}" for own in ours]


@pytest.mark.parametrize("paper", PAPERS)
def test_a_figure_has_its_own_verdicts_below_it_and_says_how_to_make_it_again(
    built: Project, verdicts: pd.DataFrame, paper: str
):
    source = page(built, f"pages/{paper}.html").source
    for figure in SMOKE.figures()[paper]:
        inside = article(source, paper, figure)
        own = verdicts[(verdicts["paper"] == paper) & (verdicts["figure"] == figure)]
        assert re.findall(r'<li class="verdict" id="([^"]+)"', inside) == own["anchor"].tolist()
        commands = re.search(r'class="commands"><code>(.*?)</code>', inside, re.S)[1]
        assert commands.endswith(f"make {paper}_{figure} PRESET=smoke")
    own = verdicts[(verdicts["paper"] == paper) & verdicts["published"].notna()]
    drawn = own["measured"].notna().sum() + own["recorded_measured"].notna().sum()
    assert source.count('<svg class="interval" viewBox="0 0 240') == drawn


@pytest.mark.parametrize("key", SECTIONS)
def test_a_caption_names_numbers_of_the_preset_and_not_from_memory(built: Project, key: str):
    paper, figure = key.split("_", 1)
    template = (ROOT / f"workflow/papers/{sub_path(key)}/caption.rst").read_text(encoding="utf-8")
    assert f"snakemake.config['{paper}']" in template.replace('"', "'")
    inside = article(page(built, f"pages/{paper}.html").source, paper, figure)
    caption = re.search(r"<figcaption>(.*?)</figcaption>", inside, re.S)[1]
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


@pytest.mark.parametrize("paper", PAPERS)
def test_a_figure_is_described_in_a_sentence(built: Project, paper: str):
    said = page(built, f"pages/{paper}.html").all("alt")[:-1]  # the last is of the enlarged picture
    assert len(said) == len(SMOKE.figures()[paper])
    assert all(20 < len(alt) < 600 and "{{" not in alt for alt in said), said


# ------------------------------------------------------------------------------- links
def test_every_link_and_every_anchor_leads_somewhere_and_no_picture_into_the_network(
    built: Project, verdicts: pd.DataFrame
):
    pages = {(built.results / name).resolve(): page(built, name) for name in PAGES}
    anchors = {path: found.all("id") for path, found in pages.items()}
    for path, ids in anchors.items():
        assert len(ids) == len(set(ids)), path
    there = {anchor for ids in anchors.values() for anchor in ids}
    assert set(verdicts["anchor"]) <= there
    links = [(path, link) for path, found in pages.items() for link in found.all("href")]
    pictures = [(path, link) for path, found in pages.items() for link in found.all("src")]
    assert len(links) > 10 * len(SECTIONS)
    for path, link in links + pictures:
        parts = urlsplit(link)
        if parts.scheme:
            web = "https" if (path, link) in links else "data"
            assert parts.scheme in (web, "data"), (path, link)
            continue
        target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
        assert target.is_file(), (path, link)
        assert not parts.fragment or unquote(parts.fragment) in anchors[target], (path, link)


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

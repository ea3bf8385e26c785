"""What the pages name is there: files, headings, targets of make, commands."""

import re
from pathlib import Path

import pytest
from project import ROOT

from cli import COMMANDS

WORKFLOW = ROOT / "workflow"
PAGES = [
    ROOT / "README.md",
    ROOT / "profiles/README.md",
    *sorted(ROOT.glob("results/**/README.md")),
    *sorted(WORKFLOW.glob("*.md")),
    *sorted(WORKFLOW.glob("*/*.md")),
]
_NAMED = re.compile(
    r"`((?:workflow/)?(?:deepinit|study|papers|pipeline|scripts|rules|config)/[\w/.-]+\.\w+)`"
)
#: Written by `make config`, or made by following the guide.
_MADE = {"config/schema.json"}

every_page = pytest.mark.parametrize(
    "page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix()
)


def headings(page: Path) -> set[str]:
    """Return the anchors of a page's headings, as GitHub names them."""
    found = re.findall(r"^#+ (.*)$", page.read_text("utf-8"), re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in found}


@every_page
def test_files_of_the_project_that_a_page_names_are_there(page: Path):
    named = {name.removeprefix("workflow/") for name in _NAMED.findall(page.read_text("utf-8"))}
    assert [name for name in named - _MADE if not (WORKFLOW / name).is_file()] == []


@every_page
def test_links_lead_to_files_and_headings_that_are_there(page: Path):
    for link in re.findall(r"\]\((?!https?:)([^)\s]+)\)", page.read_text("utf-8")):
        path, _, heading = link.partition("#")
        target = page.parent / path if path else page
        assert target.exists(), link
        assert not heading or heading in headings(target), link


@every_page
def test_commands_that_a_page_names_exist(page: Path):
    text = page.read_text("utf-8")
    named = set(re.findall(r"(?:^|[`#$] ?)make (\w+)(?= [A-Z]+=|`| *#|$)", text, re.M))
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.M))
    assert {name for name in named - targets if "_" not in name} == set()
    assert set(re.findall(r"cli\.py ([a-z][\w-]*)", text)) <= set(COMMANDS)

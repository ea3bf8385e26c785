"""What the pages name is there."""

import re
from pathlib import Path

import pytest
from project import ROOT

WORKFLOW = ROOT / "workflow"
PAGES = [
    ROOT / "README.md",
    ROOT / "profiles/README.md",
    *sorted(WORKFLOW.glob("*.md")),
    *sorted(WORKFLOW.glob("*/*.md")),
]
_NAMED = re.compile(
    r"`((?:workflow/)?(?:deepinit|study|papers|pipeline|scripts|rules|config)/[\w/.-]+\.\w+)`"
)
#: Written by `make config`, or made by following the guide.
_MADE = {"config/schema.json"}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_files_of_the_project_that_a_page_names_are_there(page: Path):
    named = {name.removeprefix("workflow/") for name in _NAMED.findall(page.read_text("utf-8"))}
    assert [name for name in named - _MADE if not (WORKFLOW / name).is_file()] == []

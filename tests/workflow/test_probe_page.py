"""PROBE.md: its code runs, and its worked cases come out as its table says, with fewer networks."""

import re

import pytest
from project import ROOT

import deepinit
from deepinit.examples import own_networks

PAGE = (ROOT / "workflow/PROBE.md").read_text(encoding="utf-8")
#: Of each case; its depth and inputs.
CASES = {
    "mlp_as_it_comes": (None, own_networks.vectors),
    "mlp_he": (None, own_networks.vectors),
    "mlp_sample_init": (None, own_networks.vectors),
    "residual": (32, own_networks.vectors),
    "residual_scaled": (32, own_networks.vectors),
    "transformer": (16, own_networks.tokens),
}
KEYS = ("lengths", "spread", "differences", "gradients", "alive", "residual")


def table() -> dict[str, dict[str, str]]:
    """Return case ↦ question ↦ answer as the page has them."""
    rows = re.findall(r"^\| `(\w+)` \|(.*)\|$", PAGE, re.M)
    answers = {name: [cell.strip() for cell in cells.split("|")] for name, cells in rows}
    return {
        name: {key: cell for key, cell in zip(KEYS, cells, strict=True) if cell}
        for name, cells in answers.items()
    }


def test_the_table_has_all_cases_and_the_pictures_are_there():
    assert list(table()) == list(CASES)
    pictures = re.findall(r"!\[.+\]\((.+)\)", PAGE)
    assert len(pictures) == 3 and all((ROOT / "workflow" / name).is_file() for name in pictures)


@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
def test_a_case_comes_out_as_the_page_says(name: str):
    """15 networks in place of 30: the answers are those, or undecided with so few."""
    depth, inputs = CASES[name]
    report = deepinit.probe(getattr(own_networks, name), inputs, networks=15, seed=3, depth=depth)
    found = {finding.key: finding.answer for finding in report.findings}
    expected = table()[name]
    assert found.keys() == expected.keys()
    assert all(found[key] in (answer, "undecided") for key, answer in expected.items())
    decided = sum(answer != "undecided" for answer in found.values())
    assert decided >= len(expected) - 1


#: What is shown first.
FIRST, *_ = re.findall("```python\n(.*?)```", PAGE, re.S)


def test_what_the_page_shows_first_runs(capsys: pytest.CaptureFixture[str]):
    exec(FIRST, {})
    said = capsys.readouterr().out
    assert "Do gradients arrive?" in said and "nan" not in said

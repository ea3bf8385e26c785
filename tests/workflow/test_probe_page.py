"""PROBE.md: its code runs, and its worked cases come out as its table says, with fewer networks."""

import re
import sys

import pytest
from project import ROOT, Project

import deepinit
from deepinit.examples import own_networks
from study.metadata import provenance_of

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
    """15 networks in place of 30: the answers are those, or cannot be told from so few."""
    depth, inputs = CASES[name]
    report = deepinit.probe(getattr(own_networks, name), inputs, networks=15, seed=3, depth=depth)
    found = {finding.key: finding.answer for finding in report.findings}
    expected = table()[name]
    assert found.keys() == expected.keys()
    assert all(found[key] in (answer, "cannot be told") for key, answer in expected.items())
    decided = sum(answer != "cannot be told" for answer in found.values())
    assert decided >= len(expected) - 1


#: The library's first, then the files of a figure, by name.
FIRST, *_ = re.findall("```python\n(.*?)```", PAGE, re.S)
FILES = dict(re.findall("^`(\\w+\\.py)`:\n\n```python\n(.*?)```", PAGE, re.S | re.M))


@pytest.mark.slow
def test_following_the_page_gives_a_figure_with_its_provenance(unbuilt_copy: Project):
    folder = unbuilt_copy.path / "workflow/papers/marion2025/my_net"
    folder.mkdir()
    for name, code in {**FILES, "caption.rst": "Lengths by layer.\n"}.items():
        (folder / name).write_text(code, encoding="utf-8")
    assert len(FILES) == 4
    run = [sys.executable, "workflow/cli.py", "run", "marion2025_my_net", "--preset", "smoke"]
    done = unbuilt_copy.run(run)
    assert done.returncode == 0, done.text
    figure = unbuilt_copy.results / "figures/marion2025/my_net.png"
    assert provenance_of(figure)["spec"]["figure"] == "my_net"
    # The network's own code counts.
    unbuilt_copy.append("papers/marion2025/my_net/network.py", "OTHER = 1")
    assert "my_net" in unbuilt_copy.run(run).text.split("Done")[0]


def test_what_the_page_shows_first_runs(capsys: pytest.CaptureFixture[str]):
    exec(FIRST, {})
    said = capsys.readouterr().out
    assert "Do gradients arrive?" in said and "nan" not in said

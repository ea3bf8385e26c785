"""What the pages are put together from: texts, numbers, drawings of intervals."""

import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from deepinit.stats.intervals import Estimate
from report import texts
from report.contents import verdicts_of
from report.intervals import bounds, drawing, number
from study.errors import UserError
from study.judging import of_record
from study.verdicts import ADDED, NOT_TESTED, REPRODUCED, TOO_WIDE, Claim, Measurement, judge

FIGURES = {"marion2025": ["fig7", "bounds"], "hanin2018": ["fig4"]}


# ------------------------------------------------------------------------------- texts
def test_a_caption_is_filled_with_the_settings_and_its_first_sentence_is_plain():
    start = "{% set c = snakemake.config['p']['f'] %}"
    source = f"{start}\nWidth N₀ = {{{{ c['d'] }}}} (D. Page, cf. x\\ :sup:`2`).\nMore."
    html, first = texts.caption(source, {"p": {"f": {"d": 40}}}, "caption.rst")
    assert html == "<p>Width N₀ = 40 (D. Page, cf. x<sup>2</sup>).\nMore.</p>\n"
    assert first == "Width N₀ = 40 (D. Page, cf. x^2)."


@pytest.mark.parametrize("source", ["{{ snakemake.config['p'] }}", "{% if %}", "a ``b", "*a"])
def test_a_caption_with_a_mistake_is_named(source: str):
    with pytest.raises(UserError, match=r"p/f/caption\.rst"):
        texts.caption(source, {}, "p/f/caption.rst")


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("L^(−β) < ½ & 0.9^l", "L<sup>−β</sup> &lt; ½ &amp; 0.9<sup>l</sup>"),
        ("‖h_L‖, 1/n_j, η_l", "‖h<sub>L</sub>‖, 1/n<sub>j</sub>, η<sub>l</sub>"),
        (
            "N_l(x_{l−1}), act_d, C_in",
            "N<sub>l</sub>(x<sub>l−1</sub>), act<sub>d</sub>, C<sub>in</sub>",
        ),
        ("data_batch_1, luther2019_theory, a_long", "data_batch_1, luther2019_theory, a_long"),
    ],
)
def test_exponents_are_raised_indices_lowered_and_nothing_else_becomes_html(text: str, html: str):
    assert texts.typeset(text) == html


def test_a_page_links_to_the_other_pages_to_figures_and_to_nothing_that_is_not_there():
    source = """# Here

See [protocol](PROTOCOL.md), [how](../README.md#x), [paper](https://example.org).

## marion2025: Marion's p_0

| a | `fig7`, `fig4`, `hanin2018_fig4`, `h + x` |
|---|---|
"""
    html = texts.markdown(source, "differences", FIGURES)
    assert re.findall(r'id="([^"]+)"', html) == [
        "differences/here",
        "differences/marion2025-marion-s-p_0",
    ]
    links = ["protocol.html", "https://example.org"]
    figures = ["marion2025.html#marion2025/fig7", "hanin2018.html#hanin2018/fig4"]
    assert re.findall(r'href="([^"]+)"', html) == links + figures
    assert ", how, " in html and "<code>fig4</code>" in html


def test_each_cell_of_a_table_says_in_which_column_it_stands():
    source = "| what | a & b |\n|---|---|\n| x | 1 |\n| y | |\n\n| so |\n|---|\n| z |\n"
    cells = re.findall(r'<td data-label="([^"]+)">(.*?)</td>', texts.markdown(source, "p", {}))
    assert cells == [
        ("what", "x"),
        ("a &amp; b", "1"),
        ("what", "y"),
        ("a &amp; b", ""),
        ("so", "z"),
    ]


# ------------------------------------------------------------------------------- numbers
@pytest.mark.parametrize(
    ("value", "printed"),
    [
        (None, ""),
        (0.0, "0"),
        (-1.23456, "−1.235"),
        (1e5, "10⁵"),
        (2.5e-7, "2.5 × 10⁻⁷"),
        (-1e9, "−1 × 10⁹"),
    ],
)
def test_numbers_are_printed_as_people_write_them(value: float | None, printed: str):
    assert number(value) == printed


# ------------------------------------------------------------------------------- intervals
def verdict(test: str, estimate: tuple[float, float, float], **keywords: Any) -> dict[str, Any]:
    """Return the verdict on a claim with this measurement, as the table has it."""
    claim = Claim("c", "fig1", "It is so", "m", test, **{"published": 1.0, **keywords})
    return judge(claim, lambda: Measurement(Estimate(*estimate)))


def places(svg: str) -> dict[str, Any]:
    """Return where things lie in a drawing, pixels from the left."""
    left, width = map(
        float, re.search(r'class="allowed" x="(\S+)" y="3" width="(\S+)"', svg).groups()
    )
    low, high = map(float, re.search(r'class="ours" d="M(\S+) 13H([\d.]+)', svg).groups())
    published = float(re.search(r'class="published" d="M(\S+) ', svg)[1])
    ours = float(re.search(r'cx="(\S+)"', svg)[1])
    return {
        "published": published,
        "ours": ours,
        "interval": (low, high),
        "allowed": (left, left + width),
    }


def test_a_published_value_lies_in_the_interval_of_the_drawing_where_it_does_in_numbers():
    at = places(drawing(verdict("agrees", (1.1, 0.9, 1.4), reading_error=0.05)))
    (low, high), (left, right) = at["interval"], at["allowed"]
    assert 0 < low < at["published"] < at["ours"] < high < 240
    # Distances are as in the numbers: 0.2 from published to low... 0.5 is the whole interval.
    assert (high - low) / (at["ours"] - at["published"]) == pytest.approx(5, rel=0.02)
    assert (right - left) / (high - low) == pytest.approx(0.1 / 0.5, rel=0.05)


@pytest.mark.parametrize("ours", [False, True])
@pytest.mark.parametrize("ends", [(1.1, 1.3), (1.2, 1.2)])
@pytest.mark.parametrize("test", ["agrees", "at_least", "at_most"])
def test_the_drawing_shades_where_the_published_value_may_lie_or_the_side_of_a_bound(
    test: str, ends: tuple[float, float], ours: bool
):
    row = verdict(test, (1.2, *ends), ours=ours, reading_error=0.25)
    left, right = places(drawing(row))["allowed"]
    assert (left == 0) == (test == "at_most") and (right == 240) == (test == "at_least")


def test_an_interval_without_an_end_goes_to_the_edge_and_a_wide_range_is_logarithmic():
    row = verdict("at_least", (3.0, 2.0, float("inf")))
    assert places(drawing(row))["interval"][1] == 240 and bounds(row) == "[2, ∞]"
    wide = drawing(verdict("agrees", (1e4, 1e2, 1e6)))
    at = places(wide)
    assert ">log<" in wide and ">log<" not in drawing(row)
    assert at["ours"] - at["interval"][0] == pytest.approx(at["interval"][1] - at["ours"], abs=0.2)


def test_a_drawing_says_in_words_what_it_shows():
    row = verdict("agrees", (1.1, 0.9, 1.4))
    assert 'aria-label="published 1, ours 1.1, interval [0.9, 1.4]"' in drawing(row)
    added = verdict("agrees", (1.1, 0.9, 1.4)) | {"statement": f"{ADDED}: it is so"}
    assert 'aria-label="expected 1,' in drawing(added)
    assert drawing(row | {"measured": None}) == ""


# ------------------------------------------------------------------------------- recorded tables
@pytest.mark.parametrize("measured", [0.8, None])
def test_a_verdict_on_recorded_tables_is_shown_where_they_give_a_number(measured, tmp_path: Path):
    row = verdict("at_most", (1.1, 0.9, 1.4)) | {
        "paper": "marion2025",
        "note": f"the slope; 8 runs; {TOO_WIDE}",
    }
    again = verdict("at_most", (0.8, 0.7, 0.9)) | {"measured": measured}
    again |= {"note": f"the slope; 100 runs; {TOO_WIDE}"}
    pd.DataFrame([row | of_record(again, "NVIDIA H200")]).to_csv(tmp_path / "v.csv", index=False)
    (shown,) = verdicts_of(tmp_path / "v.csv")["marion2025", "fig1"]
    assert shown["verdict"] == NOT_TESTED and shown["interval"] == "[0.9, 1.4]"
    if measured is None:
        assert shown["recorded"] is None
    else:
        assert shown["recorded"]["interval"] == "[0.7, 0.9]"
        assert shown["recorded"]["verdict"] == REPRODUCED
        assert shown["recorded"]["how"] == "NVIDIA H200"
        # What both say stands once, but for why there is no verdict.
        assert shown["recorded"]["note"] == f"100 runs; {TOO_WIDE}"

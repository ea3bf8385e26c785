"""The protocol: every open setting is a real one, and the page says what the numbers say."""

import numpy as np
import pandas as pd
import pytest
from project import SECTIONS

from commands.protocol import EFFECTS, PAGE, Entry, entries, measure, page
from study.config import Config
from study.load import load_config

VARIED = [entry for entry in entries() if entry.figure]


def test_the_page_is_written_from_the_settings_and_the_measured_effects():
    assert PAGE.read_text(encoding="utf-8") == page(entries(), pd.read_csv(EFFECTS))


def test_every_setting_was_varied_or_says_why_it_cannot_matter():
    for entry in entries():
        assert bool(entry.figure) != bool(entry.no_effect), entry.setting
    names = [entry.name for entry in VARIED]
    assert names == pd.read_csv(EFFECTS)["name"].tolist() and len(set(names)) == len(names)


@pytest.mark.parametrize("entry", VARIED, ids=lambda entry: entry.name)
def test_a_variation_changes_the_figure_that_it_is_measured_on(entry: Entry):
    paper, _, figure = entry.figure.partition("_")
    assert entry.figure in SECTIONS and SECTIONS[entry.figure].parts()
    varied = load_config({"preset": "varied", "base": "laptop", **entry.config})
    changed = {
        f"{name}_{key}"
        for name, sections in Config().figures().items()
        for key, section in sections.items()
        if section != varied.figures()[name][key]
    }
    assert changed == {f"{paper}_{figure}"}


def test_a_run_that_never_started_is_later_than_all_others_in_a_median():
    frame = pd.DataFrame({"epochs": [np.nan, 1.0, 2.0, 3.0, 4.0] * 4})
    entry = Entry(setting="", papers_say="", chosen="", key="", column="epochs", statistic="median",
                  missing_counts_as=np.inf)  # fmt: skip
    found = measure(entry, frame, {})
    assert found.value == 3 and found.low < 3 < found.high < np.inf

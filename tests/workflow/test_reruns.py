"""A job reruns if and only if something that it uses has changed."""

import numpy as np
import pytest
import yaml
from faults import date_at_random
from project import ROOT, SECTIONS, SMOKE, Project, sub_path

from pipeline.expected import drawing_script, expected_files, part_script
from study.folders import claims_file
from study.load import load_config
from study.tables import read_table


def of(paper: str, *figures: str) -> list[str]:
    """Return the keys of some figures of one paper."""
    return [f"{paper}_{figure}" for figure in figures]


def tables_drawn(key: str) -> set[str]:
    """Return the figures whose tables a figure draws, itself included if it has one."""
    paper = key.partition("_")[0]
    own = {key} if SECTIONS[key].parts() else set()
    return own | {f"{paper}_{other}" for other in SECTIONS[key].reads}


def plan(simulated: list[str] = (), drawn: list[str] = (), settings: int = 0) -> dict[str, int]:
    """Return the plan if all parts of `simulated` run again, with all that follows from it.

    Figures without a table of their own may stand in `simulated`; nothing is simulated for them.

    Args:
        drawn: figures drawn again beside those of `simulated`.
    """
    simulated = [key for key in simulated if SECTIONS[key].parts()]
    figures = {*drawn, *(key for key in SECTIONS if tables_drawn(key) & set(simulated))}
    judging = [key for key in figures if claims_file(*key.split("_", 1))]
    counts = {f"{key}_parts": len(SECTIONS[key].parts()) for key in simulated}
    counts |= dict.fromkeys(figures, 1)
    counts |= {"gather": len(simulated), "settings": settings}
    counts |= {"gather_verdicts": min(1, len(judging)), "pages": 1}
    return {rule: count for rule, count in counts.items() if count}


# ------------------------------------------------------------------------------ nothing to do
@pytest.mark.slow
def test_comments_docstrings_and_random_dates_of_all_files_rerun_nothing(built_copy: Project):
    for file in ("deepinit/resnet/ratios.py", "study/style.py", "study/job.py", "job.py"):
        built_copy.replace(file, '"""', '"""Edited. ')
        built_copy.append(file, "# Edited.")
    date_at_random(built_copy, np.random.default_rng(20240607))
    assert built_copy.planned() == {}


def test_inputs_of_any_usual_size_are_compared_by_content():
    profile = yaml.safe_load((ROOT / "profiles/default/config.yaml").read_text())
    assert profile["max-checksum-file-size"] >= 10**9


# ------------------------------------------------------------------------------ edited code, inputs
@pytest.mark.slow
def test_edited_code_claims_and_settings_rerun_what_uses_them_and_what_follows(built_copy: Project):
    for module in (
        "deepinit/resnet/strong_convergence.py",
        "papers/marion2025/inside_drawing.py",
        "papers/hanin2018/fig1a/measures.py",
    ):
        built_copy.append(module, "_EDITED = True")
    built_copy.append("papers/hanin2018/fig2a/claims.yaml", "# Edited.")
    drawn = of("marion2025", "fig10", "fig11", "fig12", "fig13", "fig14")
    drawn += of("hanin2018", "fig1a", "fig2a")
    expected = plan(of("marion2025", "limits", "fig7"), drawn=drawn, settings=1)
    assert built_copy.planned(config=("marion2025={fig7: {draws: 3}}",)) == expected


@pytest.mark.slow
def test_what_all_figures_go_through_simulates_nothing(built_copy: Project):
    """What draws, and what puts tables together; a changed style is planned in `test_plan`."""
    for module in ("scripts/gather.py", "study/drawing.py"):
        built_copy.append(module, "_EDITED = True")
    every = plan(list(SECTIONS))
    expected = {rule: n for rule, n in every.items() if not rule.endswith("_parts")}
    assert built_copy.planned() == expected


# ------------------------------------------------------------------------------ edited settings
@pytest.mark.parametrize(
    ("settings", "simulated", "drawn"),
    [
        (
            # Simulated with; drawn and judged with; not used, since the carried subset is.
            {"marion2025": {"fig7": {"draws": 3}, "fig2": {"delta": 0.4}}, "data_folder": "/data"},
            ["marion2025_fig7"],
            of("marion2025", "fig2", "fig7", "fig9", "fig11", "lognormal"),
        ),
        ({"root_seed": 1}, *[[key for key in SECTIONS if key != "luther2019_theory"]] * 2),
    ],
    ids=["of figures", "root seed"],
)
def test_a_changed_setting_changes_only_the_jobs_that_use_it(
    settings: dict, simulated: list[str], drawn: list[str]
):
    before, now = (
        expected_files(SMOKE),
        expected_files(load_config({"preset": "smoke", **settings})),
    )
    parts = {part_script(*key.split("_", 1)) for key in simulated if SECTIONS[key].parts()}
    drawings = {drawing_script(*key.split("_", 1)) for key in drawn}
    changed = {job.script for path, job in before.items() if now[path].spec != job.spec}
    assert changed == {*parts, *drawings, "scripts/write_settings.py"}


@pytest.mark.slow
def test_growth_runs_only_what_is_new_and_leaves_every_number_as_it_was(built_copy: Project):
    """A depth more, and more networks than a block holds."""
    config = ("marion2025={fig1: {depths: [46, 77, 10]}, fig2: {explicit_networks: 80}}",)
    new = {"marion2025_fig1": "depth00077_block00", "marion2025_fig2": "explicit_block01"}
    parts = {
        path: (path.read_bytes(), path.stat().st_mtime_ns)
        for key in new
        for path in built_copy.table(key).with_suffix("").glob("*.parquet")
    }
    before = {key: read_table(built_copy.table(key)) for key in new}
    targets = [built_copy.table(key).relative_to(built_copy.path).as_posix() for key in new]
    done = built_copy.snakemake("--cores", "2", *targets, config=config)
    assert done.returncode == 0, done.text

    for path, (content, written) in parts.items():
        assert path.read_bytes() == content and path.stat().st_mtime_ns == written
    for key, part in new.items():
        after = read_table(built_copy.table(key))
        assert len(after) == len(before[key]) + len(read_table(built_copy.table(key, part)))
        common = before[key].merge(after, how="inner")  # on all columns: equal in every digit
        assert len(common) == len(before[key])


# ------------------------------------------------------------------------------ single figures
@pytest.mark.slow
def test_keys_and_files_of_figures_plan_these_figures_alone(checkout: Project):
    """One with a table of its own, and one that draws those of others."""
    keys = ["luther2019_theory", "marion2025_fig3"]
    tables = set().union(*map(tables_drawn, keys))
    expected = {f"{table}_parts": len(SECTIONS[table].parts()) for table in tables}
    expected |= {"gather": len(tables), **dict.fromkeys(keys, 1)}
    files = [f"results/smoke/figures/{sub_path(key)}.pdf" for key in keys]
    assert checkout.planned(*keys, *files) == expected

"""A job reruns if and only if something that it uses has changed."""

import os
import re
import signal
import subprocess
import time
from pathlib import Path

import pytest
from project import SECTIONS, Project, sub_path

from study.folders import claims_file
from study.tables import read_table

pytestmark = pytest.mark.slow
LUTHER, HANIN = (
    [key for key in SECTIONS if key.startswith(paper)] for paper in ("luther", "hanin")
)


def of(paper: str, *figures: str) -> list[str]:
    """Return the keys of some figures of one paper."""
    return [f"{paper}_{figure}" for figure in figures]


def reading(key: str) -> list[str]:
    """Return the figures that draw the table of `key`."""
    return [other for other in SECTIONS if key in tables_drawn(other)]


def tables_drawn(key: str) -> set[str]:
    """Return the figures whose tables a figure draws, itself included if it has one."""
    paper = key.partition("_")[0]
    own = {key} if SECTIONS[key].parts() else set()
    return own | {f"{paper}_{other}" for other in SECTIONS[key].reads}


def plan(simulated: list[str] = (), drawn: list[str] = (), settings: int = 0) -> dict[str, int]:
    """Return the plan if all parts of `simulated` run again, with all that follows from it.

    Figures without a table of their own may stand in `simulated`; nothing is simulated for them.

    Args:
        drawn: figures drawn anew beside those of `simulated`.
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
def test_after_a_build_nothing_is_left_to_do(built: Project):
    assert built.planned() == {}


def test_new_times_of_all_files_as_after_a_git_checkout_rerun_nothing(built_copy: Project):
    for path in built_copy.path.rglob("*"):
        if path.is_file() and not {".git", ".snakemake", "results"} & set(path.parts):
            path.touch()
    assert built_copy.planned() == {}


def test_comments_and_docstrings_rerun_nothing(built_copy: Project):
    for file in ("deepinit/resnet/ratios.py", "study/style.py", "study/job.py", "job.py"):
        built_copy.replace(file, '"""', '"""Edited. ')
        built_copy.append(file, "# Edited.")
    assert built_copy.planned() == {}


# ------------------------------------------------------------------------------ edited modules
@pytest.mark.parametrize(
    ("module", "expected"),
    [
        ("deepinit/resnet/output_ratios.py", plan(of("marion2025", "bounds", "fig2", "lognormal"))),
        ("deepinit/resnet/strong_convergence.py", plan(of("marion2025", "limits"))),
        (
            "deepinit/initialisers.py",
            plan(
                [
                    *of("hanin2018", "fig1a", "fig1b", "fig2b", "fig3a", "fig4"),
                    "luther2019_learning_curves",
                ],
                # Their curves are labelled from one place.
                drawn=[key for key in HANIN if "conv" not in key],
            ),
        ),
        ("deepinit/training/batched_sgd.py", plan(of("hanin2018", "fig1b", "fig2b", "fig3a"))),
        (
            "study/streams.py",
            plan(list(SECTIONS)),
        ),
        (
            "papers/marion2025/inside_drawing.py",
            plan(drawn=of("marion2025", "fig10", "fig11", "fig12", "fig13", "fig14")),
        ),
        ("study/drawing.py", plan(drawn=list(SECTIONS))),
        ("papers/hanin2018/fig1a/measures.py", plan(drawn=["hanin2018_fig1a"])),
        ("scripts/gather.py", None),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_an_edited_module_reruns_what_imports_it_and_what_follows(
    built_copy: Project, module: str, expected: dict[str, int] | None
):
    built_copy.append(module, "_EDITED = True")
    if expected is None:  # tables are put together anew, and nothing is simulated
        every = plan(list(SECTIONS))
        expected = {rule: n for rule, n in every.items() if not rule.endswith("_parts")}
    assert built_copy.planned() == expected


# ------------------------------------------------------------------------------- edited inputs
def test_an_edited_style_redraws_all_figures_and_simulates_nothing(built_copy: Project):
    built_copy.append("study/style.mplstyle", "lines.linewidth: 3")
    assert built_copy.planned() == plan(drawn=list(SECTIONS))


def test_an_edited_claim_draws_and_judges_its_figure_alone(built_copy: Project):
    built_copy.append("papers/hanin2018/fig1a/claims.yaml", "# Edited.")
    assert built_copy.planned() == plan(drawn=["hanin2018_fig1a"])


# ------------------------------------------------------------------------------ edited settings
@pytest.mark.parametrize(
    ("setting", "expected"),
    [
        ("marion2025={fig7: {draws: 3}}", plan(["marion2025_fig7"], settings=1)),
        (
            "marion2025={fig2: {delta: 0.4}}",  # drawn and judged with, not simulated with
            plan(drawn=reading("marion2025_fig2"), settings=1),
        ),
        (
            "root_seed=1",
            plan([key for key in SECTIONS if key != "luther2019_theory"], settings=1),
        ),
        ("data_folder=/data", plan(settings=1)),  # the carried subset stays in use
    ],
    ids=["one figure", "drawing only", "root seed", "unused key"],
)
def test_a_changed_setting_reruns_only_what_uses_it(
    built: Project, setting: str, expected: dict[str, int]
):
    assert built.planned(config=(setting,)) == expected


def test_more_networks_than_a_block_holds_keep_the_full_blocks(built: Project):
    config = ("marion2025={fig1: {networks: 51}}",)
    # Both depths need a second block of one network; the first blocks are not run again.
    announced = built.snakemake("-n", "marion2025_fig1", config=config).text
    parts = re.findall(r"^Job \d+: marion2025 fig1: computing (\w+)$", announced, re.M)
    assert sorted(parts) == ["depth00010_block01", "depth00046_block01"]


@pytest.mark.parametrize(
    ("key", "setting", "new_part"),
    [
        ("marion2025_fig1", "marion2025={fig1: {depths: [46, 77, 10]}}", "depth00077_block00"),
        ("marion2025_fig2", "marion2025={fig2: {explicit_networks: 80}}", "explicit_block01"),
    ],
)
def test_growth_runs_only_what_is_new_and_leaves_every_number_as_it_was(
    built_copy: Project, key: str, setting: str, new_part: str
):
    parts = {
        path: (path.read_bytes(), path.stat().st_mtime_ns)
        for path in built_copy.table(key).with_suffix("").glob("*.parquet")
    }
    before = read_table(built_copy.table(key))
    assert built_copy.planned(key, config=(setting,)) == {f"{key}_parts": 1, "gather": 1, key: 1}
    done = built_copy.snakemake("--cores", "2", key, config=(setting,))
    assert done.returncode == 0, done.text

    assert built_copy.table(key, new_part).is_file()
    for path, (content, written) in parts.items():
        assert path.read_bytes() == content and path.stat().st_mtime_ns == written
    after = read_table(built_copy.table(key))
    assert len(after) == len(before) + len(read_table(built_copy.table(key, new_part)))
    common = before.merge(after, how="inner")  # on all columns: equal in every digit
    assert len(common) == len(before)


# ------------------------------------------------------------------------------ a killed build
def test_a_build_killed_in_the_middle_leaves_nothing_half_written_and_ends_the_same(
    checkout: Project, tmp_path: Path
):
    target = "results/smoke/tables/marion2025/fig1.parquet"
    # The first part takes a moment and the second some seconds.
    config = ("marion2025={fig1: {depths: [10, 300], networks: 1000, block: 1000}}",)
    killed, undisturbed = checkout.copy(tmp_path / "killed"), checkout.copy(tmp_path / "other")

    log = killed.results / "logs/tables/marion2025/fig1/depth00300_block00.log"
    finished = killed.table("marion2025_fig1", "depth00010_block00")
    said = tmp_path / "said"
    with said.open("w") as stream:
        build = subprocess.Popen(
            killed.arguments("--cores", "2", target, config=config),
            cwd=killed.path,
            stdout=stream,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        _wait_until(
            lambda: (
                "Finished jobid" in said.read_text() and log.is_file() and log.stat().st_size > 0
            )
        )
    finally:
        os.killpg(build.pid, signal.SIGKILL)
        build.wait()
    assert list(killed.results.glob("tables/marion2025/fig1/*.parquet")) == [finished]
    written = finished.stat().st_mtime_ns

    # Snakemake cannot tell a killed run from one that goes on elsewhere, and says what to do.
    refused = killed.snakemake("--cores", "2", target, config=config)
    assert refused.returncode != 0 and "--unlock" in refused.text
    assert "Traceback" not in refused.text
    for words in (["--unlock"], ["--cores", "2", target]):
        done = killed.snakemake(*words, config=config)
        assert done.returncode == 0, done.text
    assert finished.stat().st_mtime_ns == written, "a finished part was run again"

    done = undisturbed.snakemake("--cores", "2", target, config=config)
    assert done.returncode == 0, done.text
    assert killed.outcome() == undisturbed.outcome()


def _wait_until(condition, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.05)


# ------------------------------------------------------------------------------ single figures
@pytest.mark.parametrize(
    "key", ["luther2019_theory", "luther2019_total_variance", "marion2025_fig3"]
)
def test_a_figures_key_and_its_file_plan_that_figure_alone(checkout: Project, key: str):
    tables = tables_drawn(key)
    expected = {f"{table}_parts": len(SECTIONS[table].parts()) for table in tables}
    expected |= {"gather": len(tables), key: 1}
    assert checkout.planned(key, f"results/smoke/figures/{sub_path(key)}.pdf") == expected

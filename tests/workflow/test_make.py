"""`make` does what it is asked for or refuses, and its surroundings do not change what it does."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from faults import family, running, wait_until
from project import ROOT, Project, making


def make(*words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Return what `make -n` prints: the commands that it would run."""
    environment = {"PATH": "/usr/bin:/bin", "HOME": "/nowhere", **variables}
    command = ["make", "-n", *words]
    return subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["tests"], "tests"),
        (["results/smoke/figures/marion2025/fig7.pdf"], "fig7.pdf"),
        (["fig7"], "marion2025_fig7"),
        (["list", "preset=smoke"], "preset"),
        (["FIGURE=marion2025_fig7"], "FIGURE"),
        (["benchmark", "CORES=2"], "CORES"),
        (["plan", "marion2025_fig7", "PRESET=paper"], "FIGURE=marion2025_fig7"),
        (["list", "PRESET=smoke", "CONFIG=mine.yaml"], "CONFIG"),
    ],
)
def test_what_is_half_understood_is_refused_and_named(words: list[str], named: str):
    done = make(*words)
    assert done.returncode == 2 and done.stdout == "" and named in done.stderr, done.stderr


def test_known_variables_and_several_figures_are_obeyed():
    assert "list smoke" in make("list", "PRESET=smoke").stdout
    both = make("marion2025_fig7", "luther2019_theory", "CORES=1").stdout
    assert both.count("cli.py build") == 2 and both.count("--cores 1") == 2


def test_a_variable_that_another_program_has_exported_is_not_used_and_that_is_printed():
    done = make("list", PRESET="paper", CONFIG="Release")
    assert "list laptop" in done.stdout and 'config ""' in done.stdout
    assert "PRESET" in done.stdout and "CONFIG" in done.stdout


@pytest.mark.slow
def test_what_the_user_has_set_for_other_programs_changes_no_plan(
    checkout: Project, monkeypatch: pytest.MonkeyPatch
):
    """Beside variables of Python, which the Makefile takes away."""
    strange = {"HOME": "/dev/null", "SNAKEMAKE_PROFILE": "/gone"}
    strange |= {"PYTHONIOENCODING": "ascii", "FORCE_COLOR": "1", "LC_ALL": "C"}
    for name, value in strange.items():
        monkeypatch.setenv(name, value)
    plan = ["workflow/cli.py", "plan", "luther2019_theory", "--preset", "smoke"]
    done = checkout.run([sys.executable, *plan])
    assert done.returncode == 0 and done.text.startswith("what "), done.text
    assert "\nluther2019_theory " in done.text and "\n3 jobs: about " in done.text, done.text


@pytest.mark.slow
def test_a_signal_to_make_alone_ends_all_and_leaves_no_lock(unbuilt_copy: Project, tmp_path: Path):
    log = unbuilt_copy.results / "logs/tables/marion2025/fig1/depth00010_block00.log"
    build = making("marion2025_fig1")
    with running(unbuilt_copy, tmp_path / "said", build) as run:
        wait_until(lambda: log.is_file() and log.stat().st_size > 0)
        run.send_signal(signal.SIGTERM)
        assert run.wait() == 130
        wait_until(lambda: not family(run.pid))
    assert not any((unbuilt_copy.path / ".snakemake/locks").glob("*.lock"))
    assert "Traceback" not in (tmp_path / "said").read_text()

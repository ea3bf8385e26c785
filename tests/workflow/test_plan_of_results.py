"""Plans by the real rules, of real results."""

import shutil
import sys

import pytest
from project import Project, Run, assert_says

import cli

PLAN = ["python", "workflow/cli.py", "plan"]


def rows(done: Run) -> dict[str, str]:
    """Return what is made ↦ its line in the table."""
    assert done.returncode == 0, done.text
    lines = (line.rstrip() for line in done.text.splitlines())
    return {line.split(" ")[0]: line for line in lines if line}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["marion2025_fig77"], "marion2025_fig77"),
        (["--preset", "big"], "big"),
        (["--config", "none.yaml"], "none.yaml"),
    ],
)
def test_a_mistake_is_told_in_one_sentence(
    words: list[str], said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
):
    monkeypatch.setattr(sys, "argv", ["cli.py", "plan", *words])
    assert cli.main() == 1
    assert said in capsys.readouterr().err


@pytest.mark.slow
def test_a_target_that_nothing_makes_is_told_without_a_traceback(checkout: Project):
    done = checkout.run([*PLAN, "nonsense", "--preset", "smoke"])
    assert_says(done, "nonsense")


@pytest.mark.slow
def test_the_plan_tells_what_changed_in_short(built_copy: Project):
    own = "preset: smoke\nmarion2025: {fig7: {draws: 3}}\n"
    (built_copy.path / "own.yaml").write_text(own)
    done = built_copy.run([*PLAN, "marion2025_fig7", "--config", "own.yaml"])
    assert rows(done)["marion2025_fig7"].endswith("settings or code"), done.text

    built_copy.append("deepinit/resnet/strong_convergence.py", "_EDITED = True")
    built_copy.append("study/style.mplstyle", "lines.linewidth: 3")
    built_copy.table("hanin2018_conv_maps").unlink()
    shutil.rmtree(built_copy.table("hanin2018_conv_maps").with_suffix(""))
    done = built_copy.run([*PLAN, "--preset", "smoke"])
    found = rows(done)
    assert "settings or code" in found["marion2025_limits"], done.text
    assert "missing output" in found["hanin2018_conv_maps"]
    assert found["luther2019_theory"].split()[1] == "1"
    assert found["luther2019_theory"].endswith("  input")
    assert "verdicts" in found and "pages" in found
    # Asked again in the same state, Snakemake itself plans the same number of jobs.
    assert f"\n{sum(built_copy.planned().values())} jobs: about " in done.text

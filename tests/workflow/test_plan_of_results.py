"""Plans by the real rules, of real results."""

import shutil
import sys

import pytest
from project import Project

import cli


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
def test_the_plan_tells_what_changed_in_short(built_copy: Project):
    built_copy.append("deepinit/resnet/strong_convergence.py", "_EDITED = True")
    built_copy.append("study/style.mplstyle", "lines.linewidth: 3")
    built_copy.table("hanin2018_conv_maps").unlink()
    shutil.rmtree(built_copy.table("hanin2018_conv_maps").with_suffix(""))
    done = built_copy.run(["python", "workflow/cli.py", "plan", "--preset", "smoke"])
    assert done.returncode == 0, done.text
    lines = (line.rstrip() for line in done.text.splitlines())
    found = {line.split(" ")[0]: line for line in lines if line}
    assert "settings or code" in found["marion2025_limits"], done.text
    assert "missing output" in found["hanin2018_conv_maps"]
    assert found["luther2019_theory"].split()[1] == "1"
    assert found["luther2019_theory"].endswith("  input")
    assert "verdicts" in found and "pages" in found
    # Asked again in the same state, Snakemake itself plans the same number of jobs.
    assert f"\n{sum(built_copy.planned().values())} jobs: about " in done.text

"""What a person reads when something is wrong: what it is, what to do, and no traceback."""

import os
from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml
from project import SMOKE, Project, assert_says

from pipeline import checks
from study.errors import UserError
from study.load import load_config, read_own

#: As root, permissions hold only without these capabilities.
AS_A_USER = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] if not os.getuid() else []


# ---------------------------------------------------------------------------- configuration
@pytest.mark.parametrize(
    ("setting", "culprit", "remedy"),
    [
        ("marion2025={fig1: {network: 9}}", "marion2025.fig1.network:", "'networks'"),
        ("marion2025={fig1: {zzz: 9}}", "marion2025.fig1.zzz:", "depths, betas"),
        ("rootseed=3", "rootseed:", "'root_seed'"),
        ("marion2025={fig1: {depths: [5, -3]}}", "marion2025.fig1.depths.1:", "-3"),
        ("hanin2018={fig1a: {laws: [he_norml]}}", "hanin2018.fig1a.laws.0:", "'he_normal'"),
        ("base=lapto", "'lapto'", "'laptop'"),
        ("preset=lapto", "'lapto'", "'laptop'"),
        ("preset=big", "'big'", "laptop, paper, smoke"),
    ],
)
def test_a_mistake_in_the_configuration_is_named(setting: str, culprit: str, remedy: str):
    key, _, value = setting.partition("=")
    with pytest.raises(UserError) as error:
        load_config({"preset": "smoke", key: yaml.safe_load(value)})
    assert culprit in str(error.value) and remedy in str(error.value)


@pytest.mark.slow
def test_all_mistakes_in_the_configuration_are_told_at_once_before_any_job(checkout: Project):
    done = checkout.snakemake("-n", config=("device=gpu", "root_seed=-1"))
    assert_says(done, "deepinit: ", "  device: ", "  root_seed: ")


TWICE = "preset: smoke\nhanin2018: {}\nmarion2025: {}\nhanin2018: {}\n"


@pytest.mark.parametrize(
    ("text", "key", "lines"),
    [
        (TWICE, "hanin2018", (2, 4)),
        ("preset: smoke\nmarion2025: {fig1: {networks: 5,\n  networks: 6}}\n", "networks", (2, 3)),
    ],
)
def test_a_key_that_stands_twice_is_named_with_its_file_and_lines(
    tmp_path: Path, text: str, key: str, lines: tuple[int, int]
):
    file = tmp_path / "twice.yaml"
    file.write_text(text)
    with pytest.raises(UserError, match=rf"twice\.yaml: '{key}'.*{lines[0]}.*{lines[1]}"):
        read_own(str(file))


def test_a_configuration_of_ones_own_without_a_base_is_told_what_it_lacks():
    given = {"preset": "mine", "root_seed": 3}
    with pytest.raises(UserError, match=r"(?s)'mine'.*`base: laptop`"):
        load_config(given)
    assert load_config({**given, "base": "smoke"}).preset == "mine"


@pytest.mark.slow
def test_a_figure_without_a_drawing_is_told_before_any_job(unbuilt_copy: Project):
    (unbuilt_copy.path / "workflow/papers/marion2025/fig8/present.py").unlink()
    done = unbuilt_copy.snakemake("marion2025_fig8", "--cores", "1")
    assert_says(done, "marion2025/fig8/present.py")
    assert not (unbuilt_copy.results / "tables").exists()


@pytest.mark.parametrize("word", ["fig7", "marion2025_fig77"])
def test_an_unknown_figure_and_one_without_its_paper_get_a_suggestion(word: str):
    with pytest.raises(UserError, match=f"'{word}'.*'marion2025_fig7'"):
        checks.check_targets(SMOKE, ["-n", word])


def test_a_network_of_ones_own_named_like_a_rule_or_a_figure_is_in_nobodys_way():
    own = {"build": "workflow/deepinit/examples/own_networks.py:mlp_as_it_comes"}
    own |= {"inputs": "workflow/deepinit/examples/own_networks.py:vectors"}
    networks = dict.fromkeys(("all", "pages", "mine"), own)
    config = load_config({"preset": "mine", "base": "smoke", "own": networks})
    checks.check_targets(config, ["all", "pages", "own_all", "mine"])
    with pytest.raises(UserError, match="'marion2025_fig7'"):
        checks.check_targets(config, ["fig7"])


def test_a_result_that_these_settings_do_not_have_is_named_with_one_they_have():
    folder = "results/smoke/tables/marion2025/fig1"
    checks.check_targets(SMOKE, [f"{folder}/depth00010_block00.parquet", f"{folder}.parquet"])
    for missing in (f"{folder}/depth00999_block00.parquet", f"{folder[:-1]}3.parquet"):
        with pytest.raises(UserError, match=rf"'{missing}'.*'{folder[:-1]}"):
            checks.check_targets(SMOKE, [missing])


def test_a_job_refuses_other_code_than_was_planned(checkout: Project, tmp_path):
    words = ["python", "workflow/job.py", "scripts/write_settings.py", "--spec", '{"config": {}}']
    output = tmp_path / "settings.yaml"
    done = checkout.run([*words, "--output", output, "--code", "0123456789abcdef"])
    assert_says(done, "the code has changed since this job was planned", "run again")
    assert not output.exists()


# ------------------------------------------------------------------------------ no way to write
def test_a_file_in_the_place_of_the_results_is_named(tmp_path: Path):
    (tmp_path / "results").write_text("in the way")
    with pytest.raises(UserError, match=r"results' is a file.*move it"):
        checks.check_writable([tmp_path / "results/smoke"])


def test_a_full_disk_is_told_before_any_job(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(checks.shutil, "disk_usage", lambda path: SimpleNamespace(free=1000))
    with pytest.raises(UserError, match=r"no space left on the disk of .*run again"):
        checks.check_writable([tmp_path / "results/smoke"])


@pytest.mark.slow
def test_results_without_permission_are_told_before_any_job(unbuilt_copy: Project):
    folder = unbuilt_copy.path / "results"
    folder.chmod(0o555)
    done = unbuilt_copy.run(AS_A_USER + unbuilt_copy.arguments("--cores", "1", "settings"))
    assert_says(done, "no permission to write to 'results'", "change its permissions")


@pytest.mark.slow
def test_a_job_that_cannot_write_says_why_and_leaves_no_partial_file(built_copy: Project):
    """A drawing and a table on a full disk, then a table in a folder without permission."""
    for name, suffix in (
        ("figures/luther2019/theory", "pdf"),
        ("tables/luther2019/membrane_images/images", "parquet"),
    ):
        command = (built_copy.results / f"logs/{name}.log").read_text().split("\n")[0]
        first = built_copy.results / f"{name}.{suffix}"
        first.unlink()
        before = sorted(first.parent.iterdir())
        # The shell's limit on the size of a file, in KiB, acts like a disk that is full after that.
        done = built_copy.run(["bash", "-c", f"ulimit -f 4; {command}"])
        assert_says(done, "no space left to write", "free some and run again")
        assert sorted(first.parent.iterdir()) == before
    first.parent.chmod(0o555)
    done = built_copy.run([*AS_A_USER, "bash", "-c", command])
    assert_says(done, "no permission", "write", "luther2019", "change the permissions")


# ------------------------------------------------------------------------------ theory
@pytest.mark.slow
def test_theory_that_its_own_simulation_contradicts_stops_the_build(built_copy: Project):
    verdicts = built_copy.results / "verdicts/verdicts.csv"
    logs = (
        built_copy.results / f"logs/{name}.log"
        for name in ("figures/marion2025/fig2", "verdicts/verdicts")
    )
    judging, gathering = (log.read_text(encoding="utf-8").split("\n")[0] for log in logs)
    verdicts.unlink()
    built_copy.append("deepinit/resnet/ratios_theory.py", "_growth = log_mean_squared_growth")
    built_copy.append(
        "deepinit/resnet/ratios_theory.py",
        "def log_mean_squared_growth(*arguments):\n    return 2 * _growth(*arguments)",
    )
    assert built_copy.run(judging).returncode == 0
    done = built_copy.run(gathering)
    assert_says(
        done, "theory and simulation of this project disagree", "exact-growth-output: measured"
    )
    assert not verdicts.exists()

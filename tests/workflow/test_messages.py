"""What a person reads when something is wrong: what it is, what to do, and no traceback."""

import os

import pytest
import torch
import yaml
from project import Project, assert_says

from deepinit.errors import UserError
from deepinit.tables import read_provenance
from pipeline.load import load_config

#: As root, permissions hold only without these capabilities.
AS_A_USER = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] if not os.getuid() else []


# ---------------------------------------------------------------------------- configuration
MISTAKES = [
    ("marion2025={fig1: {network: 9}}", "marion2025.fig1.network:", "mean 'networks'?"),
    ("marion2025={fig1: {zzz: 9}}", "marion2025.fig1.zzz:", "keys here are: depths, betas"),
    ("rootseed=3", "rootseed:", "did you mean 'root_seed'?"),
    ("marion2025={fig1: {networks: many}}", "marion2025.fig1.networks:", "valid integer"),
    ("marion2025={fig1: {depths: [5, -3]}}", "fig1.depths.1:", "greater than 0 (it is"),
    ("marion2025={fig1: {depths: []}}", "fig1.depths:", "at least 1 item"),
    ("marion2025={fig1: {width: 1}}", "marion2025.fig1.width:", "greater than or equal to 2"),
    ("marion2025={fig1: {networks: 1}}", "fig1.networks:", "greater than or equal to 2"),
    ("marion2025={fig7: {betas: {stop: 0.2}}}", "fig7.betas:", "start and stop are the same"),
    ("marion2025={fig10: {activations: [relu, relu]}}", "fig10.activations:", "listed twice"),
    ("marion2025={fig10: {activations: [tanh]}}", "fig10.activations:", "relu must be"),
    ("marion2025={fig4: {increments_betas: [7]}}", "increments_betas:", "7 is not one of"),
    ("marion2025={bounds: {betas: [0.25]}}", "bounds.betas:", "0.5 must be among them"),
    ("hanin2018={conv: {kernel: 35, side: 12}}", "kernel:", "35 is too large"),
    (
        "marion2025={fig7: {hursts: {stop: 1}}}",
        "marion2025.fig7.hursts:",
        "strictly between 0 and 1",
    ),
    ("hanin2018={fig1a: {laws: [he_norml]}}", "hanin2018.fig1a.laws.0:", "'he_normal'"),
    ("device=gpu", "device:", "'auto', 'cpu' or 'cuda'"),
    ("preset=big", "'big'", "choose one of laptop, paper, smoke"),
]


@pytest.mark.parametrize(("setting", "culprit", "remedy"), MISTAKES)
def test_a_mistake_in_the_configuration_is_named(setting: str, culprit: str, remedy: str):
    key, _, value = setting.partition("=")
    with pytest.raises(UserError) as error:
        load_config({"preset": "smoke", key: yaml.safe_load(value)})
    assert culprit in str(error.value) and remedy in str(error.value)


@pytest.mark.parametrize(("setting", "culprit", "remedy"), [MISTAKES[0], MISTAKES[-1]])
def test_a_mistake_in_the_configuration_is_told_before_any_job(
    checkout: Project, setting: str, culprit: str, remedy: str
):
    assert_says(checkout.snakemake("-n", config=(setting,)), "deepinit: ", culprit, remedy)


def test_all_mistakes_are_told_at_once(checkout: Project):
    done = checkout.snakemake("-n", config=("device=gpu", "root_seed=-1"))
    assert_says(done, "  device: ", "  root_seed: ")


def test_an_unknown_figure_gets_a_suggestion(checkout: Project):
    done = checkout.snakemake("-n", "marion2025_fig77")
    assert_says(done, "no figure 'marion2025_fig77'", "mean 'marion2025_fig7'?", "make list")


@pytest.mark.parametrize(
    ("target", "remedy"),
    [
        ("marion2025_fgi1", "'make list'"),
        ("marion2025_fig1_parts", "make marion2025_fig1 makes its parts too"),
    ],
)
def test_make_says_that_a_target_is_no_figure(checkout: Project, target: str, remedy: str):
    done = checkout.run(["python", "workflow/build.py", target, "--preset", "smoke"])
    assert_says(done, target, remedy)


def test_a_job_refuses_other_code_than_was_planned(checkout: Project, tmp_path):
    words = ["python", "workflow/job.py", "scripts/write_settings.py", "--spec", '{"config": {}}']
    output = tmp_path / "settings.yaml"
    done = checkout.run([*words, "--output", output, "--code", "0123456789abcdef"])
    assert_says(done, "the code has changed since this job was planned", "run again")
    assert not output.exists()


@pytest.mark.parametrize("preset", ["smoke", "laptop", "paper"])
def test_the_menu_has_every_figure(checkout: Project, preset: str):
    done = checkout.run(["python", "workflow/menu.py", preset])
    assert done.returncode == 0, done.text
    assert all(key in done.text for key in ("luther2019_theory", "marion2025_fig7"))


def test_the_menu_of_an_unknown_preset_names_those_there_are(checkout: Project):
    done = checkout.run(["python", "workflow/menu.py", "nope"])
    assert_says(done, "no preset 'nope'", "laptop, paper, smoke")


# ------------------------------------------------------------------------------ damaged files
@pytest.mark.slow
def test_damaged_data_stop_the_job_and_give_no_table(unbuilt_copy: Project):
    labels = unbuilt_copy.path / "workflow/data/mnist_subset/train-labels-idx1-ubyte.gz"
    content = bytearray(labels.read_bytes())
    content[len(content) // 2] ^= 1
    labels.write_bytes(content)
    done = unbuilt_copy.snakemake("--cores", "2", "hanin2018_fig1b")
    assert_says(done, "scripts/hanin2018/fig1b.py failed", labels.name, "git checkout")
    assert list(unbuilt_copy.results.rglob("*.parquet")) == []


@pytest.mark.slow
def test_a_damaged_part_is_named_set_aside_and_made_anew_by_the_next_run(built_copy: Project):
    part = built_copy.table("marion2025_fig1", "depth00010_block00")
    before = built_copy.outcome()
    part.write_bytes(part.read_bytes()[:-100])
    target = built_copy.table("marion2025_fig1")
    target.unlink()
    words = ("--cores", "2", str(target.relative_to(built_copy.path)))
    aside = part.with_name(f"{part.name}.damaged")
    done = built_copy.snakemake(*words)
    assert_says(done, part.name, "is damaged", f"set aside as {aside.name}; run again")
    assert not target.exists() and not part.exists()
    aside.unlink()
    assert built_copy.snakemake(*words).returncode == 0
    assert built_copy.outcome() == before


# ------------------------------------------------------------------------------ no way to write
def test_a_file_in_the_place_of_the_results_is_named(unbuilt_copy: Project):
    unbuilt_copy.results.write_text("in the way")
    done = unbuilt_copy.snakemake("-n")
    assert_says(done, "'results/smoke' is a file", "move it")


def test_results_without_permission_are_told_before_any_job(unbuilt_copy: Project):
    folder = unbuilt_copy.path / "results"
    folder.chmod(0o555)
    done = unbuilt_copy.run(AS_A_USER + unbuilt_copy.arguments("--cores", "1", "settings"))
    assert_says(done, "no permission to write to 'results'", "change its permissions")


@pytest.mark.slow
def test_a_job_without_permission_names_the_file(built_copy: Project):
    part = built_copy.table("marion2025_fig1", "depth00010_block00")
    command = read_provenance(part)["command"]
    part.unlink()
    part.parent.chmod(0o555)
    done = built_copy.run([*AS_A_USER, "bash", "-c", command])
    assert_says(done, "no permission to write", str(part.parent.name), "change the permissions")


@pytest.mark.slow
@pytest.mark.parametrize("suffix", ["parquet", "pdf"])
def test_a_full_disk_is_told_and_leaves_no_partial_file(built_copy: Project, suffix: str):
    log = {"parquet": "tables/marion2025/fig1/depth00010_block00", "pdf": "figures/marion2025/fig1"}
    command = (built_copy.results / f"logs/{log[suffix]}.log").read_text().split("\n")[0]
    first = built_copy.results / f"{log[suffix]}.{suffix}"
    first.unlink()
    before = sorted(first.parent.iterdir())
    # The shell's limit on the size of a file, in KiB, acts like a disk that is full after that.
    done = built_copy.run(["bash", "-c", f"ulimit -f 4; {command}"])
    assert_says(done, "no space left to write", "free some and run again")
    assert sorted(first.parent.iterdir()) == before


# ------------------------------------------------------------------------------ device, theory
@pytest.mark.slow
@pytest.mark.skipif(torch.cuda.is_available(), reason="needs a machine without CUDA")
def test_a_missing_gpu_is_told_with_the_way_back_to_the_cpu(unbuilt_copy: Project):
    target = "results/smoke/tables/marion2025/fig1/depth00010_block00.parquet"
    done = unbuilt_copy.snakemake("--cores", "1", target, config=("device=cuda",))
    assert_says(done, "no CUDA device on this machine", "write 'device: auto'")


@pytest.mark.slow
def test_theory_that_its_own_simulation_contradicts_stops_the_build(built_copy: Project):
    verdicts = built_copy.results / "verdicts/marion2025.csv"
    command = (built_copy.results / "logs/verdicts/marion2025.log").read_text().split("\n")[0]
    verdicts.unlink()
    built_copy.append("deepinit/theory/residual.py", "_growth = mean_squared_growth")
    built_copy.append(
        "deepinit/theory/residual.py",
        "def mean_squared_growth(*arguments):\n    return 2 * _growth(*arguments)",
    )
    done = built_copy.run(command)
    assert_says(
        done, "theory and simulation of this project disagree", "exact-growth-output: measured"
    )
    assert not verdicts.exists()

"""What a person reads when something is wrong: what it is, what to do, and no traceback."""

import contextlib
import os
import shutil
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch
import yaml
from project import SECTIONS, SMOKE, Project, assert_says

from commands import build, menu
from pipeline import checks
from pipeline.checks import check_drawings, of_a_carried_name
from study import folders
from study.errors import UserError
from study.load import load_config, read_own
from study.tables import read_provenance

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
    ("marion2025={fig9: {betas: {stop: 0.1}}}", "fig9.betas:", "start and stop are the same"),
    ("marion2025={fig7: {betas: {last: 8}}}", "fig7.betas:", "last must not be less than first"),
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
    ("base=lapto", "base: there is no preset 'lapto'", "did you mean 'laptop'?"),
    ("preset=lapto", "'lapto'", "did you mean 'laptop'?"),
    ("preset=big", "'big'", "choose one of laptop, paper, smoke"),
]


@pytest.mark.parametrize(("setting", "culprit", "remedy"), MISTAKES)
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


@pytest.mark.slow
def test_a_key_that_stands_twice_stops_snakemake_too(checkout: Project, tmp_path: Path):
    (tmp_path / "twice.yaml").write_text(TWICE)
    dry = [*checkout.arguments("-n")[:-2], "--configfile", tmp_path / "twice.yaml"]
    assert_says(checkout.run(dry), "deepinit: ", "twice.yaml: 'hanin2018'")


def test_the_same_key_in_two_sections_and_one_laid_over_an_anchor_are_fine(tmp_path: Path):
    file = tmp_path / "own.yaml"
    file.write_text(
        "preset: smoke\nmarion2025: {fig1: &a {networks: 5, width: 8}, fig3: {}, "
        "fig4: {<<: *a, networks: 6}}\n"
    )
    assert read_own(str(file))["marion2025"]["fig4"] == {"networks": 6, "width": 8}


@pytest.mark.slow
def test_use_as_a_module_of_another_workflow_is_refused(checkout: Project, tmp_path: Path):
    file = f"module other:\n    snakefile: '{checkout.path}/Snakefile'\nuse rule * from other\n"
    (tmp_path / "Snakefile").write_text(file)
    done = Project(tmp_path).run([sys.executable, "-m", "snakemake", "-n"])
    assert_says(done, "deepinit: ", "module of another")


@pytest.mark.parametrize("key", ["marion2025", "root_seed"])
def test_a_configuration_of_ones_own_without_a_base_is_told_what_it_lacks(tmp_path, key: str):
    given = {"preset": "mine", key: {"marion2025": {"fig1": {"networks": 9}}, "root_seed": 3}[key]}
    with pytest.raises(UserError, match=r"the configuration lacks `base:`.*'base: laptop'"):
        load_config(given)
    path = tmp_path / "mine.yaml"
    path.write_text(yaml.safe_dump(given))
    with pytest.raises(UserError, match=r"mine\.yaml lacks `base:`"):
        read_own(str(path))
    assert load_config({**given, "base": "smoke"}).preset == "mine"


def test_an_unknown_preset_is_answered_in_the_words_of_make_and_of_snakemake():
    with pytest.raises(UserError, match=r"(?s)CONFIG=mine\.yaml.*--configfile mine\.yaml"):
        load_config({"preset": "big"})


def test_a_file_that_changes_a_preset_under_its_own_name_is_warned_of():
    own, carried = Path("own.yaml"), checks.PRESETS / "smoke.yaml"
    changed = load_config({"preset": "smoke", "root_seed": 3})
    warning = of_a_carried_name(changed, [own])
    for piece in ("own.yaml", "results/smoke", "'preset: mine' and 'base: smoke'"):
        assert piece in warning
    # A change on the command line, the preset's own file, and a name of one's own.
    assert of_a_carried_name(changed, []) == ""
    assert of_a_carried_name(SMOKE, [carried]) == of_a_carried_name(changed, [carried]) == ""
    elsewhere = load_config({"preset": "smoke", "data_folder": "/data"})
    assert of_a_carried_name(elsewhere, [own]) == ""
    mine = load_config({"preset": "mine", "base": "smoke", "root_seed": 3})
    assert of_a_carried_name(mine, [own]) == ""


@pytest.mark.slow
def test_a_run_with_such_a_file_prints_the_warning_once(unbuilt_copy: Project):
    (unbuilt_copy.path / "own.yaml").write_text("preset: smoke\nroot_seed: 3\n")
    words = ["results/smoke/config.yaml", "--cores", "1", "--configfile", "own.yaml"]
    done = unbuilt_copy.run(["python", "-m", "snakemake", *words])
    assert done.returncode == 0, done.text
    assert done.text.count("changes the preset 'smoke' under its own name") == 1


def test_every_figure_has_a_drawing_and_a_caption():
    check_drawings(SMOKE, [])


@pytest.mark.parametrize(
    ("words", "refused"),
    [
        ([], True),
        (["all", "--cores", "2"], True),
        (["marion2025_fig8"], True),
        (["results/smoke/figures/marion2025/fig8.png"], True),
        (["all", "--forcerun", "results/smoke/tables/marion2025/fig7.parquet"], True),
        (["marion2025_fig7"], False),
        (["marion2025_fig8_parts"], False),
        (["results/smoke/tables/marion2025/fig8.parquet"], False),
        (["verdicts"], True),  # one job draws and judges
        (["--unlock"], False),
    ],
)
def test_a_figure_without_a_drawing_is_told_where_it_would_be_drawn(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, words: list[str], refused: bool
):
    shutil.copytree(folders.PAPERS, tmp_path, dirs_exist_ok=True)
    (tmp_path / "marion2025/fig8/present.py").unlink()
    monkeypatch.setattr(folders, "PAPERS", tmp_path)
    missing = "marion2025_fig8 .*papers/marion2025/fig8/present.py"
    with pytest.raises(UserError, match=missing) if refused else contextlib.nullcontext():
        check_drawings(SMOKE, words)


@pytest.mark.parametrize("name", ["present.py", "caption.rst"])
def test_a_figure_that_lacks_a_file_is_told_before_any_job_runs(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
):
    shutil.copytree(folders.PAPERS, tmp_path, dirs_exist_ok=True)
    (tmp_path / "hanin2018/conv" / name).unlink()
    monkeypatch.setattr(folders, "PAPERS", tmp_path)
    check_drawings(SMOKE, ["hanin2018_fig1a"])
    with pytest.raises(UserError, match=f"papers/hanin2018/conv/{name}"):
        check_drawings(SMOKE, ["all"])
    # A caption is for the report alone.
    alone = pytest.raises(UserError) if name == "present.py" else contextlib.nullcontext()
    with alone:
        check_drawings(SMOKE, ["hanin2018_conv"])


def test_a_figure_without_its_paper_gets_a_suggestion():
    with pytest.raises(UserError, match=r"'fig7' lacks its paper.*'marion2025_fig7'\?"):
        checks.check_targets(SMOKE, ["-n", "fig7"])


def test_a_result_that_these_settings_do_not_have_is_named_with_one_they_have():
    folder = "results/smoke/tables/marion2025/fig1"
    checks.check_targets(SMOKE, [f"{folder}/depth00010_block00.parquet", f"{folder}.parquet"])
    for missing in (f"{folder}/depth00999_block00.parquet", f"{folder[:-1]}3.parquet"):
        with pytest.raises(UserError, match=rf"no '{missing}'; did you mean '{folder[:-1]}"):
            checks.check_targets(SMOKE, [missing])


def test_options_of_which_snakemake_keeps_the_last_alone_are_refused():
    checks.check_given_once(["all", "--config", "preset=smoke", "--configfile", "a.yaml", "b.yaml"])
    for words in (["--config", "preset=a", "-C", "b=1"], ["--configfile=a", "--configfile", "b"]):
        with pytest.raises(UserError, match="twice"):
            checks.check_given_once(["all", *words])


def test_an_unknown_figure_gets_a_suggestion():
    with pytest.raises(UserError, match=r"'marion2025_fig77'.*'marion2025_fig7'\?.*make list"):
        checks.check_targets(SMOKE, ["-n", "marion2025_fig77"])


@pytest.mark.parametrize(
    ("target", "remedy"),
    [
        ("marion2025_fgi1", "'make list'"),
        ("marion2025_fig1_parts", "'make list'"),
    ],
)
def test_make_says_that_a_target_is_no_figure(target: str, remedy: str):
    with pytest.raises(UserError, match=f"{target}.*{remedy}"):
        build.check_target(SMOKE, target)


def test_a_job_refuses_other_code_than_was_planned(checkout: Project, tmp_path):
    words = ["python", "workflow/job.py", "scripts/write_settings.py", "--spec", '{"config": {}}']
    output = tmp_path / "settings.yaml"
    done = checkout.run([*words, "--output", output, "--code", "0123456789abcdef"])
    assert_says(done, "the code has changed since this job was planned", "run again")
    assert not output.exists()


@pytest.mark.parametrize("preset", ["smoke", "laptop", "paper"])
def test_the_menu_has_every_figure(
    preset: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
):
    monkeypatch.setattr(sys, "argv", ["menu.py", preset])
    assert menu.main() == 0
    text = capsys.readouterr().out
    assert all(key in text for key in SECTIONS)


# ------------------------------------------------------------------------------ damaged files
@pytest.mark.slow
def test_damaged_data_stop_the_job_and_give_no_table(unbuilt_copy: Project):
    labels = unbuilt_copy.path / "workflow/data/mnist_subset/train-labels-idx1-ubyte.gz"
    content = bytearray(labels.read_bytes())
    content[len(content) // 2] ^= 1
    labels.write_bytes(content)
    done = unbuilt_copy.snakemake("--cores", "2", "hanin2018_fig1b")
    assert_says(done, "papers/hanin2018/fig1b/compute.py failed", labels.name, "git checkout")
    assert list(unbuilt_copy.results.rglob("*.parquet")) == []


@pytest.mark.slow
def test_a_damaged_part_gives_no_table_and_is_made_again_once_it_is_deleted(built_copy: Project):
    part = built_copy.table("marion2025_fig1", "depth00010_block00")
    before = built_copy.outcome()
    part.write_bytes(part.read_bytes()[:-100])
    target = built_copy.table("marion2025_fig1")
    target.unlink()
    words = ("--cores", "2", str(target.relative_to(built_copy.path)))
    done = built_copy.snakemake(*words)
    assert_says(done, part.name, "is damaged", f"delete {part.resolve()} and run again")
    assert not target.exists()
    part.unlink()
    assert built_copy.snakemake(*words).returncode == 0
    assert built_copy.outcome() == before


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
    verdicts = built_copy.results / "verdicts/verdicts.csv"
    logs = (
        built_copy.results / f"logs/{name}.log"
        for name in ("figures/marion2025/fig2", "verdicts/verdicts")
    )
    judging, gathering = (log.read_text(encoding="utf-8").split("\n")[0] for log in logs)
    verdicts.unlink()
    built_copy.append("deepinit/resnet/ratios_theory.py", "_growth = mean_squared_growth")
    built_copy.append(
        "deepinit/resnet/ratios_theory.py",
        "def mean_squared_growth(*arguments):\n    return 2 * _growth(*arguments)",
    )
    assert built_copy.run(judging).returncode == 0
    done = built_copy.run(gathering)
    assert_says(
        done, "theory and simulation of this project disagree", "exact-growth-output: measured"
    )
    assert not verdicts.exists()

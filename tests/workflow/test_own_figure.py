"""Figures of one's own: a folder, following workflow/README.md to the letter, and a network in `own`."""

import re
import shutil
import sys
import textwrap
from pathlib import Path

import pandas as pd
import pytest
from project import ROOT, Project, Run, assert_says, making

from pipeline.expected import own_job
from study import code_hash
from study.config import Config
from study.errors import UserError
from study.load import load_config
from study.metadata import provenance_of

GUIDE = (ROOT / "workflow" / "README.md").read_text(encoding="utf-8")


def code_blocks(language: str) -> list[str]:
    """Return the blocks of the guide in a language, in order."""
    blocks = re.findall(rf"^ *```{language}\n(.*?)^ *```", GUIDE, re.MULTILINE | re.DOTALL)
    return [textwrap.dedent(block) for block in blocks]


@pytest.mark.slow
def test_following_the_guide_gives_a_figure_a_menu_entry_and_clean_lint(unbuilt_copy: Project):
    project, workflow = unbuilt_copy, unbuilt_copy.path / "workflow"
    claims, small = code_blocks("yaml")
    names = ("settings.py", "compute.py", "present.py", "claims.yaml", "caption.rst")
    folder = workflow / "papers/marion2025/width"
    folder.mkdir()
    for name, text in zip(names, [*code_blocks("python"), claims, "Growth."], strict=True):
        (folder / name).write_text(text, encoding="utf-8")
    assert project.run(["python", "workflow/cli.py", "config"]).returncode == 0
    project.replace("config/smoke.yaml", "\nmarion2025:\n", f"\nmarion2025:\n  {small}")

    done = project.run(making("marion2025_width", "--cores", "2"))
    assert done.returncode == 0 and "): 1 reproduced" in done.text, done.text
    assert (project.results / "figures/marion2025/width.pdf").is_file()
    parts = {path.stem for path in (project.results / "tables/marion2025/width").iterdir()}
    assert parts == {"width00010", "width00040"}
    assert project.snakemake("--lint").returncode == 0
    # What the tests ask of every figure, without those that start commands.
    files = ["tests/workflow/test_menu.py", "tests/workflow/test_verdict_files.py"]
    chosen = ["-m", "not slow", "-k", "not help"]
    own = project.run([sys.executable, "-m", "pytest", *chosen, *files])
    assert own.returncode == 0, own.text


# ---- a network in the section `own` of a configuration

NET = """
import torch
from torch import nn
from widths import WIDTH
from nets import block
from deepinit.seeds import seed_sequence

def build():
    return nn.Sequential(nn.Linear(WIDTH, WIDTH), nn.ReLU(), nn.Linear(WIDTH, 3))

def batch():
    return torch.randn(6, WIDTH)
"""


def own(folder: Path, **entry: object) -> Config:
    """Return a configuration with the network of `folder`."""
    places = {
        key: f"{folder}/my_net.py:{name}" for key, name in (("build", "build"), ("inputs", "batch"))
    }
    return load_config({"preset": "mine", "base": "smoke", "own": {"my_net": {**places, **entry}}})


@pytest.fixture
def net(tmp_path: Path) -> Path:
    """Return a folder with my_net.py and a neighbour that it imports."""
    (tmp_path / "my_net.py").write_text(NET)
    (tmp_path / "widths.py").write_text("WIDTH = 8\n")
    (tmp_path / "other.py").write_text("")
    (tmp_path / "halved.py").write_text("from odd import build\n")
    (tmp_path / "odd.py").write_text("def build(:\n")
    (tmp_path / "nets").mkdir()
    (tmp_path / "nets/__init__.py").write_text("from .model import block\n")
    (tmp_path / "nets/model.py").write_text("import nets.sizes\nfrom . import parts\nblock = 1\n")
    for name in ("sizes", "parts", "unused"):
        (tmp_path / f"nets/{name}.py").write_text("")
    return tmp_path


def hashed(folder: Path) -> str:
    """Return the code hash of the job, as a new process would find it."""
    for cache in (code_hash._read, code_hash.code_hash):
        cache.cache_clear()
    config = own(folder)
    return own_job(config, "my_net").code


def test_the_code_hash_has_the_file_its_neighbours_and_modules_of_the_project(net: Path):
    job = own_job(own(net), "my_net")
    scripts = code_hash.scripts_of_job(job.script, job.spec)
    closure = {file.name for file in code_hash.import_closure(*scripts)}
    assert {"my_net.py", "widths.py", "seeds.py", "own.py", "job.py"} <= closure
    assert {"model.py", "sizes.py", "parts.py"} <= closure and "unused.py" not in closure
    before = hashed(net)
    for file, text in (("my_net.py", NET + "# a remark\n"), ("other.py", "WIDTH = 9\n")):
        (net / file).write_text(text)
        assert hashed(net) == before, file
    (net / "widths.py").write_text("WIDTH = 9\n")
    changed = hashed(net)
    (net / "my_net.py").write_text(NET.replace("3)", "4)"))
    assert len({before, changed, hashed(net)}) == 3


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ({"build": "gone.py:build"}, ["own.my_net.build", "gone.py"]),
        ({"build": "{net}/my_net.py"}, ["own.my_net.build", "my_net.py:build"]),
        ({"build": "{net}/halved.py:build"}, ["own.my_net.build", "odd.py is no Python", "line 1"]),
        ({"depth": 4}, ["own.my_net.depth"]),
    ],
    ids=lambda value: str(next(iter(value.values()))) if isinstance(value, dict) else "",
)
def test_a_mistake_in_an_entry_names_its_key(net: Path, entry: dict, words: list[str]):
    entry = {k: v.format(net=net) if isinstance(v, str) else v for k, v in entry.items()}
    with pytest.raises(UserError) as refused:
        own(net, **entry)
    for word in words:
        assert word in str(refused.value)


@pytest.mark.slow
def test_a_network_of_ones_own_is_a_figure_like_the_others(unbuilt_copy: Project, net: Path):
    project = unbuilt_copy
    shutil.copytree(net, project.path, dirs_exist_ok=True)
    (section,) = re.findall("```yaml\n(.*?)```", (ROOT / "workflow/PROBE.md").read_text(), re.S)
    (project.path / "mine.yaml").write_text(section.replace("laptop", "smoke").replace("50", "5"))

    def command(words: str) -> Run:
        return project.run(f"{sys.executable} workflow/cli.py {words} --config mine.yaml")

    done = command("build own_my_net --cores 1")
    assert done.returncode == 0 and "results/mine/own/my_net.html" in done.text, done.text
    table = project.path / "results/mine/own/my_net.parquet"
    frame = pd.read_parquet(table)
    assert frame["network"].nunique() == 5
    made = provenance_of(table.with_suffix(".png"))
    assert made["kind"] == "probe" and list(made["files"]) == ["my_net.py"]
    assert made["spec"]["root_seed"] == load_config({"preset": "smoke"}).root_seed
    before = table.read_bytes()

    table.with_suffix(".html").write_text("cut short")
    assert_says(command("check"), "my_net.html")
    # A change in what it imports makes it again; an import that is hidden is refused.
    (project.path / "widths.py").write_text("WIDTH = 7\n")
    planned = command("plan all").text
    assert "own_my_net" in planned and "settings or code" in planned
    hidden = project.path / "nets/__init__.py"
    shown = hidden.read_text()
    hidden.write_text(f"{shown}__import__('other')\n")
    assert_says(command("build own_my_net --cores 1"), "other.py", "import statement")
    # The same bytes again.
    hidden.write_text(shown)
    (project.path / "widths.py").write_text("WIDTH = 8\n")
    done = command("build own_my_net --cores 1")
    assert done.returncode == 0 and table.read_bytes() == before, done.text

"""`make probe`: files of one's own in, a table, a figure and a page out, and mistakes told in a sentence."""

import sys
from pathlib import Path

import pandas as pd
import pytest

import cli
from study.errors import UserError
from study.metadata import provenance_of
from study.user_code import loaded

NET = """
import torch
from torch import nn
from widths import WIDTH

def build():
    return nn.Sequential(nn.Linear(WIDTH, WIDTH), nn.ReLU(), nn.Linear(WIDTH, 3))

def by_depth(depth):
    return nn.Sequential(*[nn.Linear(WIDTH, WIDTH) for _ in range(depth)])

def broken():
    return nn.Linear(WIDTH, "three")

batch = torch.randn(6, WIDTH, generator=torch.Generator().manual_seed(1))

def wide():
    return torch.randn(6, WIDTH + 1)
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with my_net.py, from which the command is called."""
    (tmp_path / "my_net.py").write_text(NET)
    (tmp_path / "widths.py").write_text("WIDTH = 8\n")
    (tmp_path / "needy.py").write_text("import a_package_that_nobody_has\n")
    (tmp_path / "odd.py").write_text("def build(:\n")
    monkeypatch.chdir(tmp_path)
    for name in ("my_net", "widths", "needy", "odd"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    monkeypatch.setattr(sys, "path", [*sys.path])
    return tmp_path


def ask(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    """Return the exit status of the command."""
    monkeypatch.setattr(sys, "argv", ["cli.py", "probe", *words])
    return cli.main()


def test_a_table_a_figure_and_a_page_say_what_was_found_and_what_made_them(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    assert ask(monkeypatch, "my_net.py:build", "my_net.py:batch", "--networks", "4") == 0
    said = capsys.readouterr().out
    made = folder / "results/probe/my_net-build"
    assert "Do activations keep their size?" in said and "results/probe/my_net-build" in said
    table = pd.read_parquet(made / "table.parquet")
    assert set(table["module"]) == {"0", "1", "2", "(output)"} and table["network"].nunique() == 4
    page = (made / "page.html").read_text(encoding="utf-8")
    assert "Are all layers alive?" in page and "data:image/png;base64," in page
    for name in ("table.parquet", "figure.png", "figure.pdf"):
        origin = provenance_of(made / name)
        assert origin["kind"] == "probe" and "my_net.py:build" in origin["command"]
        assert list(origin["files"]) == ["my_net.py"]
    for words, status in (([], 0), (["--config"], 1)):
        monkeypatch.setattr(
            sys, "argv", ["cli.py", "provenance", str(made / "table.parquet"), *words]
        )
        assert cli.main() == status
    told = capsys.readouterr()
    assert "my_net.py:build" in told.out and "probe" in told.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["my_net.py", "my_net.py:batch"], ["my_net.py:build"]),
        (["mine.py:build", "my_net.py:batch"], ["no file 'mine.py'"]),
        (["my_net.py:built", "my_net.py:batch"], ["no 'built'", "build"]),
        (["my_net.py:batch", "my_net.py:batch"], ["must be a function"]),
        (["my_net.py:broken", "my_net.py:batch"], ["my_net.py, line 13", "TypeError"]),
        (["my_net.py:build", "my_net.py:wide"], ["(6, 9) float32"]),
        (["needy.py:build", "my_net.py:batch"], ["needy.py, line 1", "a_package_that_nobody_has"]),
        (["odd.py:build", "my_net.py:batch"], ["odd.py, line 1"]),
        (["my_net.py:by_depth", "my_net.py:batch", "--depth", "3"], ["depth"]),
        (["my_net.py:build", "my_net.py:batch", "--depth", "8"], ["build(depth)"]),
        (["my_net.py:by_depth", "my_net.py:batch"], ["without a depth"]),
        (["my_net.py:build", "my_net.py:batch", "--blocks", "3"], ["no module '3'"]),
    ],
    ids=lambda value: None if value[0].endswith(":batch") else value[0],
)
def test_a_mistake_is_told_in_one_sentence(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words, said
):
    assert ask(monkeypatch, *words) == 1
    told = capsys.readouterr().err.strip()
    assert told.startswith("deepinit: ") and "\n" not in told
    for word in said:
        assert word in told
    assert not (folder / "results").exists()


def test_a_file_is_loaded_once_and_may_import_its_neighbours(folder: Path):
    build, _ = loaded("my_net.py:build")
    batch, _ = loaded("my_net.py:batch")
    assert build().__getitem__(0).in_features == batch.shape[1] == 8
    with pytest.raises(UserError, match="no file"):
        loaded("gone.py:build")

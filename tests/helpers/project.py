"""A copy of the project in a folder of its own, and what tests do with it."""

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from study.config import Config
from study.load import load_config

ROOT = Path(__file__).resolve().parents[2]
#: What the project carries of MNIST.
SUBSET = ROOT / "workflow/data/mnist_subset"
SMOKE: Config = load_config({"preset": "smoke"})
#: Every figure's key, such as marion2025_fig7 ↦ its section at the smoke preset.
SECTIONS = {
    f"{paper}_{figure}": section
    for paper, sections in SMOKE.figures().items()
    for figure, section in sections.items()
}
_IDENTITY = {
    f"GIT_{role}_{item}": value
    for role in ("AUTHOR", "COMMITTER")
    for item, value in (("NAME", "t"), ("EMAIL", "t@example.org"), ("DATE", "2000-01-01T00:00Z"))
}


def making(target: str, *words: str) -> list[str]:
    """Return what `make TARGET PRESET=smoke` calls, with further words."""
    return [sys.executable, "workflow/cli.py", "build", target, "--preset", "smoke", *words]


def sub_path(key: str) -> str:
    """Return the <paper>/<figure> of a figure's key."""
    return key.replace("_", "/", 1)


@dataclass(frozen=True)
class Run:
    """What a command returned and printed, both streams together."""

    returncode: int
    text: str


def assert_says(done: Run, *words: str) -> None:
    """Assert a failure whose text has all `words`, and no traceback."""
    assert done.returncode != 0, done.text
    assert "Traceback" not in done.text, done.text
    for word in words:
        assert word in done.text, done.text


@dataclass(frozen=True)
class Project:
    path: Path

    @property
    def results(self) -> Path:
        return self.path / "results" / "smoke"

    def copy(self, folder: Path) -> "Project":
        """Return a copy, results and times of files included, below `folder`."""
        return Project(Path(shutil.copytree(self.path, folder / "deepinit", symlinks=True)))

    def commit(self) -> None:
        """Make it a git checkout; the same files give the same commit."""
        for arguments in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "all"]):
            subprocess.run(
                ["git", *arguments], cwd=self.path, check=True, env=os.environ | _IDENTITY
            )

    def run(self, command: str | list[Any], **keywords: Any) -> Run:
        """Run a command, or a line of shell, in which `python` is this interpreter."""
        path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
        done = subprocess.run(
            command,
            cwd=self.path,
            shell=isinstance(command, str),
            env=os.environ | {"PATH": path},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=1800,
            check=False,
            **keywords,
        )
        return Run(done.returncode, done.stdout)

    def arguments(self, *words: str, config: tuple[str, ...] = ()) -> list[str]:
        """Return a call of Snakemake; `config` are pairs such as "root_seed=1"."""
        # --config takes all words that follow, so it comes last.
        start = [sys.executable, "-m", "snakemake", *words]
        return [*start, "--config", "preset=smoke", *config]

    def snakemake(self, *words: str, config: tuple[str, ...] = ()) -> Run:
        """Run Snakemake."""
        return self.run(self.arguments(*words, config=config))

    def planned(self, *targets: str, config: tuple[str, ...] = ()) -> dict[str, int]:
        """Return rule ↦ number of jobs that a dry run announces, without the rule `all`."""
        done = self.snakemake("-n", *targets, config=config)
        assert done.returncode == 0, done.text
        if "Nothing to be done" in done.text:
            return {}
        stats = done.text.split("Job stats:", 1)[1].split("\ntotal ", 1)[0]
        jobs = {name: int(count) for name, count in re.findall(r"^(\w+) +(\d+)$", stats, re.M)}
        return {name: count for name, count in jobs.items() if name != "all"}

    def append(self, file: str, line: str) -> None:
        """Add a line to a file below workflow/."""
        with (self.path / "workflow" / file).open("a", encoding="utf-8") as stream:
            stream.write(f"\n{line}\n")

    def replace(self, file: str, old: str, new: str) -> None:
        """Replace the first `old` in a file below workflow/."""
        path = self.path / "workflow" / file
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{file} has no {old!r}"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    def table(self, key: str, part: str = "") -> Path:
        """Return the path of a figure's table, or of one part of it."""
        folder = self.results / "tables" / sub_path(key)
        return folder / f"{part}.parquet" if part else folder.with_suffix(".parquet")

    def outcome(self) -> dict[str, bytes]:
        """Return path ↦ content of all tables, figures and verdicts."""
        return {
            path.relative_to(self.results).as_posix(): path.read_bytes()
            for folder in ("tables", "figures", "verdicts")
            for path in sorted((self.results / folder).rglob("*"))
            if path.is_file()
        }

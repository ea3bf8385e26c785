"""Adding a figure by following workflow/README.md to the letter."""

import re
import textwrap

import pytest
from project import ROOT, Project, assert_says

GUIDE = (ROOT / "workflow" / "README.md").read_text(encoding="utf-8")


def code_blocks(language: str) -> list[str]:
    """Return the blocks of the guide in a language, in order."""
    blocks = re.findall(rf"^ *```{language}\n(.*?)^ *```", GUIDE, re.MULTILINE | re.DOTALL)
    return [textwrap.dedent(block) for block in blocks]


@pytest.mark.slow
def test_following_the_guide_gives_a_figure_a_menu_entry_and_clean_lint(unbuilt_copy: Project):
    project, workflow = unbuilt_copy, unbuilt_copy.path / "workflow"
    settings, compute, present = code_blocks("python")
    (small,) = code_blocks("yaml")
    folder = workflow / "papers/marion2025/width"
    folder.mkdir()
    for name, code in (("settings", settings), ("compute", compute)):
        (folder / f"{name}.py").write_text(code, encoding="utf-8")
    assert project.run(["python", "workflow/cli.py", "config"]).returncode == 0
    project.replace("config/smoke.yaml", "\nmarion2025:\n", f"\nmarion2025:\n  {small}")

    assert_says(project.snakemake("marion2025_width", "--cores", "2"), "marion2025_width")
    assert not (project.results / "tables").exists()
    (folder / "present.py").write_text(present, encoding="utf-8")
    assert_says(project.snakemake("-n"), "papers/marion2025/width/caption.rst")
    (folder / "caption.rst").write_text("Growth against width.\n", encoding="utf-8")

    done = project.snakemake("marion2025_width", "--cores", "2")
    assert done.returncode == 0, done.text
    assert (project.results / "figures/marion2025/width.pdf").is_file()
    parts = {path.stem for path in (project.results / "tables/marion2025/width").iterdir()}
    assert parts == {"width00010", "width00040"}
    assert "marion2025_width" in project.run(["python", "workflow/cli.py", "list"]).text
    assert project.snakemake("--lint").returncode == 0

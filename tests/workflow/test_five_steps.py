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
def test_following_the_five_steps_gives_a_figure_a_menu_entry_and_clean_lint(
    unbuilt_copy: Project,
) -> None:
    project, workflow = unbuilt_copy, unbuilt_copy.path / "workflow"
    section, computation, drawing = code_blocks("python")
    (small,) = code_blocks("yaml")

    (workflow / "pipeline/config/marion2025_width.py").write_text(section, encoding="utf-8")
    config = "pipeline/config/marion2025.py"
    imports = "from pipeline.config.marion2025_width import MarionWidth\n"
    last = "from study.settings import"
    project.replace(config, last, imports + last)
    project.append(config, "    width: MarionWidth = MarionWidth()")
    assert project.run(["python", "workflow/write_config.py"]).returncode == 0
    project.replace("config/smoke.yaml", "\nmarion2025:\n", f"\nmarion2025:\n  {small}")

    (workflow / "scripts/marion2025/width.py").write_text(computation, encoding="utf-8")
    (workflow / "figures/marion2025/width.py").write_text(drawing, encoding="utf-8")
    done = project.snakemake("marion2025_width", "--cores", "2")
    assert_says(done, "no 'width' in FIGURES of workflow/figures/marion2025/__init__.py")
    assert not (project.results / "tables").exists()
    register = "figures/marion2025/__init__.py"
    project.replace(
        register, "\nFIGURES = {", "\nfrom figures.marion2025.width import width\n\nFIGURES = {"
    )
    project.replace(register, '"fig1": fig1,', '"fig1": fig1, "width": width,')
    assert_says(project.snakemake("-n"), "write workflow/report/captions/marion2025_width.rst")
    (workflow / "report/captions/marion2025_width.rst").write_text("Growth against width.\n")

    done = project.snakemake("marion2025_width", "--cores", "2")
    assert done.returncode == 0, done.text
    assert (project.results / "figures/marion2025/width.pdf").is_file()
    parts = {path.stem for path in (project.results / "tables/marion2025/width").iterdir()}
    assert parts == {"width00010", "width00040"}
    assert "marion2025_width" in project.run(["python", "workflow/menu.py"]).text
    assert project.snakemake("--lint").returncode == 0

"""Pins agree, environments suffice, and every rule says what it does and where it runs."""

import ast
import importlib.metadata
import re
import sys
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pytest
import yaml
from project import ROOT, SECTIONS, Project

from pipeline.checks import other_packages
from pipeline.expected import drawing_script, part_script
from study.code_hash import WORKFLOW, import_closure

#: Module ↦ distribution, where the names differ.
DISTRIBUTIONS = {
    "jinja2": "Jinja2",
    "markdown_it": "markdown-it-py",
    "markupsafe": "MarkupSafe",
    "yaml": "PyYAML",
    "PIL": "pillow",
    "snakemake_interface_logger_plugins": "snakemake-interface-logger-plugins",
}
LOCK = dict(
    line.split("==")
    for line in (ROOT / "envs/requirements.lock").read_text().splitlines()
    if line and not line.startswith("#")
)
ENVIRONMENTS = {path.name: yaml.safe_load(path.read_text()) for path in ROOT.glob("envs/*.yaml")}
RULES = {
    name: body
    for file in sorted((WORKFLOW / "rules").glob("*.smk"))
    for name, body in re.findall(
        r"^rule (\w+):\n((?:(?:    .*)?\n)*)", file.read_text(encoding="utf-8") + "\n", re.M
    )
}


def pins(environment: dict) -> dict[str, str]:
    """Return distribution ↦ version of the pip part of an environment."""
    (pip,) = (item["pip"] for item in environment["dependencies"] if isinstance(item, dict))
    return dict(line.split("==") for line in pip)


@cache
def imported(file: Path) -> set[str]:
    """Return the packages that a file imports."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add(node.module.split(".")[0])
    return found


def third_party(files: Iterable[Path]) -> set[str]:
    """Return the distributions that `files` import and neither Python nor the project has."""
    found = set().union(*map(imported, files))
    # Triton comes with the CUDA builds of torch, and is done without where it is not there.
    local = {path.stem for path in WORKFLOW.iterdir()} | {"triton"}
    return {DISTRIBUTIONS.get(name, name) for name in found - local - set(sys.stdlib_module_names)}


#: Rule ↦ its script.
SCRIPTS = {
    "data_set": "scripts/fetch_data.py",
    "gather": "scripts/gather.py",
    "gather_verdicts": "scripts/gather_verdicts.py",
    "settings": "scripts/write_settings.py",
    "pages": "scripts/pages.py",
}


def test_packages_that_are_not_the_pinned_ones_are_named(monkeypatch: pytest.MonkeyPatch):
    assert other_packages() == ""
    version = importlib.metadata.version
    others = {"numpy": "2.3.0", "torch": f"{LOCK['torch']}+cu130", "scipy": None}

    def installed(name: str) -> str:
        found = others[name] if name in others else version(name)
        if found is None:
            raise importlib.metadata.PackageNotFoundError(name)
        return found

    monkeypatch.setattr(importlib.metadata, "version", installed)
    said = other_packages()
    assert f"numpy 2.3.0 (pinned: {LOCK['numpy']})" in said and "scipy missing" in said
    assert "torch" not in said


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_an_environment_has_the_versions_of_the_lock_file(name: str):
    assert pins(ENVIRONMENTS[name]).items() <= LOCK.items()


def test_the_conda_way_in_installs_the_lock_file_on_the_same_python():
    whole = yaml.safe_load((ROOT / "environment.yml").read_text())
    assert whole["dependencies"][-1] == {"pip": ["-r envs/requirements.lock"]}
    assert {env["dependencies"][0] for env in (whole, *ENVIRONMENTS.values())} == {"python=3.11"}


def test_the_lock_file_pins_everything_that_the_project_imports():
    assert third_party(WORKFLOW.rglob("*.py")) <= LOCK.keys()


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_has_a_message_a_log_and_an_environment_with_all_that_its_script_imports(rule: str):
    body = RULES[rule]
    assert "    message:\n" in body and "    log:\n" in body
    environment = re.search(r'conda:\n +"\.\./\.\./envs/(.+)"', body).group(1)
    needed = third_party(import_closure("job.py", SCRIPTS[rule]))
    assert needed <= pins(ENVIRONMENTS[environment]).keys()


def part_scripts() -> set[str]:
    """Return the scripts that compute the parts of some figure's table."""
    return {part_script(*key.split("_", 1)) for key, section in SECTIONS.items() if section.parts()}


OWN_SCRIPT = "scripts/own.py"
DRAWING_SCRIPTS = {drawing_script(*key.split("_", 1)) for key in SECTIONS}


def test_the_rules_of_figures_compute_in_one_environment_and_draw_in_another():
    rules = (WORKFLOW / "rules/figures.smk").read_text(encoding="utf-8").split(" rule:\n")[1:]
    assert [re.search(r"envs/(\w+)", rule).group(1) for rule in rules] == ["compute", "analysis"]
    for rule in rules:
        assert " message:\n" in rule and " log:\n" in rule


@pytest.mark.parametrize("script", sorted(part_scripts()))
def test_the_environment_without_plotting_has_all_that_a_computation_imports(script: str):
    pinned = pins(ENVIRONMENTS["compute.yaml"]).keys()
    assert third_party(import_closure("job.py", script)) <= pinned
    assert "matplotlib" not in pinned


@pytest.mark.parametrize("script", sorted(DRAWING_SCRIPTS))
def test_the_environment_of_drawings_has_all_that_they_import(script: str):
    needed = third_party(import_closure("job.py", script))
    assert needed <= pins(ENVIRONMENTS["analysis.yaml"]).keys()


def test_the_environment_of_networks_of_ones_own_has_all_that_their_script_imports():
    needed = third_party(import_closure("job.py", OWN_SCRIPT))
    assert needed <= pins(ENVIRONMENTS["own.yaml"]).keys()


def test_every_script_is_run_by_a_rule_or_used_by_one_that_is():
    run = [*SCRIPTS.values(), *part_scripts(), *DRAWING_SCRIPTS, OWN_SCRIPT]
    assert RULES.keys() == SCRIPTS.keys()
    used = {file for name in run for file in import_closure(name)}
    assert set((WORKFLOW / "scripts").rglob("*.py")) <= used


@pytest.mark.slow
def test_snakemakes_lint_is_clean(checkout: Project):
    done = checkout.snakemake("--lint")
    assert done.returncode == 0, done.text

"""Pins agree, environments suffice, and every rule says what it does and where it runs."""

import importlib.metadata
import re
import sys

import pytest
import yaml
from project import ROOT, SECTIONS

from pipeline.checks import unpinned_packages
from pipeline.expected import drawing_script, part_script
from study.code_hash import WORKFLOW, pinned_packages
from study.code_reading import code_of

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


def lacking(environment: str, script: str) -> set[str]:
    """Return the pins of packages that a script and all behind it import and an environment does not have."""
    there = {f"{name}=={version}" for name, version in pins(ENVIRONMENTS[environment]).items()}
    return set(pinned_packages("job.py", script)) - there


#: Rule ↦ its script.
SCRIPTS = {
    "data_set": "scripts/fetch_data.py",
    "gather": "scripts/gather.py",
    "gather_verdicts": "scripts/gather_verdicts.py",
    "settings": "scripts/write_settings.py",
    "pages": "scripts/pages.py",
}


def test_packages_that_are_not_the_pinned_ones_are_named(monkeypatch: pytest.MonkeyPatch):
    assert unpinned_packages() == ""
    version = importlib.metadata.version
    others = {"numpy": "2.3.0", "torch": f"{LOCK['torch']}+cu130", "scipy": None}

    def installed(name: str) -> str:
        found = others[name] if name in others else version(name)
        if found is None:
            raise importlib.metadata.PackageNotFoundError(name)
        return found

    monkeypatch.setattr(importlib.metadata, "version", installed)
    said = unpinned_packages()
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
    # Triton comes with the CUDA builds of torch, and is done without where it is not there.
    known = {path.stem for path in WORKFLOW.iterdir()} | {"triton", *sys.stdlib_module_names}
    names = {name for file in WORKFLOW.rglob("*.py") for name in code_of(file).names}
    distributions = importlib.metadata.packages_distributions()
    needed = {distributions[root][0] for name in names if (root := name.split(".")[0]) not in known}
    assert {name.lower() for name in needed} <= {name.lower() for name in LOCK}


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_has_a_log_and_an_environment_with_all_that_its_script_imports(rule: str):
    body = RULES[rule]
    assert "    log:\n" in body
    environment = re.search(r'conda:\n +"\.\./\.\./envs/(.+)"', body).group(1)
    assert lacking(environment, SCRIPTS[rule]) == set()


def test_the_rules_of_figures_compute_in_one_environment_and_draw_in_another():
    rules = (WORKFLOW / "rules/figures.smk").read_text(encoding="utf-8").split(" rule:\n")[1:]
    assert [re.search(r"envs/(\w+)", rule).group(1) for rule in rules] == ["compute", "analysis"]
    for rule in rules:
        assert " log:\n" in rule


KEYS = [key.split("_", 1) for key in SECTIONS]


@pytest.mark.parametrize(
    ("environment", "scripts"),
    [
        ("compute.yaml", {part_script(*key) for key in KEYS if SECTIONS["_".join(key)].parts()}),
        ("analysis.yaml", {drawing_script(*key) for key in KEYS}),
        ("own.yaml", {"scripts/own.py"}),
    ],
)
def test_an_environment_has_all_that_the_scripts_import_that_run_in_it(environment, scripts):
    assert {script: lack for script in scripts if (lack := lacking(environment, script))} == {}

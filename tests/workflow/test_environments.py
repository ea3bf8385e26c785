"""Pins agree, the environment of jobs suffices, and every rule has it, and a log."""

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
WHOLE, JOBS = (
    yaml.safe_load((ROOT / name).read_text()) for name in ("environment.yml", "envs/jobs.yaml")
)
SCRIPTS = [file.relative_to(WORKFLOW).as_posix() for file in WORKFLOW.glob("scripts/[!_]*.py")]
for key, section in SECTIONS.items():
    SCRIPTS += [drawing_script(*key.split("_", 1))]
    SCRIPTS += [part_script(*key.split("_", 1))] if section.parts() else []


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


def test_the_conda_way_in_installs_the_lock_file_on_the_same_python():
    assert WHOLE["dependencies"][-1] == {"pip": ["-r envs/requirements.lock"]}
    assert WHOLE["dependencies"][0] == JOBS["dependencies"][0] == "python=3.11"


def test_the_environment_of_jobs_has_what_their_scripts_import_as_the_lock_file_has_it():
    there = set(JOBS["dependencies"][-1]["pip"])
    assert there <= {f"{name}=={version}" for name, version in LOCK.items()}
    lacking = {script: set(pinned_packages("job.py", script)) - there for script in SCRIPTS}
    assert {script: lack for script, lack in lacking.items() if lack} == {}


def test_the_lock_file_pins_everything_that_the_project_imports():
    # Triton comes with the CUDA builds of torch, and is done without where it is not there.
    known = {path.stem for path in WORKFLOW.iterdir()} | {"triton", *sys.stdlib_module_names}
    names = {name for file in WORKFLOW.rglob("*.py") for name in code_of(file).names}
    distributions = importlib.metadata.packages_distributions()
    needed = {distributions[root][0] for name in names if (root := name.split(".")[0]) not in known}
    assert {name.lower() for name in needed} <= {name.lower() for name in LOCK}


RULES = sorted(WORKFLOW.glob("rules/[!c]*.smk"))


@pytest.mark.parametrize("file", RULES, ids=lambda file: file.name)
def test_a_rule_has_a_log_and_an_environment(file):
    rules = re.split(r"^ *rule\b", file.read_text(encoding="utf-8"), flags=re.M)[1:]
    for rule in rules:
        assert re.search(r"^ +log:$", rule, re.M) and "envs/jobs.yaml" in rule

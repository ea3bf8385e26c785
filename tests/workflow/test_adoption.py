"""Results that were copied into a clone: what fits is taken over, and nothing else."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from faults import date_at_random, flip_bit, in_numbers
from project import SECTIONS, Project

from pipeline.snakemake_metadata import known_outputs

pytestmark = pytest.mark.slow
ADOPT = ["python", "workflow/adopt.py", "smoke"]
#: Prints which files do not fit, and why, and renames nothing.
JUDGE = """
import json, sys
sys.path.insert(0, "workflow")
from adopt import all_files
from pipeline.adoption import judge
from pipeline.load import load_config
given = {"preset": "smoke", **json.loads(sys.argv[1])}
print(json.dumps(judge(all_files(load_config(given))).unfit))
"""


@pytest.fixture
def copied(built: Project, unbuilt_copy: Project) -> Project:
    """Return a fresh checkout into which somebody has copied results; all dates are random."""
    shutil.copytree(built.results, unbuilt_copy.results)
    date_at_random(unbuilt_copy, np.random.default_rng(20240607))
    return unbuilt_copy


def unfit(project: Project, **settings: dict) -> dict[str, str]:
    """Return path below results/smoke ↦ why it does not fit."""
    done = project.run(["python", "-c", JUDGE, json.dumps(settings)])
    assert done.returncode == 0, done.text
    found = json.loads(done.text)
    return {str(Path(path).relative_to("results/smoke")): reason for path, reason in found.items()}


def test_adopted_results_are_not_made_anew_and_a_later_change_makes_what_it_must(copied: Project):
    before = copied.outcome()
    done = copied.run(ADOPT)
    assert done.returncode == 0 and "set aside" not in done.text, done.text
    assert f"{len(before) + 1} results that were not made here fit" in done.text
    # The report shows when and how each file was made here, so it is another one here.
    assert copied.planned() == {"report": 1}
    assert copied.outcome() == before
    copied.append("figures/marion2025/depth.py", "_EDITED = True")
    drawn = {key: 1 for key in SECTIONS if key.startswith("marion2025")}
    assert copied.planned() == {**drawn, "report": 1}
    config = ("root_seed=1",)
    random = {key for key, section in SECTIONS.items() if section.parts() and section.random}
    planned = copied.planned(config=config)
    assert {f"{key}_parts" for key in random} <= planned.keys()


def test_make_takes_over_what_fits_and_makes_the_rest(copied: Project):
    before = copied.outcome()
    table = copied.results / "tables/luther2019/theory.parquet"
    flip_bit(table)
    command = ["python", "workflow/build.py", "luther2019_theory", "--preset", "smoke"]
    done = copied.run(command)
    assert done.returncode == 0, done.text
    assert "theory.parquet is damaged" in done.text and "taken over" in done.text
    assert "theory: computing" not in done.text and "theory: putting the table" in done.text
    table.with_name("theory.parquet.damaged").unlink()
    aside = {path.name for path in copied.results.rglob("*.unfit")}
    # The drawing had been made from the table as it was, which was not there when it was judged.
    assert {"theory.pdf.unfit", "theory.png.unfit"} <= aside
    for path in copied.results.rglob("*.unfit"):
        path.unlink()
    after = copied.outcome()
    theirs = {name for name in after if "luther2019/theory" in name}
    assert len(theirs) >= 4 and all(after[name] == before[name] for name in theirs)


def test_results_of_other_settings_are_not_taken_over_nor_what_follows_from_them(copied: Project):
    found = unfit(copied, marion2025={"fig7": {"draws": 3}})
    parts = [name for name in found if name.startswith("tables/marion2025/fig7/")]
    assert len(parts) == len(SECTIONS["marion2025_fig7"].parts())
    assert all(found[name] == "made with other settings (draws)" for name in parts)
    assert found["tables/marion2025/fig7.parquet"] == "made from files that do not fit"
    assert found["figures/marion2025/fig7.pdf"].startswith("made with other settings")
    assert found["verdicts/marion2025.csv"] == "made with other settings (settings)"
    assert not any("fig1." in name or "luther2019" in name for name in found)


def test_results_of_other_code_are_not_taken_over(copied: Project):
    copied.append("deepinit/simulate/strong_convergence.py", "_EDITED = True")
    found = unfit(copied)
    assert found["verdicts/marion2025.csv"] == "made from files that do not fit"
    limits = {name: why for name, why in found.items() if "limits" in name}
    assert {why for name, why in limits.items() if "limits/" in name} == {"made by other code"}
    assert all("limits" in name or name.startswith("verdicts/") for name in found)


def test_without_records_only_whole_parts_are_taken_over(copied: Project):
    shutil.rmtree(copied.results / "logs")
    part = copied.table("marion2025_fig1", "depth00010_block00")
    flip_bit(part, at=in_numbers(part))
    found = unfit(copied)
    name = part.relative_to(copied.results).as_posix()
    assert "damaged" in found[name]
    assert {path for path in found if path.count("/") == 3} == {name}
    assert found["tables/marion2025/fig1.parquet"] == "nothing says from which files it was made"
    assert found["verdicts/marion2025.csv"] == "nothing says what made it"


def test_all_outputs_of_a_build_are_known_from_snakemakes_own_records(built: Project):
    known = known_outputs(built.path / ".snakemake")
    assert {f"results/smoke/{name}" for name in built.outcome()} <= known

"""What this checkout would make of a file: the same or not, and what that would take."""

import tempfile
from pathlib import Path

import yaml

from costs import read_costs
from origin.again import configuration, needs_configuration
from origin.code import compare_code
from origin.describe import differences_from_here, title
from origin.environment import differences as environment
from origin.made_from import MadeFrom, made_from
from origin.metadata import provenance_of
from pipeline.expected import figure_path, part_path, part_specs, table_path
from planning.dry_run import PlannedJob, planned_jobs
from planning.estimates import estimates
from planning.show import console, show_plan
from study.config import Config
from study.errors import UserError
from study.load import load_config, read_own


def _target(origin: MadeFrom, config: Config, file: Path) -> str:
    """Return the path at which this checkout makes the same kind of file."""
    place = (config.preset, origin.paper, origin.figure)
    if origin.kind == "figure":
        return figure_path(*place, "png" if file.suffix.lower() == ".png" else "pdf")
    if origin.kind == "table":
        return table_path(*place)
    spec = origin.part_specs[origin.part]
    specs = part_specs(config, origin.paper, origin.figure)
    return part_path(*place, next(part for part, ours in specs.items() if ours == spec))


def _jobs(
    origin: MadeFrom, given: dict, file: Path, own: str
) -> tuple[Config, str, list[PlannedJob]]:
    """Return the configuration, the target and the jobs that make the file here."""
    config = load_config(given)
    target = _target(origin, config, file)
    if own:
        return config, target, planned_jobs([target], ["--configfile", own])
    if not needs_configuration(origin):
        return config, target, planned_jobs([target], ["--config", f"preset={config.preset}"])
    with tempfile.TemporaryDirectory() as folder:
        again = Path(folder) / "again.yaml"
        again.write_text(yaml.safe_dump(given, sort_keys=False), encoding="utf-8")
        return config, target, planned_jobs([target], ["--configfile", str(again)])


def _against_here(origin: MadeFrom, own: str) -> list[str]:
    """Return lines on how the file and this checkout differ, its configuration `own` if named."""
    if own:
        return differences_from_here(origin, load_config(read_own(own)))
    lines = differences_from_here(origin)
    if needs_configuration(origin):
        lines.append(
            "To compare with a configuration of your own: add CONFIG=, the name of its file."
        )
    return lines


def _is_there(target: Path, file: Path, differs: bool) -> str:
    same = target.read_bytes() == file.read_bytes()
    which = "the very same bytes" if same else "not the same bytes"
    if differs:
        return (
            f"{target} has {which}, and make would leave it although code or environment differ from "
            "those that made it: to have it made again, remove it, its table and the folder of its parts."
        )
    return f"{target} is up to date and has {which}."


def plan_of_file(file: Path, cores: int, own: str = "") -> None:
    """Print what a file is, whether this checkout makes the same, and what that would take.

    Args:
        cores: how many to count with.
        own: a configuration file of the user's own to compare with; else a carried preset, and the
            plan is for the settings that the file itself tells.

    Raises:
        UserError: it is none of this project's, or this checkout cannot make it.
    """
    origin = made_from(provenance_of(file), file)
    output = console()

    def say(*lines: str) -> None:
        for line in lines:
            output.print(line, soft_wrap=True, markup=False)

    say(f"{file.name}: {title(origin)}")
    differences = [f"  {line}" for line in _against_here(origin, own)]
    given = read_own(own) if own else configuration(origin)
    try:
        config, target, jobs = _jobs(origin, given, file, own)
    except UserError as error:
        say(*differences)
        raise UserError(
            f"this checkout cannot make it: {error}\nIt was made at the commit "
            f"{origin.provenance['commit']}: python workflow/show_provenance.py {file}"
        ) from None
    if not jobs and Path(target).is_file():
        same = all(item.same for item in compare_code(origin, config)) and not environment(origin)
        say(_is_there(Path(target), file, not same), *differences)
        return
    say(*differences, "", f"To make it here, {target}:")
    show_plan(jobs, estimates(jobs, config, read_costs()), cores)

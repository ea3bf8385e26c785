"""Made-up planned jobs, as a dry run of Snakemake would name them, and what they left behind."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from project import SMOKE

from pipeline.dry_run import PlannedJob
from pipeline.expected import part_path, part_specs

SCRIPT = "papers/marion2025/fig7/compute.py"
#: What Snakemake says where outputs are missing, and where settings or code are others.
MISSING = "Missing output files: x"
PARAMETERS = "Params have changed since last execution: Union of exclusive params"


def parts_of(key: str, config=SMOKE, **more: Any) -> list[PlannedJob]:
    """Return the planned jobs of all parts of a figure's table."""
    paper, figure = key.split("_", 1)
    return [
        PlannedJob(
            rule=f"{key}_parts",
            outputs=[part_path(config.preset, paper, figure, part)],
            logs=[f"logs/{part}.log"],
            resources={"mem_mb": 1234, "gpu": 0},
            command=command(spec),
            **more,
        )
        for part, spec in part_specs(config, paper, figure).items()
    ]


def command(spec: Mapping[str, Any], script: str = SCRIPT) -> str:
    return f"python workflow/job.py {script} --spec '{json.dumps(spec)}' --output x"


def write_record(job: PlannedJob, said: str | None = None, **record: Any) -> None:
    """Write log and run record of a job that succeeded."""
    log = Path(job.logs[0])
    log.parent.mkdir(parents=True, exist_ok=True)
    log.write_text(f"{said or job.command}\n")
    log.with_suffix(".json").write_text(json.dumps(record))

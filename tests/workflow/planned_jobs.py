"""Made-up planned jobs, as a dry run of Snakemake would name them."""

from typing import Any

from project import SMOKE

from pipeline.dry_run import PlannedJob
from pipeline.expected import part_path, part_specs

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
            **more,
        )
        for part in part_specs(config, paper, figure)
    ]

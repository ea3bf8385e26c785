"""Write the whole configuration in force, defaults included."""

import yaml

from study.files import write_text
from study.job import Job


def run(job: Job) -> None:
    """Write it as YAML; it can be given to --configfile again, whatever its preset's name."""
    write_text(
        job.outputs[0],
        yaml.safe_dump(
            {"base": "laptop", **job.spec["config"]}, sort_keys=False, allow_unicode=True
        ),
    )

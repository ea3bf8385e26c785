"""Write what each figure of a finished build has cost into the menu's table.

    python workflow/cli.py record-costs laptop

Times are those of the machine it runs on: run it after a full build on an idle machine, on the
machine with the GPU if the jobs ran on one.
"""

import argparse

import pandas as pd

from pipeline.command_line import add_choice, choice
from pipeline.costs import COSTS, read_costs
from pipeline.expected import figure_jobs
from pipeline.run_records import read_record, record_of
from study.config import Config
from study.errors import UserError


def _gpu_name() -> str:
    import torch

    return torch.cuda.get_device_name()


def measured_costs(config: Config) -> pd.DataFrame:
    """Return one row per figure: its costs, summed over its jobs, and the device that they ran on.

    gpu_seconds are those of the jobs that ran on a GPU; they are missing if none did.

    Raises:
        UserError: a job has left no record.
    """
    rows = []
    for paper, figures in config.figures().items():
        for key in figures:
            jobs = figure_jobs(config, paper, key)
            records = {job.outputs[-1]: read_record(job.outputs[-1]) for job in jobs}
            if without := [path for path, record in records.items() if not record]:
                raise UserError(
                    f"there is no record {record_of(without[0])}: that job did not run here (its result was "
                    "copied, or came from a cache), so what the figure costs is not known; "
                    "delete the preset's results and build again"
                )
            values = records.values()
            on_gpu = [value for value in values if value["device"].startswith("cuda")]
            rows.append(
                {
                    "preset": config.preset,
                    "figure": f"{paper}_{key}",
                    "cpu_seconds": round(sum(value["cpu_seconds"] for value in values), 1),
                    "peak_mebibytes": round(max(value["peak_mebibytes"] for value in values)),
                    "longest_seconds": round(max(value["wall_seconds"] for value in values), 1),
                    "device": _gpu_name() if on_gpu else "cpu",
                    "gpu_seconds": round(sum(value["wall_seconds"] for value in on_gpu), 1)
                    if on_gpu
                    else None,
                }
            )
    return pd.DataFrame(rows)


def merged(old: pd.DataFrame, new: pd.DataFrame) -> pd.DataFrame:
    """Return `old` with the rows of `new` in place of those of the same preset, figure and device.

    Rows of figures that are no more are left out.
    """
    keys = ["preset", "figure", "device"]
    table = pd.concat([old[old["figure"].isin(new["figure"])], new])
    return table.drop_duplicates(keys, keep="last").sort_values(keys)[list(new)]


def main() -> None:
    """Write the costs of the preset that is named."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add_choice(parser)
    arguments = parser.parse_args()
    config = choice(arguments.preset, arguments.config).config
    text = merged(read_costs(), measured_costs(config)).to_csv(index=False)
    COSTS.write_text("# Measured by workflow/cli.py record-costs\n" + text, encoding="utf-8")

"""Print the menu: every figure, what it shows, and what it costs.

python workflow/menu.py [preset]
"""

import sys

import pandas as pd

from deepinit.errors import UserError
from pipeline.closure import WORKFLOW
from pipeline.load import load_config

COSTS = WORKFLOW / "config" / "costs.csv"


def _cost(costs: pd.DataFrame, preset: str, key: str) -> str:
    row = costs[(costs["preset"] == preset) & (costs["figure"] == key)]
    if row.empty:
        return "not yet measured"
    seconds, memory = row.iloc[0][["cpu_seconds", "peak_mebibytes"]]
    time = f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"
    return f"{time} of one core, {memory:.0f} MiB a job"


def menu(preset: str) -> str:
    """Return the menu of one preset.

    Raises:
        UserError: there is no such preset.
    """
    config = load_config({"preset": preset})
    costs = pd.read_csv(COSTS, comment="#")
    lines = [
        f"Figures at the preset '{preset}' (make <figure>, or snakemake --cores all <figure>):"
    ]
    for paper, figures in config.figures().items():
        lines.append("")
        for key, section in figures.items():
            name = f"{paper}_{key}"
            lines.append(f"  {name:25s} {section.shows}")
            jobs = len(section.parts())
            work = f"{jobs} job{'s' * (jobs > 1)}" if jobs else f"draws {', '.join(section.reads)}"
            lines.append(f"  {'':25s} {work}, {_cost(costs, preset, name)}")
    lines.append(
        "\nCosts were measured on two cores of an AMD EPYC server; see workflow/config/costs.csv."
    )
    return "\n".join(lines)


if __name__ == "__main__":
    try:
        print(menu(sys.argv[1] if len(sys.argv) > 1 else "laptop"))
    except UserError as error:
        sys.exit(f"deepinit: {error}")

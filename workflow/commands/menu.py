"""Print the menu: every figure, what it shows, and what it costs.

python workflow/cli.py list [preset] [--config mine.yaml]
"""

import argparse

import pandas as pd

from pipeline.command_line import add_choice, choice
from pipeline.costs import Cost, cost, read_costs
from study.config import Config
from study.units import duration


def _words(found: Cost | None, of: str, unknown: str) -> str:
    """Return a cost in words, or that it is not known; `of` is what works for so long."""
    if found is None:
        return unknown
    time = f"{duration(found.seconds)} of {of}"
    if found.predicted:
        return f"about {time} (predicted)"
    where = (
        f"{found.mebibytes:.0f} MiB per job" if found.device == "cpu" else f"on one {found.device}"
    )
    return f"{time}, {where}"


def _cost(costs: pd.DataFrame, config: Config, paper: str, figure: str) -> str:
    """Return the cost of a figure in words; of a GPU for those that train and are not measured."""
    measured = cost(costs, config, paper, figure)
    section = config.figures()[paper][figure]
    words = _words(measured, "one core", "not yet measured")
    if measured and len(section.parts()) > 1:
        words = f"together {words}"
    trains = any("data" in part for part in section.parts().values())
    if trains and (measured is None or measured.predicted):
        on_gpu = cost(costs, config, paper, figure, gpu=True)
        words += f"; {_words(on_gpu, 'a GPU', 'no GPU rate measured yet')}"
    return words


def menu(config: Config) -> str:
    """Return the menu of one configuration."""
    costs = read_costs()
    lines = [
        f"Figures at the preset '{config.preset}' "
        "(make <figure>, or snakemake --cores all <figure>):"
    ]
    for paper, figures in config.figures().items():
        lines.append("")
        for key, section in figures.items():
            name = f"{paper}_{key}"
            lines.append(f"  {name:27s} {section.shows}")
            jobs = len(section.parts())
            work = f"{jobs} job{'s' * (jobs > 1)}" if jobs else f"draws {', '.join(section.reads)}"
            if jobs and section.reads:
                tables = "table" if len(section.reads) == 1 else "tables"
                work += f" and the {tables} of {' and '.join(section.reads)}"
            lines.append(f"  {'':27s} {work}, {_cost(costs, config, paper, key)}")
    for name, network in config.own.items():
        lines += [f"\n  {f'own_{name}':27s} {network.build}, a network of your own"]
        lines += [f"  {'':27s} 1 job, {network.networks} networks"]
    lines.append(
        "\nCosts were measured on two cores of an AMD EPYC server; see workflow/config/costs.csv.\n"
        "Predicted: what the laptop preset took, in proportion to the work; where training ends "
        "early, as if the same share of networks did."
    )
    return "\n".join(lines)


def main() -> None:
    """Print the menu of a preset, or of a configuration file of one's own."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add_choice(parser)
    arguments = parser.parse_args()
    print(menu(choice(arguments.preset, arguments.config).config))

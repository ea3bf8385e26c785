"""How commands are told their configuration."""

import argparse
from typing import NamedTuple

from study.config import Config
from study.load import load_config, read_own


class Choice(NamedTuple):
    """A checked configuration, and the options that give it to Snakemake."""

    config: Config
    settings: list[str]


def add_choice(parser: argparse.ArgumentParser, option: bool = False) -> None:
    """Let `parser` take a preset, as its argument or as the option --preset, and --config."""
    if option:
        parser.add_argument("--preset", default="laptop")
    else:
        parser.add_argument("preset", nargs="?", default="laptop")
    parser.add_argument("--config", default="", help="a configuration file that names a preset")


def choice(preset: str, own: str) -> Choice:
    """Return what was chosen; a file of one's own, if there is one, names its preset itself.

    Raises:
        UserError: there is no such preset or file, or the configuration has a mistake.
    """
    config = load_config(read_own(own) if own else {"preset": preset})
    settings = ["--configfile", own] if own else ["--config", f"preset={config.preset}"]
    return Choice(config, settings)

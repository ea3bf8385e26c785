"""What `make` does before it starts Snakemake: look at what is there already."""

from pathlib import Path

from adopt import adopt, all_files, unknown_files
from check_results import set_damaged_aside
from pipeline.expected import results_folder, table_path
from pipeline.integrity import outdated
from pipeline.runs import is_locked
from study.config import Config


def files_of(config: Config, target: str) -> list[str]:
    """Return the files whose jobs `target`, a figure's key or "all", runs, the report left out."""
    files, folder = list(all_files(config)), results_folder(config.preset)
    if target == "all":
        return files
    paper, _, figure = target.partition("_")
    tables = [f"tables/{paper}/{key}" for key in (figure, *config.figures()[paper][figure].reads)]
    wanted = (*tables, f"figures/{paper}/{figure}")
    below = {path: Path(path).with_suffix("").relative_to(folder) for path in files}
    return [path for path in files if any(below[path].is_relative_to(name) for name in wanted)]


def tables_of(config: Config, target: str) -> list[str]:
    """Return the table of a figure, or those it draws if it has none; none for "all".

    They belong to what is asked for even where the drawing is there.
    """
    paper, _, figure = target.partition("_")
    section = config.figures().get(paper, {}).get(figure)
    if section is None:
        return []
    keys = (figure,) if section.parts() else section.reads
    return [table_path(config.preset, paper, key) for key in keys]


def prepare(config: Config, target: str, settings: list[str]) -> list[str]:
    """Set damaged results aside, take over those made elsewhere, and return words for Snakemake.

    The words name what was damaged as targets, because Snakemake would miss a part only when its
    table is made anew, what was made from other inputs, whatever the dates say, and the tables of a
    figure, which it would not miss beside the drawing.

    Args:
        target: a figure's key, or "all".
        settings: the options that give Snakemake this configuration.

    Raises:
        UserError: something stands in the way that only the user can move.
    """
    if is_locked(results_folder(config.preset)):
        # Another run may be writing; if not, Snakemake says so.
        return []
    files = files_of(config, target)
    folder = Path(results_folder(config.preset))
    damaged = {damage.path.as_posix() for damage in set_damaged_aside(config).damaged}
    wanted = set(files)
    unknown = [path for path in unknown_files(config) if path in wanted]
    # What is being written and does not fit is not renamed, but not kept either.
    unfit = adopt(config, settings, unknown) if unknown else []
    words = [*tables_of(config, target), *(path for path in files if path in damaged)]
    if forced := sorted({*unfit, *outdated(folder, files)}):
        words += ["--forcerun", *forced]
    return words

"""What makes each table and figure under a configuration: its script and its specification.

The rules of the workflow hand exactly these to their jobs; whoever asks whether a file is still
what this checkout would make asks here too.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from pipeline.recorded import recorded_spec
from study.code_hash import WORKFLOW, behind, code_hash
from study.config import Config
from study.folders import claims_file, published_files
from study.load import load_config, preset_names

GATHER_SCRIPT = "scripts/gather.py"
VERDICTS_SCRIPT = "scripts/gather_verdicts.py"
PAGES_SCRIPT = "scripts/pages.py"
SETTINGS_SCRIPT = "scripts/write_settings.py"
OWN_SCRIPT = "scripts/own.py"
#: Texts of this project's that are pages, too.
PAGE_TEXTS = ("workflow/DIFFERENCES.md", "workflow/PROTOCOL.md")
#: Complete data sets, and what stands for the subset of MNIST that the project carries.
DATA_FOLDER = "results/data"
CARRIED_SUBSET = "workflow/data/mnist_subset/SHA256SUMS"


@dataclass(frozen=True)
class Expected:
    """How a file is made: by which script, from which specification."""

    script: str
    spec: dict[str, Any]

    @property
    def code(self) -> str:
        """The hash of all project code behind the script."""
        return code_hash(*behind(self.script, self.spec))


@cache
def carried_preset(preset: str) -> Config | None:
    """Return a preset as the project carries it; None if it carries none of this name."""
    return load_config({"preset": preset}) if preset in preset_names() else None


def results_folder(preset: str) -> str:
    """Return the folder of a preset's results, relative to the project."""
    return f"results/{preset}"


def table_path(preset: str, paper: str, figure: str) -> str:
    """Return the path of the table of one figure."""
    return f"{results_folder(preset)}/tables/{paper}/{figure}.parquet"


def part_path(preset: str, paper: str, figure: str, part: str) -> str:
    """Return the path of one part of that table; `part` may be a wildcard in braces."""
    return f"{results_folder(preset)}/tables/{paper}/{figure}/{part}.parquet"


def figure_path(preset: str, paper: str, figure: str, suffix: str) -> str:
    """Return the path of a figure."""
    return f"{results_folder(preset)}/figures/{paper}/{figure}.{suffix}"


def verdict_path(preset: str, paper: str, figure: str) -> str:
    """Return the path of the verdicts of a figure."""
    return f"{results_folder(preset)}/verdicts/{paper}/{figure}.csv"


def part_script(paper: str, figure: str) -> str:
    """Return the script that computes the parts of a figure's table."""
    return f"papers/{paper}/{figure}/compute.py"


def part_specs(config: Config, paper: str, figure: str) -> dict[str, dict[str, Any]]:
    """Return part ↦ specification for all parts of a figure's table."""
    section = config.figures()[paper][figure]
    shared: dict[str, Any] = {"paper": paper, "figure": figure}
    if section.random:
        shared |= {"root_seed": config.root_seed, "device": config.device}
    return {part: {**shared, **spec} for part, spec in section.parts().items()}


def table_spec(config: Config, paper: str, figure: str) -> dict[str, Any]:
    """Return the specification of the job that puts a table together."""
    return {"missing": config.figures()[paper][figure].missing}


def drawing_script(paper: str, figure: str) -> str:
    """Return the script that draws a figure."""
    return f"papers/{paper}/{figure}/present.py"


def drawing_spec(config: Config, paper: str, figure: str) -> dict[str, Any]:
    """Return the specification of the drawing: the settings of all it draws, and the preset.

    A figure whose values were changed says so beside the preset's name. Where its table was recorded
    at the papers' scale, "recorded" says from which files and with which settings.
    """
    sections = config.figures()[paper]
    section = sections[figure]
    recorded = recorded_spec(paper, figure)
    preset = carried_preset(config.preset)
    carried = preset.figures()[paper] if preset else sections
    changed = any(sections[key] != carried[key] for key in (figure, *section.reads))
    return {
        "paper": paper,
        "figure": figure,
        "preset": f"{config.preset} (changed)" if changed else config.preset,
        "settings": section.model_dump(mode="json"),
        "read_settings": {key: sections[key].model_dump(mode="json") for key in section.reads},
        **({"recorded": recorded} if recorded else {}),
    }


def own_spec(config: Config, name: str) -> dict[str, Any]:
    """Return the specification of the probe of a network of the user's own."""
    given = config.own[name].model_dump(mode="json")
    return {"paper": "own", "figure": name, "root_seed": config.root_seed, **given}


def own_paths(preset: str, name: str) -> list[str]:
    """Return the paths of its table, figure and page."""
    folder = results_folder(preset)
    return [f"{folder}/own/{name}.{suffix}" for suffix in ("parquet", "pdf", "png", "html")]


def done(preset: str, key: str) -> str:
    """Return a sentence on where the figure of a key lies."""
    paper, _, figure = key.partition("_")
    if paper == "own":
        return f"Done: {results_folder(preset)}/own/{figure}.html, .pdf, .png and .parquet"
    return f"Done: {figure_path(preset, paper, figure, 'pdf')} and .png"


def part_data(spec: dict[str, Any]) -> str | None:
    """Return the file of the data set that a part of this specification reads, if it reads one.

    The carried subset is known by its checksums; complete data sets are shared by all presets.
    """
    name = spec.get("data")
    if name is None:
        return None
    return CARRIED_SUBSET if name == "mnist_subset" else f"{DATA_FOLDER}/{name}.npz"


def drawing_inputs(config: Config, paper: str, figure: str) -> dict[str, str | list[str]]:
    """Return name ↦ file, or files, that the drawing of a figure reads."""
    section = config.figures()[paper][figure]
    read = [*((figure,) if section.parts() else ()), *section.reads]
    files: dict[str, str | list[str]] = {
        "table" if key == figure else key: table_path(config.preset, paper, key) for key in read
    }
    files["published"] = [
        _relative(file)
        for key in (figure, *section.reads_published)
        for file in published_files(paper, key)
    ]
    if claims := claims_file(paper, figure):
        files["claims"] = _relative(claims)
    if recorded := recorded_spec(paper, figure):
        files["recorded"] = list(recorded["tables"])
    return {**files, "style": "workflow/study/style.mplstyle"}


def _relative(path: Path) -> str:
    return path.relative_to(WORKFLOW.parent).as_posix()


def verdict_paths(config: Config) -> dict[str, Expected]:
    """Return path ↦ how it is made, for the verdicts of all figures."""
    found = {}
    for paper, sections in config.figures().items():
        for figure in sections:
            if claims_file(paper, figure):
                spec = drawing_spec(config, paper, figure)
                path = verdict_path(config.preset, paper, figure)
                found[path] = Expected(drawing_script(paper, figure), spec)
    return found


def pages_spec(config: Config) -> dict[str, Any]:
    """Return the specification of the pages: the papers and figures in their order, and what to call them."""
    papers = {
        paper: {
            figure: {
                "label": section.label,
                "tables": [*((figure,) if section.parts() else ()), *section.reads],
            }
            for figure, section in sections.items()
        }
        for paper, sections in config.figures().items()
    }
    carried = carried_preset(config.preset) is not None
    own = {"own": list(config.own)} if config.own else {}
    return {"preset": config.preset, "carried": carried, "papers": papers, **own}


def page_paths(config: Config) -> list[str]:
    """Return the paths of the pages, index.html first."""
    names = [*config.figures(), "verdicts", *(Path(text).stem.lower() for text in PAGE_TEXTS)]
    folder = results_folder(config.preset)
    return [f"{folder}/index.html", *(f"{folder}/pages/{name}.html" for name in names)]


def settings_spec(config: Config) -> dict[str, Any]:
    """Return the specification of the file that holds the configuration in force."""
    return {"config": config.model_dump(mode="json")}


def expected_texts(config: Config) -> dict[str, Expected]:
    """Return path ↦ how it is made, for the verdicts, the configuration in force and the pages.

    They carry no provenance themselves; the run records beside their logs do.
    """
    folder = results_folder(config.preset)
    pages = Expected(PAGES_SCRIPT, pages_spec(config))
    return {
        f"{folder}/config.yaml": Expected(SETTINGS_SCRIPT, settings_spec(config)),
        **verdict_paths(config),
        f"{folder}/verdicts/verdicts.csv": Expected(VERDICTS_SCRIPT, {}),
        **dict.fromkeys(page_paths(config), pages),
    }


def expected_files(config: Config) -> dict[str, Expected]:
    """Return path ↦ how it is made, for all parts, tables and figures of a configuration."""
    files = {
        path: Expected(OWN_SCRIPT, own_spec(config, name))
        for name in config.own
        for path in own_paths(config.preset, name)
    }
    for paper, sections in config.figures().items():
        for figure in sections:
            parts = part_specs(config, paper, figure)
            for part, spec in parts.items():
                path = part_path(config.preset, paper, figure, part)
                files[path] = Expected(part_script(paper, figure), spec)
            if parts:
                path = table_path(config.preset, paper, figure)
                files[path] = Expected(GATHER_SCRIPT, table_spec(config, paper, figure))
            drawing = Expected(drawing_script(paper, figure), drawing_spec(config, paper, figure))
            for suffix in ("pdf", "png"):
                files[figure_path(config.preset, paper, figure, suffix)] = drawing
    return files

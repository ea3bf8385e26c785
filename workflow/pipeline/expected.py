"""What makes each result under a configuration: which job, from which specification and which files.

The rules of the workflow hand exactly these to their jobs; whoever asks whether a file is still
what this checkout would make asks here too.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.recorded import recorded_spec
from study.code_hash import WORKFLOW, code_hash, scripts_of_job
from study.config import Config
from study.folders import claims_file, folder, published_files
from study.load import carried_preset

#: Texts of this project's that are pages, too.
PAGE_TEXTS = ("workflow/DIFFERENCES.md", "workflow/PROTOCOL.md")
#: Complete data sets, and what stands for the subset of MNIST that the project carries.
DATA_FOLDER = "results/data"
CARRIED_SUBSET = "workflow/data/mnist_subset/SHA256SUMS"


@dataclass(frozen=True)
class Recipe:
    """A job and the files that it makes.

    Attributes:
        script: path of its script, relative to workflow/.
        spec: its specification.
        inputs: name ↦ files that it reads.
        outputs: files that it writes.
    """

    script: str
    spec: dict[str, Any]
    inputs: dict[str, list[str]]
    outputs: list[str]

    @property
    def code(self) -> str:
        """The hash of all code behind the script."""
        return code_hash(*scripts_of_job(self.script, self.spec))


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


def log_of(path: str) -> str:
    """Return the path of the log of the job that makes a result, results/<preset>/<kind>/…"""
    results, preset, *below = Path(path).with_suffix(".log").parts
    if preset == Path(DATA_FOLDER).name:
        return Path(path).with_suffix(".log").as_posix()
    if len(below) == 3 and below[0] == "verdicts":  # the job that draws a figure judges it too
        below[0] = "figures"
    if path.endswith(".html") and below[0] != "own":  # one job writes all pages
        below = ["pages.log"]
    return Path(results, preset, "logs", *below).as_posix()


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


def drawing_script(paper: str, figure: str) -> str:
    """Return the script that draws a figure."""
    return f"papers/{paper}/{figure}/present.py"


def drawing_spec(config: Config, paper: str, figure: str) -> dict[str, Any]:
    """Return the specification of the drawing: the settings of all it draws, and the preset.

    A figure whose values or random numbers are not the preset's says so beside its name. Where its
    table was recorded at the papers' scale, "recorded" says from which files and with which settings.
    """
    sections = config.figures()[paper]
    section = sections[figure]
    recorded = recorded_spec(paper, figure)
    preset = carried_preset(config.preset)
    carried = preset.figures()[paper] if preset else sections
    drawn = (figure, *section.reads)
    changed = any(sections[key] != carried[key] for key in drawn)
    if preset is not None and any(sections[key].random for key in drawn):
        changed |= config.root_seed != preset.root_seed
    return {
        "paper": paper,
        "figure": figure,
        "preset": f"{config.preset} (changed)" if changed else config.preset,
        "settings": section.model_dump(mode="json"),
        "read_settings": {key: sections[key].model_dump(mode="json") for key in section.reads},
        **({"recorded": recorded} if recorded else {}),
    }


def _data(spec: dict[str, Any]) -> list[str]:
    """Return the file of the data set that a part of this specification reads, in a list; [] for none.

    The carried subset is known by its checksums; complete data sets are shared by all presets.
    """
    name = spec.get("data")
    if name is None:
        return []
    return [CARRIED_SUBSET if name == "mnist_subset" else f"{DATA_FOLDER}/{name}.npz"]


def _relative(path: Path) -> str:
    return path.relative_to(WORKFLOW.parent).as_posix()


def figure_jobs(config: Config, paper: str, figure: str) -> Iterator[Recipe]:
    """Yield the jobs of one figure: the parts of its table, the table, and last its drawing and verdicts."""
    section, preset = config.figures()[paper][figure], config.preset
    table, parts = table_path(preset, paper, figure), []
    for part, spec in part_specs(config, paper, figure).items():
        parts.append(part_path(preset, paper, figure, part))
        yield Recipe(part_script(paper, figure), spec, {"data": _data(spec)}, parts[-1:])
    if parts:
        yield Recipe("scripts/gather.py", {"missing": section.missing}, {"part": parts}, [table])
    inputs = {"table": [table]} if parts else {}
    inputs |= {key: [table_path(preset, paper, key)] for key in section.reads}
    read = (figure, *section.reads_published)
    files = [file for key in read for file in published_files(paper, key)]
    claims, spec = claims_file(paper, figure), drawing_spec(config, paper, figure)
    inputs |= {
        "published": [_relative(file) for file in files],
        "claims": [_relative(claims)] if claims else [],
        "recorded": list(spec.get("recorded", {}).get("tables", ())),
        "style": ["workflow/study/style.mplstyle"],
    }
    verdicts = [f"{results_folder(preset)}/verdicts/{paper}/{figure}.csv"] if claims else []
    drawings = [figure_path(preset, paper, figure, suffix) for suffix in ("pdf", "png")]
    yield Recipe(drawing_script(paper, figure), spec, inputs, [*verdicts, *drawings])


def own_job(config: Config, name: str) -> Recipe:
    """Return the job that probes a network of the user's own."""
    given = config.own[name].model_dump(mode="json")
    spec = {"paper": "own", "figure": name, "root_seed": config.root_seed, **given}
    start = f"{results_folder(config.preset)}/own/{name}"
    outputs = [f"{start}.{suffix}" for suffix in ("parquet", "pdf", "png", "html")]
    return Recipe("scripts/own.py", spec, {}, outputs)


def jobs_behind(config: Config, paper: str, figure: str) -> list[Recipe]:
    """Return the jobs of one figure and those of the tables of others that it reads, in their order.

    Args:
        paper: or "own", for a network of the user's.
    """
    if paper == "own":
        return [own_job(config, figure)]
    read = config.figures()[paper][figure].reads
    tables = [job for key in read for job in list(figure_jobs(config, paper, key))[:-1]]
    return [*tables, *figure_jobs(config, paper, figure)]


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
    results = results_folder(config.preset)
    return [f"{results}/index.html", *(f"{results}/pages/{name}.html" for name in names)]


def expected_files(config: Config) -> dict[str, Recipe]:
    """Return path ↦ the job that makes it, for all results of a configuration.

    Verdicts, the configuration in force and the pages carry no provenance themselves; the run records
    beside their logs do.
    """
    results = results_folder(config.preset)
    keys = [(paper, key) for paper, sections in config.figures().items() for key in sections]
    jobs = [job for key in keys for job in figure_jobs(config, *key)]
    outputs = [path for job in jobs for path in job.outputs]
    verdicts, settings = f"{results}/verdicts/verdicts.csv", f"{results}/config.yaml"
    judged = {"verdicts": [path for path in outputs if path.endswith(".csv")]}
    jobs.append(Recipe("scripts/gather_verdicts.py", {}, judged, [verdicts]))
    spec = {"config": config.model_dump(mode="json")}
    jobs.append(Recipe("scripts/write_settings.py", spec, {}, [settings]))
    shown = {
        "settings": [settings],
        "verdicts": [verdicts],
        "figures": [path for path in outputs if path.endswith(".png")],
        "captions": [_relative(folder(*key) / "caption.rst") for key in keys],
        "papers": [f"workflow/papers/{paper}/paper.md" for paper in config.figures()],
        "texts": list(PAGE_TEXTS),
        "templates": sorted(map(_relative, (WORKFLOW / "report/templates").iterdir())),
    }
    jobs.append(Recipe("scripts/pages.py", pages_spec(config), shown, page_paths(config)))
    jobs += [own_job(config, name) for name in config.own]
    return {path: job for job in jobs for path in job.outputs}

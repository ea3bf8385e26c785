"""How figures are written: PDF and PNG, provenance inside, the same bytes every time."""

import json
from collections.abc import Callable, Mapping

from matplotlib import pyplot as plt
from matplotlib.figure import Figure

from figures.missing import no_drawing
from study.files import atomic_path
from study.job import Job
from study.sources import sources_of_tables
from study.style import use_style


def draw(job: Job, figures: Mapping[str, Callable[[Job], Figure]]) -> None:
    """Draw the figure that the specification names, by its function in `figures`, and write it.

    Raises:
        UserError: it has none there.
    """
    paper, figure = job.spec["paper"], job.spec["figure"]
    if figure not in figures:
        raise no_drawing(paper, figure)
    use_style(job.inputs["style"][0])
    write_figure(figures[figure](job), job)


def write_figure(figure: Figure, job: Job) -> None:
    """Write `figure` to each output of the job in one step and close it.

    The provenance, with the sources of all tables that it draws, stands in the PDF's "Subject" and
    in the PNG's "Description", as JSON. Dates are left out, so that the same job gives the same
    bytes.

    Raises:
        OSError: a file cannot be written.
    """
    own, read = job.spec["figure"], job.spec["read_settings"]
    tables = {own: job.inputs.get("table", []), **{key: job.inputs[key] for key in read}}
    job.sources = sources_of_tables({key: files[0] for key, files in tables.items() if files})
    note = json.dumps(job.provenance(), sort_keys=True, ensure_ascii=True)
    title = f"deepinit {job.spec['paper']} {own}"
    metadata = {
        ".pdf": {"Title": title, "Subject": note, "CreationDate": None},
        ".png": {"Title": title, "Description": note, "Software": None},
    }
    for path in job.outputs:
        with atomic_path(path) as temporary:
            figure.savefig(temporary, metadata=metadata[path.suffix])
    plt.close(figure)

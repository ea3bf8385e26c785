"""Write the pages that people read: index.html, one for each paper, verdicts, differences, protocol."""

import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from report import contents, texts
from study.code_hash import WORKFLOW
from study.files import write_text
from study.job import Job


def run(job: Job) -> None:
    """Write the pages that the outputs name: index.html in the preset's folder, the others below pages/.

    Every template, text and style is an input, so that the same inputs give the same pages.
    """
    config = yaml.safe_load(job.inputs["settings"][0].read_text(encoding="utf-8"))
    verdicts = contents.verdicts_of(job.inputs["verdicts"][0])
    papers = contents.papers(job.spec, config, verdicts, job.inputs)
    figures = {paper.name: [figure.name for figure in paper.figures] for paper in papers}
    markdown = {path.stem.lower(): path for path in job.inputs["texts"]}
    environment = Environment(
        loader=FileSystemLoader(WORKFLOW / "report" / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {
        "preset": job.spec["preset"],
        "papers": papers,
        "own": job.spec.get("own", []),
        "texts": list(markdown),
        "kind": contents.KINDS,
        "count": contents.count,
        "holding": contents.holding,
        "made": contents.made_by(papers),
    }
    environment.filters["typeset"] = texts.typeset
    for output in job.outputs:
        name = output.stem
        given = {"page": name, "above": "" if name == "index" else "../"}
        if name in figures:
            template = "paper.html"
            given["paper"] = next(paper for paper in papers if paper.name == name)
        elif name in markdown:
            template = "text.html"
            source = markdown[name].read_text(encoding="utf-8")
            given["text"] = texts.markdown(source, name, figures)
        else:
            template = f"{name}.html"
        write_text(output, environment.get_template(template).render(given))

"""Probe a network of the user's own, as `make probe` does, for the section `own` of a configuration."""

from functools import partial

from deepinit.probing.inputs import UnfitNetworks
from deepinit.probing.report import probe
from report.probe_files import write
from study.code_hash import WORKFLOW, file_of
from study.errors import UserError
from study.files import sha256
from study.job import Job
from study.user_code import loaded, told_of


def run(job: Job) -> None:
    """Write its table, figure and page; the networks have seeds that follow from the root seed."""
    spec = job.spec
    build, path = loaded(str(WORKFLOW.parent / spec["build"]))
    inputs, source = loaded(str(WORKFLOW.parent / spec["inputs"]))
    if not callable(build):
        raise UserError(f"'{spec['build']}' must be a function that returns a new torch.nn.Module")
    options = {key: spec[key] for key in ("networks", "depth", "batch_axis", "blocks")}
    seed, progress = int(job.seeds().generate_state(1)[0]), job.progress("networks")
    ask = partial(probe, build, inputs, seed=seed, progress=progress, **options)
    report = told_of([path, source], ask, UnfitNetworks)
    files = {file_of(spec[key]): spec[key].rpartition(":")[0] for key in ("build", "inputs")}
    provenance = {"files": {name: sha256(file) for file, name in sorted(files.items())}}
    write(report, spec["figure"], job.outputs, job.provenance("probe") | provenance)

"""Probe a network of the user's own, as `make probe` does, for the section `own` of a configuration."""

from report.probe_files import probed, write
from study.code_hash import file_of
from study.files import sha256
from study.job import Job


def run(job: Job) -> None:
    """Write its table, figure and page; the networks have seeds that follow from the root seed."""
    spec = job.spec
    options = {key: spec[key] for key in ("networks", "depth", "batch_axis", "blocks")}
    seed, progress = int(job.seeds().generate_state(1)[0]), job.progress("networks")
    keys = ("build", "inputs")
    places = [f"{file_of(spec[key])}:{spec[key].rpartition(':')[2]}" for key in keys]
    report, _ = probed(*places, seed=seed, progress=progress, **options)
    files = {file_of(spec[key]): spec[key].rpartition(":")[0] for key in keys}
    provenance = {"files": {name: sha256(file) for file, name in sorted(files.items())}}
    write(report, spec["figure"], job.outputs, job.provenance("probe") | provenance)

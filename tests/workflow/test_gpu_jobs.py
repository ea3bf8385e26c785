"""Every computation runs on a GPU where there is one, and gives a table like the CPU's."""

import io
import json
import time
from pathlib import Path

import pytest
import torch
from project import SECTIONS, SMOKE, Project

from pipeline.expected import part_script
from study import device, gpu_lock
from study import streams as compute
from study.gpu_lock import Gpu, take_gpu
from study.job import Job
from study.provenance import write_run_record
from study.tables import read_provenance, read_table

#: Those whose numbers come from numpy alone, on any machine.
WITHOUT_TENSORS = {"luther2019_membrane_images"}
RANDOM = [
    key
    for key, section in SECTIONS.items()
    if section.parts() and section.random and key not in WITHOUT_TENSORS
]


needs_cuda = pytest.mark.skipif(
    not torch.cuda.is_available(), reason="torch sees no CUDA device on this machine"
)
MODEL = "Model X"


def job(request: str, gpus: int | None = None) -> Job:
    """Return a job with a log in memory."""
    spec = {"root_seed": 1, "paper": "marion2025", "figure": "fig7", "device": request}
    script = "papers/marion2025/fig7/compute.py"
    return Job(script, spec, {}, [Path("t.parquet")], io.StringIO(), "tables/x", gpus)


@pytest.fixture
def two_gpus(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[Gpu]:
    """Let torch see two GPUs, stand-ins, and streams note where they are."""
    gpus = [Gpu(0, "aaaa", MODEL), Gpu(1, "bbbb", MODEL)]
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "set_device", lambda index: None)
    monkeypatch.setattr(device, "_OWN", [])
    monkeypatch.setattr(device, "seen_gpus", lambda: gpus)
    monkeypatch.setattr(compute, "RandomStream", lambda seeds, where: where)
    return gpus


def test_a_job_on_a_gpu_names_its_model_in_the_table_and_which_it_was_beside_the_log(
    two_gpus, tmp_path, monkeypatch
):
    current = []
    monkeypatch.setattr(torch.cuda, "set_device", current.append)
    take_gpu(two_gpus[:1], print)
    ours = job("auto", gpus=1)
    streams = [compute.random_stream(ours, "a"), compute.random_stream(ours, "b")]
    assert streams == [torch.device("cuda", 1)] * 2 and current == [1]
    provenance = ours.provenance()
    assert provenance["device"] == f"cuda ({MODEL})"
    assert "bbbb" not in json.dumps(provenance)
    write_run_record(tmp_path / "r.json", ours, time.time(), {}, "c")
    record = json.loads((tmp_path / "r.json").read_text())
    assert record["gpu"] == {"index": 1, "uuid": "bbbb", "waited_seconds": 0.0}


def test_the_time_for_which_a_job_waited_for_a_gpu_is_not_counted_as_its_own(tmp_path, monkeypatch):
    monkeypatch.setattr(time, "time", lambda: 1105.0)
    ours = job("cuda")
    ours.gpu = {"index": 0, "uuid": "aaaa", "waited_seconds": 100.0}
    write_run_record(tmp_path / "r.json", ours, 1000.0, {}, "c")
    assert json.loads((tmp_path / "r.json").read_text())["wall_seconds"] == 5


def test_a_job_that_waits_for_a_gpu_says_so_on_the_terminal_and_in_its_log(
    two_gpus, monkeypatch, capsys
):
    monkeypatch.setattr(gpu_lock, "_HELD", [])
    for _ in two_gpus:
        take_gpu(two_gpus, print)
    monkeypatch.setattr(time, "sleep", lambda seconds: gpu_lock._HELD.clear())
    ours = job("cuda")
    assert compute.random_stream(ours, "a").type == "cuda"
    said = ["all 2 visible GPUs are taken by other jobs", "is free, after"]
    for text in (ours.log.getvalue(), capsys.readouterr().err):
        assert all(text.count(words) == 1 for words in said)


def test_a_job_that_was_given_a_gpu_that_torch_does_not_see_says_so_and_takes_the_cpu(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    ours = job("auto", gpus=1)
    assert compute.random_stream(ours, "a").device.type == "cpu"
    compute.random_stream(ours, "b")
    assert ours.device == "cpu" and ours.gpu is None
    assert ours.log.getvalue().count("asked for a GPU, but torch sees no CUDA device") == 1
    for quiet in (job("auto", gpus=0), job("auto"), job("cpu", gpus=1)):
        compute.random_stream(quiet, "a")
        assert quiet.log.getvalue() == ""


@pytest.mark.slow
@needs_cuda
@pytest.mark.parametrize("key", RANDOM)
def test_a_part_computed_on_a_gpu_has_the_rows_and_columns_of_the_cpus(built: Project, key: str):
    paper, _, figure = key.partition("_")
    section = SECTIONS[key]
    name, part = next(iter(section.parts().items()))
    spec = {"paper": paper, "figure": figure, "root_seed": SMOKE.root_seed, **part}
    output = built.path / "gpu" / f"{key}.parquet"
    inputs = ["--input", "data", "workflow/data/mnist_subset/SHA256SUMS"]
    script = part_script(paper, figure)
    command = [
        "python",
        "workflow/job.py",
        script,
        "--spec",
        json.dumps({**spec, "device": "cuda"}),
    ]
    files = ["--output", output, "--log", output.with_suffix(".log")]
    done = built.run([*command, *(inputs if "data" in part else []), *files])
    assert done.returncode == 0, done.text
    ours, theirs = read_table(output), read_table(built.table(key, name))
    assert ours.shape == theirs.shape and (ours.dtypes == theirs.dtypes).all()
    assert read_provenance(output)["device"] == f"cuda ({torch.cuda.get_device_name()})"

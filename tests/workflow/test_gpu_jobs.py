"""Every computation runs on a GPU where there is one, and gives a table like the CPU's."""

import json

import pytest
import torch
from project import SECTIONS, SMOKE, Project

from deepinit.tables import read_provenance, read_table

#: Those whose numbers come from numpy alone, on any machine.
WITHOUT_TENSORS = {"luther2019_membrane_images"}
RANDOM = [
    key
    for key, section in SECTIONS.items()
    if section.parts() and section.random and key not in WITHOUT_TENSORS
]


@pytest.mark.slow
@pytest.mark.skipif(
    not torch.cuda.is_available(), reason="torch sees no CUDA device on this machine"
)
@pytest.mark.parametrize("key", RANDOM)
def test_a_part_computed_on_a_gpu_has_the_rows_and_columns_of_the_cpus(built: Project, key: str):
    paper, _, figure = key.partition("_")
    section = SECTIONS[key]
    name, part = next(iter(section.parts().items()))
    spec = {"paper": paper, "figure": figure, "root_seed": SMOKE.root_seed, **part}
    output = built.path / "gpu" / f"{key}.parquet"
    inputs = ["--input", "data", "workflow/data/mnist_subset/SHA256SUMS"]
    script = f"scripts/{paper}/{section.script or figure}.py"
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
    assert read_provenance(output)["device"].startswith("cuda")

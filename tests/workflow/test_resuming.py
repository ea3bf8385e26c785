"""A training job that was killed goes on from its checkpoint and leaves the same file."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from project import ROOT, SECTIONS, SMOKE

from pipeline.expected import part_script

#: Runs a job four times in forks of one process, which imports torch once, with a checkpoint after every
#: step instead of every half minute: undisturbed, killed, killed again, and to its end. A killed one dies
#: wherever it is after 0.1 s of processor time from its first checkpoint on, however busy the machine.
#: Printed after each: its exit status, and the names in the folder of its output.
_FOUR_RUNS = """
import importlib, json, os, signal, sys
sys.path.insert(0, "workflow")
import job
from study.checkpoint import Checkpoint

output, *words = sys.argv[1:]
importlib.import_module(words[0].removesuffix(".py").replace("/", "."))
Checkpoint.__init__.__kwdefaults__["seconds"] = 0.0
save = Checkpoint.save

def save_and_die_soon(self, state):
    save(self, state)
    if not any(signal.getitimer(signal.ITIMER_PROF)):
        signal.setitimer(signal.ITIMER_PROF, 0.1)

for killed in (False, True, True, False):
    if not (child := os.fork()):
        Checkpoint.save = save_and_die_soon if killed else save
        os._exit(job.main([*words, "--output", output]))
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    print(json.dumps([status, os.listdir(os.path.dirname(output))]))
    if not (killed or os.path.exists("%s.undisturbed" % output)):
        os.rename(output, "%s.undisturbed" % output)
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("key", "longer"),
    [
        ("marion2025_fig8", {}),
        ("hanin2018_fig1b", {"max_epochs": 12, "target_accuracy": 0.9}),
        ("luther2019_learning_curves", {"steps": 100}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_killed_training_job_ends_with_the_same_bytes(key: str, longer: dict, tmp_path: Path):
    paper, figure = key.split("_", 1)
    part = next(iter(SECTIONS[key].parts().values()))
    shared = {"paper": paper, "figure": figure, "root_seed": SMOKE.root_seed, "device": "cpu"}
    output, log = tmp_path / "part.parquet", tmp_path / "part.log"
    words = [str(output), part_script(paper, figure), "--spec", json.dumps(shared | part | longer)]
    words += ["--input", "data", "workflow/data/mnist_subset/SHA256SUMS", "--log", str(log)]
    done = subprocess.run(
        [sys.executable, "-c", _FOUR_RUNS, *words],
        cwd=ROOT,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    (undisturbed, *killed, last) = map(json.loads, done.stdout.splitlines())
    checkpoint = ".part.checkpoint"
    assert undisturbed[0] == last[0] == 0
    assert checkpoint not in undisturbed[1] + last[1]
    for status, names in killed:
        assert status == -signal.SIGPROF, "the job ended before it was killed"
        assert checkpoint in names and output.name not in names
    assert "goes on from" in log.read_text()
    assert output.read_bytes() == Path(f"{output}.undisturbed").read_bytes()

"""One job: a script, relative to workflow/, with its specification, inputs and outputs.

Nothing here needs Snakemake. A script has a function `run(job: Job) -> None`, or an object `figure` with
such a method: the computation or the presentation of a figure. What only some jobs need is kept out of
here, so that a change to it reruns only those: tensors and random streams are in `study.streams`,
figures in `study.drawing`.
"""

import json
import shlex
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from deepinit.seeds import AddressPart, canonical_json, seed_sequence
from study.code_hash import code_hash, scripts_of_job
from study.progress import ProgressLines
from study.provenance import describe_code_and_machine

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd


@dataclass
class Job:
    """What a script is asked to do.

    Attributes:
        script: path of the script, relative to workflow/.
        spec: the part of the configuration that this job depends on, and nothing else.
        inputs: name ↦ files.
        outputs: files to write.
        log: an open text file.
        label: what messages call the job.
        log_path: where the log lies, if it is kept.
        gpus: how many GPUs it was given; None if nobody said.
        device: where it is computed, in words: "cpu", or "cuda" and the model of the GPU;
            `study.streams` sets this and what follows.
        torch_device: the same as torch calls it; None as long as that is not settled.
        gpu: which GPU it has, if any.
        sources: where the numbers come from that it puts together or draws (`study.sources`).
        streams: address of each random stream that was asked for ↦ first word of its seed sequence.
    """

    script: str
    spec: dict[str, Any]
    inputs: dict[str, list[Path]]
    outputs: list[Path]
    log: TextIO
    label: str = ""
    gpus: int | None = None
    log_path: Path | None = None
    device: str = "cpu"
    torch_device: Any = None
    gpu: dict[str, Any] | None = None
    sources: dict[str, Any] = field(default_factory=dict)
    streams: dict[str, int] = field(default_factory=dict)

    def seeds(self, *address: AddressPart) -> "np.random.SeedSequence":
        """Return the seed sequence at `address` within this job's paper and figure."""
        found = seed_sequence(
            self.spec["root_seed"], self.spec["paper"], self.spec["figure"], *address
        )
        self.streams[canonical_json(address)] = int(found.generate_state(1)[0])
        return found

    def say(self, sentence: str) -> None:
        """Write a sentence into the log."""
        print(sentence, file=self.log, flush=True)

    def progress(self, unit: str, resumed: Callable[[], bool] = lambda: False) -> ProgressLines:
        """Return a progress callback that counts `unit`s on the terminal and in the log."""
        return ProgressLines(self.label, unit, [sys.stderr, self.log], resumed)

    def provenance(self, kind: str = "part") -> dict[str, Any]:
        """Return what is written into the metadata of an output.

        Args:
            kind: what it is: "part" (of a table), "table" or "figure".
        """
        return {
            "made_by": "deepinit",
            "kind": kind,
            "script": self.script,
            "command": self.command(),
            "spec": self.spec,
            **describe_code_and_machine(
                code_hash(*scripts_of_job(self.script, self.spec)), self.device
            ),
            **({"sources": self.sources} if self.sources else {}),
        }

    def command(self) -> str:
        """Return the shell command that runs this job alone, from the project's root."""
        words = ["python", "workflow/job.py", self.script, "--spec", json.dumps(self.spec)]
        for name, files in self.inputs.items():
            words += ["--input", name, *map(str, files)]
        words += ["--output", *map(str, self.outputs)]
        # With it the record beside the log is that of the new outputs too.
        if self.log_path is not None:
            words += ["--log", str(self.log_path)]
        if self.gpus is not None:
            words += ["--gpus", str(self.gpus)]
        return shlex.join(words)

    def table(self, name: str = "table") -> "pd.DataFrame":
        """Return the single input table called `name`."""
        from study.tables import read_table

        return read_table(self.inputs[name][0])

    def write_table(
        self,
        frame: "pd.DataFrame",
        missing: Mapping[str, str] | None = None,
        kind: str = "part",
    ) -> None:
        """Write `frame` to the job's first output; `missing` as in `study.tables`."""
        from study.tables import write_table

        write_table(frame, self.outputs[0], self.provenance(kind), missing)

"""The project, submitting its jobs to the test cluster with the profile that it carries."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import yaml
from project import ROOT, Project, Run, making
from slurm_cluster import SlurmCluster

PROFILE = ROOT / "profiles" / "slurm"
#: The profile's own waits suit a busy site. Here a job takes some seconds.
_SHORT_WAITS = {"slurm-init-seconds-before-status-checks": 8, "latency-wait": 5}
_PATIENCE = 300


class Submitting:
    """One copy of the project and its runs on the cluster."""

    def __init__(self, project: Project, cluster: SlurmCluster) -> None:
        self.project = project
        self.cluster = cluster
        self._running: subprocess.Popen | None = None

    def profile(self, partitions: dict[str, Any] | None = None, **changes: Any) -> Path:
        """Return a copy of the shipped profile with short waits and other values.

        Args:
            partitions: in place of the shipped partitions.
            changes: in place of the shipped entries, underscores for hyphens.
        """
        folder = self.project.path / "profile"
        folder.mkdir(exist_ok=True)
        shipped = yaml.safe_load((PROFILE / "config.v9+.yaml").read_text())
        own = {key.replace("_", "-"): value for key, value in changes.items()}
        (folder / "config.v9+.yaml").write_text(yaml.safe_dump({**shipped, **_SHORT_WAITS, **own}))
        shipped = yaml.safe_load((PROFILE / "partitions.yaml").read_text())
        text = yaml.safe_dump({"partitions": partitions} if partitions else shipped)
        (folder / "partitions.yaml").write_text(text)
        return folder

    def snakemake(self, *words: str, **changes: Any) -> Run:
        """Run Snakemake to its end with the profile, its entries changed as in `profile`."""
        self.start(*words, **changes)
        return self.finish()

    def make(self, target: str, **changes: Any) -> Run:
        """Do what `make TARGET PRESET=smoke PROFILE=…` does."""
        profile = str(self.profile(**changes))
        self._start(making(target, "--profile", profile))
        return self.finish()

    def start(self, *words: str, **changes: Any) -> None:
        """Start Snakemake with the profile."""
        profile = str(self.profile(**changes))
        self._start(self.project.arguments(*words, "--workflow-profile", profile))

    def interrupt(self) -> Run:
        """Do what Ctrl-C does, and wait for Snakemake's end."""
        self._running.send_signal(signal.SIGINT)
        return self.finish()

    def finish(self) -> Run:
        """Wait for the end of what was started."""
        text, _ = self._running.communicate(timeout=900)
        return Run(self._running.returncode, text)

    def end(self) -> None:
        """End what still runs."""
        if self._running and self._running.poll() is None:
            self._running.kill()
            self._running.communicate()

    def jobs(self, states: str) -> list[dict[str, str]]:
        """Return the cluster's jobs in these states."""
        return self.cluster.queue(states)

    def wait_for(self, ready: Callable[[], Any], what: str) -> Any:
        """Wait until `ready` returns something true, and return that."""
        end = time.monotonic() + _PATIENCE
        while time.monotonic() < end:
            if found := ready():
                return found
            if self._running and self._running.poll() is not None:
                raise AssertionError(f"ended before {what}:\n{self._running.communicate()[0]}")
            time.sleep(0.2)
        raise AssertionError(f"no {what} after {_PATIENCE} s; jobs: {self.cluster.queue('all')}")

    def hold_work(self, count: int) -> list[dict[str, str]]:
        """Wait until so many jobs compute, and return them; they stand still, so that none ends by itself."""
        held: set[psutil.Process] = set()

        def hold() -> bool:
            for process in self.cluster.processes():
                with contextlib.suppress(psutil.NoSuchProcess):
                    words = process.cmdline()
                    # Its log is there from the moment on at which it computes.
                    if words[1:2] == ["workflow/job.py"] and self._has(words, "--log"):
                        process.suspend()
                        held.add(process)
            return len(held) >= count

        self.wait_for(hold, "job that computes")
        jobs = self.jobs("RUNNING")
        assert len(jobs) == count, jobs
        return jobs

    def _has(self, words: list[str], option: str) -> bool:
        return (self.project.path / words[words.index(option) + 1]).is_file()

    def wait_for_no_jobs(self) -> None:
        """Wait until no job is queued or running; Snakemake has ended."""
        end = time.monotonic() + _PATIENCE
        while jobs := self.jobs("PENDING,RUNNING,COMPLETING"):
            assert time.monotonic() < end, jobs
            time.sleep(0.2)

    def _start(self, command: list[str]) -> None:
        # The cluster's own folder stays first, so that its wrapper of srun is found.
        first, others = self.cluster.environment["PATH"].split(os.pathsep, 1)
        path = os.pathsep.join([first, str(Path(sys.executable).parent), others])
        self._running = subprocess.Popen(
            command,
            cwd=self.project.path,
            env=self.cluster.environment | {"PATH": path},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

"""The jobs that Snakemake would run now, from its own dry run."""

import json
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from pipeline.snakemake_calls import environment
from study.errors import UserError

#: Rules that only collect files, and run nothing.
_TARGETS = ("all", "figures", "verdicts")


@dataclass(frozen=True)
class PlannedJob:
    """One job that would run.

    Attributes:
        rule: name of its rule.
        wildcards, outputs: as Snakemake tells them, paths relative to the project.
        reason: why it runs, in Snakemake's words.
        resources: mem_mb, runtime (minutes) and gpu that it asks for, where it does.
    """

    rule: str
    outputs: list[str]
    wildcards: dict[str, str] = field(default_factory=dict)
    reason: str = ""
    resources: dict[str, int] = field(default_factory=dict)

    @property
    def figure(self) -> str:
        """Key of the figure that it belongs to, such as marion2025_fig7; empty if to none."""
        if self.rule == "gather":
            return f"{self.wildcards['paper']}_{self.wildcards['figure']}"
        return self.rule.removesuffix("_parts") if re.match(r"[a-z]+\d{4}_", self.rule) else ""


def planned_jobs(
    targets: Sequence[str], configuration: Sequence[str], again: Sequence[str] = ()
) -> list[PlannedJob]:
    """Return the jobs that would run for the targets, in Snakemake's order.

    Args:
        targets: what Snakemake takes: rules and paths.
        configuration: options that name it, such as ["--config", "preset=smoke"].
        again: files to make again whatever Snakemake knows of them.

    Raises:
        UserError: the configuration has a mistake, there is no such target, or Snakemake cannot
            plan for another reason, each in the words in which `make` tells it.
    """
    forced = ["--forcerun", *again] if again else []
    words = [*forced, "--dry-run", "--nolock", "--logger", "json-lines", *configuration]
    done = subprocess.run(
        [sys.executable, "-m", "snakemake", *targets, *words],
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    events, others = [], []
    for line in done.stdout.splitlines():
        if line.startswith("{"):
            events.append(json.loads(line))
        else:
            others.append(line)
    if done.returncode:
        raise UserError(_explanation(events, "\n".join(others)))
    jobs = [PlannedJob(**line["job"]) for line in events if "job" in line]
    return [job for job in jobs if job.rule not in _TARGETS]


def _explanation(events: list[dict[str, Any]], others: str) -> str:
    """Return what is wrong, from the last words of Snakemake."""
    ours = re.search(r"^deepinit: (.*)", others, re.MULTILINE | re.DOTALL)
    if ours:
        return ours[1].strip()
    said = "\n".join(line["error"] for line in events if "error" in line) or others.strip()
    missing = re.search(r"MissingRuleException:\s*No rule to produce (\S+)", said)
    if missing:
        return (
            f"nothing makes '{missing[1]}': name a figure of 'make list', 'all', 'figures', "
            "'verdicts', or a file of the results"
        )
    return f"Snakemake cannot plan this:\n{said}"

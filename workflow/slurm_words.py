"""What Slurm says when it refuses a job or ends one, in plain words with what to do."""

import re
import subprocess
from pathlib import Path
from typing import NamedTuple

_ASKED_PARTITION = re.compile(r" -p '?([^\s']+)")
_ASKED_ACCOUNT = re.compile(r" -A '?([^\s']+)")
_ASKED_MEMORY = re.compile(r" --mem (\d+)")
_ASKED_MINUTES = re.compile(r" -t (\d+)")
_INVALID_ACCOUNT = re.compile(
    r"given account (\S+) appears to be invalid. Available accounts:\n(.*)"
)
#: Slurm's own watch on memory, bytes; and the kernel's, which gives no numbers.
_OVER_LIMIT = re.compile(r"exceeded memory limit \((\d+) > (\d+)\)")
_KILLED_BY_KERNEL = re.compile(r"oom[-_ ]kill", re.IGNORECASE)
_JOB_SAID = re.compile(r"^deepinit: (.* failed: .*)$", re.MULTILINE)


class Why(NamedTuple):
    """Why a job failed, and what to do about it; empty if nothing is known to help."""

    cause: str
    remedy: str = ""
    #: Whether Slurm did not even take the job.
    refused: bool = False


def _answer(*command: str) -> list[str]:
    """Return the lines that one of Slurm's commands prints, none if it fails."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=True)
    except (OSError, subprocess.SubprocessError):
        return []
    return [line.strip() for line in done.stdout.splitlines() if line.strip()]


def _asked(pattern: re.Pattern[str], call: str) -> str:
    found = pattern.search(call)
    return found[1] if found else ""


def _partitions() -> dict[str, tuple[int, str]]:
    """Return partition ↦ the memory of its largest node, MB, and its time limit."""
    found: dict[str, tuple[int, str]] = {}
    for line in _answer("sinfo", "-h", "-N", "-o", "%R|%m|%l"):
        name, memory, limit = line.split("|")
        found[name] = (max(int(memory.rstrip("+")), found.get(name, (0, ""))[0]), limit)
    return found


def _file(profile: Path | None, name: str) -> str:
    """Return the file of the profile to edit."""
    return str(profile / name) if profile else f"{name} of your profile"


def _refused(cause: str, remedy: str) -> Why:
    return Why(cause, remedy, refused=True)


def why_it_was_refused(said: str, call: str, profile: Path | None) -> Why:
    """Return why Slurm did not take a job, and what to do.

    Args:
        said: what sbatch, or the plugin before it, printed.
        call: the call of sbatch; empty if there was none.
        profile: the folder of the profile in use, if it is known.
    """
    partitions = _partitions()
    there = ", ".join(sorted(partitions)) or "unknown, sinfo does not answer"
    partition = _asked(_ASKED_PARTITION, call)
    names, options = _file(profile, "partitions.yaml"), _file(profile, "config.v9+.yaml")
    if "nvalid partition" in said:
        return _refused(
            f"Slurm has no partition '{partition}'; there are: {there}",
            f"Write yours in {names}, and see that {options} names no other",
        )
    if match := _INVALID_ACCOUNT.search(said):
        return _refused(
            f"Slurm does not know the account '{match[1]}'; yours are: {match[2].strip()}",
            f"Write one as slurm_account in {options}",
        )
    if "nvalid account" in said:
        account = _asked(_ASKED_ACCOUNT, call) or "none"
        return _refused(
            f"Slurm does not take the account (it was given: {account}) in the partition "
            f"'{partition}'",
            f"Write yours as slurm_account in {options}",
        )
    memory = int(_asked(_ASKED_MEMORY, call) or 0)
    largest, limit = partitions.get(partition, (0, "unknown"))
    if "emory" in said or ("not available" in said and memory > largest > 0):
        return _refused(
            f"no node of the partition '{partition}' has the {memory} MB that the job asks for, the "
            f"largest has {largest} MB",
            f"Name a partition with larger nodes in {names}",
        )
    if "ime limit" in said:
        return _refused(
            f"the partition '{partition}' has a time limit of {limit} and the job asks for "
            f"{_asked(_ASKED_MINUTES, call)} minutes",
            f"Write the limit (max_runtime), and a partition with a longer one, in {names}",
        )
    plain = "; ".join(line.removeprefix("sbatch: error: ") for line in said.splitlines())
    return _refused(
        f"Slurm did not take the job: {plain.strip()}", f"Partitions: {there}; see {options}"
    )


def why_it_may_wait_for_ever(rule: str, job: str, profile: Path | None) -> Why:
    """Return why a job went to Slurm's default partition, and what to do.

    Args:
        rule: the job's rule.
        job: Slurm's number of the job.
        profile: the folder of the profile in use, if it is known.
    """
    names, options = _file(profile, "partitions.yaml"), _file(profile, "config.v9+.yaml")
    asked, where = "more than any partition there grants", "Slurm's default partition"
    if known := _answer("squeue", "-h", "-t", "all", "-j", job, "-o", "%P|%l|%m"):
        partition, limit, memory = known[0].split("|")
        asked, where = f"{limit} of time and {memory}B of memory", f"the partition '{partition}'"
    return Why(
        f"it asks for {asked}, for which {names} has no partition, and so waits in {where}",
        f"Raise max_runtime, max_mem_mb or max_gpu in {names} as far as 'scontrol show partition' "
        f"allows, or let it ask for less: --set-resources {rule}:runtime=MINUTES, or the same in "
        f"{options}; then stop with Ctrl-C and start again. A training that is stopped at its time "
        "limit goes on from its checkpoint at the next attempt",
    )


def why_it_ended(job: str, state: str, logs: list[Path], profile: Path | None) -> Why:
    """Return why a Slurm job ended before its work was done.

    Args:
        job: Slurm's number of the job.
        state: the state in which it ended.
        logs: the files that may have its output; those that are missing are passed over.
        profile: the folder of the profile in use, if it is known.
    """
    text = "\n".join(log.read_text(errors="replace") for log in logs if log.is_file())
    more = f"under set-resources in {_file(profile, 'config.v9+.yaml')}"
    name = f"Slurm job {job}"
    if match := _OVER_LIMIT.search(text):
        took, asked = (int(number) // 2**20 for number in match.groups())
        return Why(
            f"{name} ran out of memory: it had asked for {asked} MB and had taken {took} MB when it "
            "was killed",
            f"Give its rule a higher mem_mb {more}",
        )
    if state == "OUT_OF_MEMORY" or _KILLED_BY_KERNEL.search(text):
        known = _answer("squeue", "-h", "-t", "all", "-j", job, "-o", "%m") or _answer(
            "sacct", "-n", "-X", "-j", job, "-o", "ReqMem"
        )
        asked_for = f": it had asked for {known[0]}B" if known else ""
        return Why(f"{name} ran out of memory{asked_for}", f"Give its rule a higher mem_mb {more}")
    if said := _JOB_SAID.findall(text):
        return Why(f"{said[-1]} ({name})")
    if state == "TIMEOUT" or "DUE TO TIME LIMIT" in text:
        return Why(
            f"{name} was stopped at its time limit", f"Give its rule a longer runtime {more}"
        )
    if state == "NODE_FAIL" or "DUE TO NODE FAILURE" in text:
        return Why(f"the node of {name} has failed")
    if state == "CANCELLED" or "CANCELLED AT" in text:
        return Why(f"{name} was cancelled")
    last = [line.strip() for line in text.splitlines() if line.strip()][-1:]
    return Why(f"{name} ended as {state}" + (f"; its log ends: {last[0]}" if last else ""))

"""What `make` prints of a run, from Snakemake's events."""

import json
import signal
import sys
import time
from pathlib import Path

import pytest
from project import ROOT, Project, making

from commands import build
from commands.build import given_profile
from pipeline import follow
from pipeline.follow import Follower, TimeLeft
from study.errors import UserError


def printed(*events: dict | str) -> tuple[list[str], Follower]:
    """Return what is printed of events, or of lines that a job has written."""
    follower = Follower(TimeLeft({"fig1_parts": 10.0, "a2000_fig1_parts": 10.0}))
    lines = [event if isinstance(event, str) else json.dumps(event) for event in events]
    return [text for line in lines for text in follower.read(line)], follower


def test_the_time_left_follows_the_pace_of_finished_work(monkeypatch: pytest.MonkeyPatch):
    clock = iter([0.0, 10.0, 0.0])
    monkeypatch.setattr(time, "monotonic", lambda: next(clock))
    estimate = TimeLeft({"long": 30.0, "short": 10.0})
    estimate.plan("long", 2)
    estimate.plan("short", 4)
    assert "left" not in estimate.state().replace("the time left", "")
    estimate.finish("short")
    # A tenth of 100 s of work took 10 s.
    assert "2 min" in estimate.state()
    assert "left" not in TimeLeft({}, queued=True).state()


def test_jobs_are_announced_and_counted_and_what_they_write_is_passed_on():
    job = {"job": {"rule": "a2000_fig1_parts", "wildcards": {"part": "block0"}}, "number": 3}
    progress = "tables/fig1: 3/10 done"
    begun = {"jobs": {"a2000_fig1_parts": 1, "all": 1}}
    target = {"job": {"rule": "all", "wildcards": {}}, "number": 0}
    text, follower = printed(begun, job, progress, {"finished": 3}, target)
    assert len(text) == 2 and text[1] == progress
    assert all(word in text[0] for word in ("a2000", "fig1", "block0"))
    assert (follower.estimate.jobs, follower.estimate.finished, follower.estimate.done) == (
        2,
        1,
        10,
    )
    assert not follower.failed


def test_a_failed_job_is_reported_once_per_cause_with_the_logs_there_are(tmp_path: Path):
    log = tmp_path / "12.log"
    log.touch()
    refused = "SLURM sbatch failed. The error message was 'sbatch: error: invalid partition: x"
    event = {
        "failed": "fig1_parts",
        "message": f"{refused}\nsbatch: error: y'.\n    sbatch call:\n z",
    }
    text, follower = printed(*[{**event, "logs": [str(log), "nowhere.log"]}] * 3)
    assert follower.failed and len(text) == 2
    assert "fig1_parts" in text[0] and "invalid partition: x" in text[0] and "call" not in text[0]
    assert str(log) in text[1]


@pytest.mark.parametrize(("end", "killed"), [("", True), ("failed: no space left\n", False)])
def test_a_job_whose_log_does_not_say_why_it_ended_was_killed(
    tmp_path: Path, end: str, killed: bool
):
    log = tmp_path / "12.log"
    log.write_text(f"python workflow/job.py\n3/10 points\n{end}")
    text, _ = printed({"failed": "fig1_parts", "message": None, "logs": [str(log)]})
    assert ("killed" in text[0]) == killed


def test_a_job_whose_log_says_that_it_was_interrupted_has_not_failed(tmp_path: Path):
    log = tmp_path / "12.log"
    log.write_text("python workflow/job.py\ninterrupted\n")
    (text,), _ = printed({"failed": "fig1_parts", "message": None, "logs": [str(log)]})
    assert "fig1_parts" in text and "failed" not in text and "killed" not in text


def test_after_an_interruption_nothing_is_printed_of_jobs_that_it_cut_short():
    follower = Follower(TimeLeft({}))
    follower.interrupted = True
    failed = json.dumps({"failed": "fig1_parts", "message": None, "logs": []})
    lines = ["Traceback (most recent call last):", "KeyboardInterrupt", failed]
    assert not [text for line in lines for text in follower.read(line)]


@pytest.mark.parametrize(
    ("end", "status", "words"),
    [
        ("import os; os.kill(os.getpid(), 9)", 137, ["SIGKILL", "memory", "make unlock"]),
        ('print(\'{"error": "nothing makes x", "kind": "E"}\'); exit(1)', 1, ["nothing makes x"]),
        ('print(\'{"error": "locked", "kind": "LockException"}\'); exit(1)', 1, ["make unlock"]),
        ("print('a job: half a { line'); print('[1]')", 0, ["half a {", "[1]"]),
    ],
    ids=["killed", "failed", "locked", "no events"],
)
def test_the_end_of_a_run_is_reported(
    end: str, status: int, words: list[str], capsys: pytest.CaptureFixture
):
    assert follow.run([sys.executable, "-c", end], TimeLeft({})) == status
    text = capsys.readouterr().out
    assert all(word in text for word in words), text


def test_a_closed_terminal_ends_a_run_as_a_sigterm_does():
    before = signal.getsignal(signal.SIGHUP)
    with follow._other_signals_as_ctrl_c(None, Follower(TimeLeft({}))):
        assert signal.getsignal(signal.SIGHUP) is signal.getsignal(signal.SIGTERM) is not before
    assert signal.getsignal(signal.SIGHUP) is before


def test_a_folder_without_a_profile_is_refused_because_snakemake_would_ignore_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(build.shutil, "which", lambda program: program)
    profile = "profiles/slurm"
    assert given_profile("") == {} and given_profile(profile)["executor"] == "slurm"
    with pytest.raises(UserError):
        given_profile(str(tmp_path))


@pytest.mark.parametrize(
    ("profile", "cores", "passed_on"),
    [
        ("executor: cluster-generic", "all", False),
        ("executor: cluster-generic", "3", True),
        ("retries: 1", "all", True),
        ("cores: 1", "all", False),
    ],
)
def test_a_number_of_cores_is_passed_on_where_it_is_given_or_a_profile_runs_jobs_here(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, profile: str, cores: str, passed_on: bool
):
    commands: list[list[str]] = []
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr(build, "run", lambda command, estimate: commands.append(command) or 1)
    (tmp_path / "config.yaml").write_text(profile)
    words = ["build", "luther2019_theory", "--preset", "smoke", "--profile", str(tmp_path)]
    monkeypatch.setattr(sys, "argv", [*words, "--cores", cores])
    assert build.main() == 1
    assert ("--cores" in commands[0]) == passed_on


@pytest.mark.slow
def test_a_job_that_fails_is_named_by_make_with_its_own_sentence_and_log(unbuilt_copy: Project):
    unbuilt_copy.append(
        "papers/luther2019/theory/compute.py", "raise ValueError('broken on purpose')"
    )
    command = making("luther2019_theory")
    done = unbuilt_copy.run(command)
    assert done.returncode == 1 and "Traceback" not in done.text, done.text
    assert "'luther2019_theory_parts' failed" in done.text and "broken on purpose" in done.text
    assert "see results/smoke/logs/tables/luther2019/theory/" in done.text, done.text
    assert "killed" not in done.text

"""What `make` says of jobs that failed or wait for ever, from what Snakemake and Slurm print."""

from pathlib import Path
from types import SimpleNamespace

import pytest

import job_resources
import slurm_words
from build import Estimate, given_profile
from failures import Failures
from pipeline.runs import explain_lock
from study.errors import UserError

PROFILE = Path("workflow/profiles/slurm")
NODES = ["cpu|8000|1-00:00:00", "cpu|16000+|1-00:00:00", "gpu|8000|1:00:00"]


@pytest.fixture(autouse=True)
def _answers_of_slurm(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = {"sinfo": NODES, "squeue": ["1200M"]}
    monkeypatch.setattr(slurm_words, "_answer", lambda *command: answers.get(command[0], []))


def refused(said: str, options: str = "-p cpu -t 6 --mem 600") -> list[str]:
    """Return Snakemake's report of a job that sbatch does not take."""
    return [
        "Error in rule hanin2018_conv_parts:",
        f"    message: SLURM sbatch failed. The error message was 'sbatch: error: {said}",
        f"sbatch: error: Batch job submission failed: {said}'.",
        "    sbatch call:",
        f"        sbatch --parsable --job-name x --export=ALL   {options} --ntasks=1",
        "    jobid: 1",
    ]


def ended(state: str, log: Path) -> list[str]:
    """Return Snakemake's report of a Slurm job that ended as `state`."""
    return [
        "Error in rule hanin2018_conv_parts:",
        f"    message: SLURM-job '12' failed, SLURM status is: '{state}'. Detailed failure reason "
        "unavailable (status command is not 'sacct').For further error details see the log",
        f"    log: results/nowhere.log, {log} (check log file(s) for error details)",
        "    external_jobid: 12",
    ]


def said(lines: list[str]) -> str:
    """Return what is printed of these lines of Snakemake's output."""
    failures = Failures(PROFILE)
    printed = [text for line in lines for text in failures.read(line)[0]]
    return "\n".join([*printed, *failures.end()])


@pytest.mark.parametrize(
    ("report", "words"),
    [
        (
            refused("Invalid partition name specified", "-p nosuch -t 6 --mem 600"),
            ["no partition 'nosuch'; there are: cpu, gpu", "partitions.yaml"],
        ),
        (
            refused("Invalid account or account/partition combination specified", "-A me -p cpu"),
            ["given: me", "slurm_account in workflow/profiles/slurm/config.v9+.yaml"],
        ),
        (
            refused("Memory specification can not be satisfied", "-p cpu -t 6 --mem 90000"),
            ["'cpu' has the 90000 MB", "the largest has 16000 MB", "partitions.yaml"],
        ),
        (
            refused("Requested time limit is invalid", "-p gpu -t 600 --mem 600"),
            ["'gpu' has a time limit of 1:00:00", "600 minutes", "max_runtime"],
        ),
        (refused("Job violates accounting policy"), ["Job violates accounting policy", "cpu, gpu"]),
    ],
    ids=["partition", "account", "memory", "time", "other"],
)
def test_a_job_that_slurm_refuses_is_explained_with_the_file_to_edit(report, words):
    text = said(report)
    assert text.startswith("deepinit: the step 'hanin2018_conv_parts' failed: ")
    for word in words:
        assert word in text, text


def test_an_account_that_the_plugin_refuses_is_explained_with_those_there_are():
    report = [
        "Error in rule hanin2018_conv_parts:",
        "    message: Job submission failed with exception: The given account x appears to be "
        "invalid. Available accounts:",
        "physics",
    ]
    assert "the account 'x'; yours are: physics" in said(report)


@pytest.mark.parametrize(
    ("state", "log", "words"),
    [
        (
            "FAILED",
            "error: StepId=12.0 exceeded memory limit (209715200 > 104857600)",
            "for 100 MB",
        ),
        ("OUT_OF_MEMORY", "error: Detected 1 oom_kill event in StepId=12.0.", "for 1200MB"),
        ("TIMEOUT", "error: *** JOB 12 ON n1 CANCELLED AT … DUE TO TIME LIMIT ***", "time limit"),
        ("CANCELLED", "error: *** JOB 12 ON n1 CANCELLED AT 2026-01-01 ***", "was cancelled"),
        ("NODE_FAIL", "", "the node of Slurm job 12 has failed"),
        (
            "FAILED",
            "deepinit: scripts/x.py failed: no space left to write y\nWorkflowError:",
            "scripts/x.py failed: no space left to write y",
        ),
        ("FAILED", "a\nsegmentation fault\n", "its log ends: segmentation fault"),
    ],
)
def test_a_job_that_ended_early_is_explained_by_its_log(state, log, words, tmp_path: Path):
    file = tmp_path / "12.log"
    file.write_text(log)
    text = said(ended(state, file))
    assert words in text
    assert f"see {file}" in text


def test_a_job_that_is_tried_again_is_not_called_failed_and_several_share_one_cause(tmp_path: Path):
    report = ended("NODE_FAIL", tmp_path / "12.log")
    again = said([*report, "Trying to restart job 3."])
    assert (
        again == "    hanin2018_conv_parts: the node of Slurm job 12 has failed; it is tried again"
    )
    wrong = refused("Invalid partition name specified", "-p nosuch")
    text = said([*wrong, "Trying to restart job 3.", *wrong, "Select jobs to execute...", *wrong])
    assert text.count("nosuch") == 1


def submitted(job: int, fits: bool) -> list[str]:
    """Return what Snakemake prints of a job that Slurm takes."""
    rule = "hanin2018_fig1b_parts"
    chosen = (
        f"Auto-selected partition 'cpu' for job {rule} with score 0.100"
        if fits
        else f"No suitable partition found for job {rule} based on resource requirements. "
        "Falling back to default behavior."
    )
    return [chosen, f"Job 3 has been submitted with SLURM jobid {job} (log: x/{job}.log)."]


def test_a_job_that_fits_into_no_partition_is_named_with_what_it_asks_for_and_what_to_edit(
    monkeypatch: pytest.MonkeyPatch,
):
    asks = {"7": ["short|2-00:00:00|800M"], "8": ["short|2-00:00:00|800M"], "9": []}

    def answer(*command: str) -> list[str]:
        return asks[command[5]] if command[0] == "squeue" else NODES

    monkeypatch.setattr(slurm_words, "_answer", answer)
    text = said([*submitted(6, fits=True), *submitted(7, fits=False), *submitted(8, fits=False)])
    assert text.startswith("deepinit: the step 'hanin2018_fig1b_parts' may never start: it asks ")
    assert "2-00:00:00 of time and 800MB of memory" in text and "partition 'short'" in text
    assert "max_runtime, max_mem_mb or max_gpu in workflow/profiles/slurm/partitions.yaml" in text
    assert "--set-resources hanin2018_fig1b_parts:runtime=MINUTES" in text
    assert "from its checkpoint" in text and text.count("may never start") == 1
    assert "Slurm's default partition" in said(submitted(9, fits=False))
    # It has not failed; and if Slurm refuses it after all, that alone is said.
    failures = Failures(PROFILE)
    assert [failures.read(line)[1] for line in submitted(7, fits=False)] == [True, False]
    assert not failures.found
    unfit, taken = submitted(7, fits=False)
    assert "never" not in said([unfit, *refused("Requested time limit is invalid"), taken])


@pytest.mark.parametrize(
    ("part", "grown"), [({"data": "mnist"}, [60, 60, 60]), ({"depth": 3}, [60, 120, 240])]
)
def test_only_what_keeps_no_checkpoint_asks_for_more_time_at_a_new_attempt(
    part: dict, grown: list[int], monkeypatch: pytest.MonkeyPatch
):
    section = SimpleNamespace(minutes=60, parts=lambda: {"a": part})
    config = SimpleNamespace(figures=lambda: {"paper": {"figure": section}})
    monkeypatch.setattr(job_resources, "cost", lambda *asked: None)
    minutes = job_resources.part_minutes(None, config, "paper", "figure")
    assert [minutes(SimpleNamespace(part="a"), attempt) for attempt in (1, 2, 3)] == grown


@pytest.mark.parametrize("submitting", [True, False])
def test_after_a_killed_run_its_slurm_jobs_are_cancelled_before_the_folder_is_unlocked(
    submitting: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    log, lock = (Path(".snakemake") / name for name in ("log", "locks/0.output.lock"))
    for path in (log, lock.parent):
        path.mkdir(parents=True)
    head = ["  Host: login1", "  Command: snakemake all", "", "Building DAG of jobs..."]
    head += ["SLURM run ID: da7e1361-61e5"] if submitting else []
    (log / "2026-01-01T000000.000000.snakemake.log").write_text("\n".join(head))
    lock.write_text("results/smoke/x\n")
    text = explain_lock(tmp_path)
    assert "The last one was started on login1: snakemake all." in text
    cancel = text.find("'scancel --name=da7e1361-61e5'")
    assert 0 < cancel < text.find("'make unlock'") if submitting else "scancel" not in text


def test_lines_after_a_report_are_no_part_of_it():
    failures = Failures()
    assert failures.read("Error in rule gather:") == ([], True)
    assert failures.read("    jobid: 1") == ([], True)
    said, part = failures.read("Finished jobid: 2 (Rule: all)")
    assert said == ["deepinit: the step 'gather' failed"] and not part
    assert failures.end() == [] and failures.found


def test_a_profile_that_is_not_there_is_said_because_snakemake_would_ignore_it(tmp_path: Path):
    assert given_profile("") is None
    assert given_profile(str(PROFILE)) == PROFILE
    with pytest.raises(UserError, match="there is no profile in"):
        given_profile(str(tmp_path))


def test_nothing_is_said_of_the_time_left_where_jobs_wait_in_queues():
    assert Estimate({}).ending() == ", all done"
    assert Estimate({}, queued=True).ending() == ""

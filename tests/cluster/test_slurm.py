"""The shipped Slurm profile, on a real Slurm: the same figures, whatever happens to jobs."""

import json

import pytest
import yaml
from project import ROOT, Project
from slurm_cluster import SlurmCluster
from submitting import PROFILE, Submitting

pytestmark = pytest.mark.slow

#: A table in two parts.
TABLE = "results/smoke/tables/marion2025/fig1.parquet"


def assert_same_bytes(submitting: Submitting, built: Project) -> list[str]:
    """Assert that all files there are have the bytes of the local build; return their names."""
    ours, theirs = submitting.project.outcome(), built.outcome()
    assert [name for name in ours if ours[name] != theirs[name]] == []
    return list(ours)


def test_a_figure_made_through_slurm_has_the_bytes_of_a_local_build(
    submitting: Submitting, built: Project
):
    """One of trained networks."""
    done = submitting.snakemake("marion2025_fig8")
    assert done.returncode == 0, done.text
    assert "figures/marion2025/fig8.pdf" in assert_same_bytes(submitting, built)
    # Parts of tables are submitted, all else runs here.
    (submitted,) = submitting.jobs("all")
    assert "marion2025_fig8_parts_" in submitted["comment"]


def test_two_gpu_jobs_at_once_get_devices_of_their_own(
    submitting: Submitting, cluster: SlurmCluster
):
    cluster.run("scontrol", "update", "nodename=g1", "state=drain", "reason=test")
    submitting.start(TABLE, set_resources={"marion2025_fig1_parts": {"gpu": 1}})
    waiting = submitting.wait_for(
        lambda: len(jobs := submitting.jobs("PENDING")) == 2 and jobs, "two waiting jobs"
    )
    assert [job["partition"] for job in waiting] == ["gpu", "gpu"]
    cluster.run("scontrol", "update", "nodename=g1", "state=resume")
    submitting.wait_for(lambda: len(submitting.jobs("RUNNING")) == 2, "two running jobs")
    done = submitting.finish()
    assert done.returncode == 0, done.text
    logs = submitting.project.results / "logs/tables/marion2025/fig1"
    devices = [json.loads(file.read_text())["visible_devices"] for file in logs.glob("*.json")]
    assert sorted(devices) == ["0", "1"]


def test_a_job_short_of_memory_gets_more_each_time_and_is_then_reported_with_its_log(
    submitting: Submitting,
):
    memory = {"luther2019_theory_parts": {"mem_mb": "25 * 2 ** (attempt - 1)"}}
    waits = {"slurm_init_seconds_before_status_checks": 3}
    done = submitting.make("luther2019_theory", set_resources=memory, **waits)
    assert [job["memory"] for job in submitting.jobs("all")] == ["25M", "50M", "100M"]
    assert done.returncode != 0 and "Traceback" not in done.text, done.text
    assert "'luther2019_theory_parts' failed: SLURM-job" in done.text
    assert "see " in done.text and done.text.count("it is tried again") == 2


def test_an_interrupted_run_leaves_no_job_and_the_next_ends_with_the_same_bytes(
    submitting: Submitting, cluster: SlurmCluster, built: Project
):
    # Only one of the two jobs fits into the memory of the node that is left.
    cluster.run("scontrol", "update", "nodename=n2", "state=drain", "reason=test")
    submitting.start(TABLE, set_resources={"marion2025_fig1_parts": {"mem_mb": 5000}})
    submitting.hold_work(1)
    submitting.wait_for(lambda: submitting.jobs("PENDING"), "waiting job")
    done = submitting.interrupt()
    assert done.returncode != 0 and "Traceback" not in done.text, done.text
    submitting.wait_for_no_jobs()
    assert [job["state"] for job in submitting.jobs("all")] == ["CANCELLED"] * 2
    assert_same_bytes(submitting, built)
    cluster.run("scontrol", "update", "nodename=n2", "state=resume")
    again = submitting.snakemake(TABLE)
    assert again.returncode == 0, again.text
    assert "tables/marion2025/fig1.parquet" in assert_same_bytes(submitting, built)


def test_a_partition_that_is_not_there_is_named_once(submitting: Submitting):
    done = submitting.make("luther2019_theory", partitions={"nosuch": {"max_runtime": "7d"}})
    assert done.returncode != 0 and "Traceback" not in done.text, done.text
    assert done.text.count("invalid partition specified: nosuch") == 1, done.text


def test_the_profile_keeps_what_the_default_profile_gives():
    default = yaml.safe_load((ROOT / "profiles/default/config.yaml").read_text())
    slurm = yaml.safe_load((PROFILE / "config.v9+.yaml").read_text())
    assert {key: slurm.get(key) for key in default} == default

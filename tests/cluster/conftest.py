"""A Slurm cluster for the tests of this folder, and the project submitting to it."""

from collections.abc import Iterator

import pytest
from project import Project
from slurm_cluster import SlurmCluster, missing_programs
from submitting import Submitting


@pytest.fixture(scope="session")
def running_cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SlurmCluster]:
    """Return a Slurm of three nodes that runs for this session only."""
    if missing := missing_programs():
        pytest.skip(f"Slurm is not installed ({', '.join(missing)} missing): see .ci/run")
    cluster = SlurmCluster(tmp_path_factory.mktemp("slurm"))
    try:
        cluster.start()
        yield cluster
    finally:
        cluster.stop()


@pytest.fixture
def cluster(running_cluster: SlurmCluster) -> Iterator[SlurmCluster]:
    """Return the cluster with all nodes up and no jobs, and leave it so."""
    try:
        yield running_cluster
    finally:
        running_cluster.clear()


@pytest.fixture
def submitting(cluster: SlurmCluster, unbuilt_copy: Project) -> Iterator[Submitting]:
    """Return an unbuilt copy of the project that submits its jobs to the cluster."""
    submitting = Submitting(unbuilt_copy, cluster)
    try:
        yield submitting
    finally:
        submitting.end()

"""Complete data sets: from the user's folder or the network to the jobs that read them."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from project import Project
from small_data import cifar10_archive, md5, small_cifar10, small_mnist
from small_server import SmallServer, small_server

from scripts import fetch_data
from study.datasets import cifar10, mnist
from study.datasets.cifar10 import CIFAR10_ARCHIVE, CIFAR10_FOLDER
from study.datasets.mnist import MNIST_FILES
from study.errors import UserError
from study.job import Job
from study.tables import read_table

FILES, SUMS = small_mnist(packed=True)
CIFAR10_FILES, _ = small_cifar10()
CIFAR10_SUMS = {name: md5(content) for name, content in CIFAR10_FILES.items()}
ARCHIVE = cifar10_archive(CIFAR10_FILES)
MNIST = "results/data/mnist.npz"
CIFAR10 = "results/data/cifar10.npz"
TABLE = "results/smoke/tables/hanin2018/fig1b.parquet"
ON_MNIST = "hanin2018={fig1b: {data: mnist, max_epochs: 1, laws: [he_normal]}}"
SOURCES = """
from study.datasets.cifar10 import CIFAR10_ARCHIVE, CIFAR10_ARCHIVE_MD5
from study.datasets.mnist import MNIST_MD5_PACKED
from study.download import RemoteFile

FOLDERS = ("{address}first/", "{address}second/")
MNIST_REMOTE = {{
    name: RemoteFile(f"{{name}}.gz", digest, tuple(f"{{f}}{{name}}.gz" for f in FOLDERS))
    for name, digest in MNIST_MD5_PACKED.items()
}}
CIFAR10_REMOTE = RemoteFile(CIFAR10_ARCHIVE, CIFAR10_ARCHIVE_MD5, ("{address}" + CIFAR10_ARCHIVE,))
"""


@pytest.fixture
def server() -> Iterator[SmallServer]:
    with small_server() as running:
        running.files = {f"second/{name}": content for name, content in FILES.items()}
        running.files[CIFAR10_ARCHIVE] = ARCHIVE
        yield running


@pytest.fixture
def project(unbuilt_copy: Project, server: SmallServer) -> Project:
    """Return a copy that takes small data sets, and those from the server of this test."""
    unbuilt_copy.append("study/datasets/mnist.py", f"MNIST_MD5_PACKED = {SUMS}")
    unbuilt_copy.append(
        "study/datasets/cifar10.py",
        f"CIFAR10_MD5 = {CIFAR10_SUMS}\nCIFAR10_ARCHIVE_MD5 = {md5(ARCHIVE)!r}",
    )
    (unbuilt_copy.path / "workflow/pipeline/data_sources.py").write_text(
        SOURCES.format(address=server.address)
    )
    return unbuilt_copy


@pytest.fixture
def _small_sets(monkeypatch: pytest.MonkeyPatch, server: SmallServer) -> None:
    """Let this process do the same."""
    monkeypatch.setattr(mnist, "MNIST_MD5_PACKED", SUMS)
    monkeypatch.setattr(cifar10, "CIFAR10_MD5", CIFAR10_SUMS)
    monkeypatch.setattr(cifar10, "CIFAR10_ARCHIVE_MD5", md5(ARCHIVE))
    exec(SOURCES.format(address=server.address), sources := {})
    for name in ("MNIST_REMOTE", "CIFAR10_REMOTE"):
        monkeypatch.setattr(fetch_data, name, sources[name])


def fetched(data_set: str, where: Path, folder: Path | None = None) -> bytes:
    """Return the file of a data set, made below `where` by its job, which may be given a folder."""
    output, inputs = where / f"{data_set}.npz", {"folder": [folder]} if folder else {}
    spec = {"data_set": data_set}
    fetch_data.run(Job("scripts/fetch_data.py", spec, inputs, [output], io.StringIO()))
    return output.read_bytes()


@pytest.mark.usefixtures("_small_sets")
def test_a_folder_that_lacks_a_file_has_only_that_one_fetched(server: SmallServer, tmp_path: Path):
    given, lacking = tmp_path / "given", f"{MNIST_FILES[2]}.gz"
    given.mkdir()
    for name in FILES.keys() - {lacking}:
        (given / name).write_bytes(FILES[name])
    assert fetched("mnist", tmp_path, given)
    assert server.requests == [f"first/{lacking}", f"second/{lacking}"]
    assert {path.name for path in given.iterdir()} == FILES.keys() - {lacking}


@pytest.mark.usefixtures("_small_sets")
def test_a_folder_that_is_not_there_or_has_a_damaged_file_is_told(tmp_path: Path):
    for name, content in FILES.items():
        (tmp_path / name).write_bytes(content[:-1] + b"?")
    for folder, said in (
        (tmp_path / "nowhere", f"data_folder: .*{tmp_path}/nowhere"),
        (tmp_path, rf"{tmp_path}/{MNIST_FILES[0]}\.gz is damaged"),
    ):
        with pytest.raises(UserError, match=said):
            fetched("mnist", tmp_path, folder)
    assert not (tmp_path / "mnist.npz").exists()


@pytest.mark.usefixtures("_small_sets")
def test_what_is_missing_is_told_with_every_address_and_the_way_out(
    server: SmallServer, tmp_path: Path
):
    del server.files[f"second/{MNIST_FILES[1]}.gz"]
    server.plans[CIFAR10_ARCHIVE] = [b"other"] * 9
    address = f"{server.address}%s/{MNIST_FILES[1]}.gz: 404"
    for data_set, said in {
        "mnist": [f"{MNIST_FILES[1]}.gz could not be", address % "first", address % "second"],
        "cifar10": [f"{CIFAR10_ARCHIVE} could not be", f"{server.address}{CIFAR10_ARCHIVE}: "],
    }.items():
        with pytest.raises(UserError) as refused:
            fetched(data_set, tmp_path)
        assert all(word in str(refused.value) for word in (*said, "--config data_folder="))
    assert sorted(path.name for path in tmp_path.rglob("*.*z")) == [f"{MNIST_FILES[0]}.gz"]


@pytest.mark.slow
def test_mnist_from_a_server_that_breaks_off_trains_and_is_not_asked_for_again(
    project: Project, server: SmallServer, tmp_path: Path
):
    images = f"second/{MNIST_FILES[0]}.gz"
    server.plans[images] = [3_000]
    done = project.snakemake("--cores", "2", TABLE, config=(ON_MNIST,))
    assert done.returncode == 0, done.text
    assert f"deepinit: {server.address}{images}: " in done.text
    assert server.requests.count(images) == 2
    assert set(read_table(project.path / TABLE)["law"]) == {"he_normal"}
    first = (project.path / MNIST).read_bytes()

    # Neither another folder, nor another time, nor its absence makes finished results again.
    elsewhere = (ON_MNIST, f"data_folder={tmp_path}")
    (project.path / MNIST).touch()
    assert project.planned(TABLE, config=elsewhere) == {}
    (project.path / MNIST).unlink()
    assert project.planned(TABLE, config=(ON_MNIST,)) == {}

    # A job that needs the deleted file gets it from what was downloaded, without the network.
    part = (project.path / TABLE).with_suffix("") / "depth0005.parquet"
    part.unlink()
    before = len(server.requests)
    done = project.snakemake(
        "--cores", "2", str(part.relative_to(project.path)), config=(ON_MNIST,)
    )
    assert done.returncode == 0, done.text
    assert len(server.requests) == before and (project.path / MNIST).read_bytes() == first


@pytest.mark.slow
@pytest.mark.usefixtures("_small_sets")
def test_a_complete_folder_needs_no_network_and_gives_the_same_bytes_as_a_download(
    project: Project, server: SmallServer, tmp_path: Path
):
    for folder, files in (("MNIST/raw", FILES), (CIFAR10_FOLDER, CIFAR10_FILES)):
        (tmp_path / "data" / folder).mkdir(parents=True)
        for name, content in files.items():
            (tmp_path / "data" / folder / name).write_bytes(content)
    given = (f"data_folder={tmp_path / 'data'}",)
    done = project.snakemake("--cores", "2", MNIST, CIFAR10, config=given)
    assert done.returncode == 0, done.text
    assert server.requests == []
    for data_set, path in (("mnist", MNIST), ("cifar10", CIFAR10)):
        assert fetched(data_set, tmp_path) == (project.path / path).read_bytes()
    assert len(server.requests) >= 5

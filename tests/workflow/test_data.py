"""Complete data sets: from the user's folder or the network to the jobs that read them."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from project import Project, assert_says
from small_data import cifar10_archive, md5, small_cifar10, small_mnist
from small_server import SmallServer, small_server

from scripts import fetch_data
from study.datasets import mnist
from study.datasets.cifar10 import CIFAR10_ARCHIVE, CIFAR10_FOLDER
from study.datasets.mnist import MNIST_FILES
from study.download import RemoteFile
from study.errors import UserError
from study.job import Job
from study.tables import read_table

FILES, SUMS = small_mnist(packed=True)
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
        yield running


@pytest.fixture
def project(unbuilt_copy: Project, server: SmallServer) -> Project:
    """Return a copy that takes small data sets, and those from the server of this test."""
    unbuilt_copy.append("study/datasets/mnist.py", f"MNIST_MD5_PACKED = {SUMS}")
    files, _ = small_cifar10()
    archive = cifar10_archive(files)
    sums = {name: md5(content) for name, content in files.items()}
    unbuilt_copy.append(
        "study/datasets/cifar10.py",
        f"CIFAR10_MD5 = {sums}\nCIFAR10_ARCHIVE_MD5 = {md5(archive)!r}",
    )
    (unbuilt_copy.path / "workflow/pipeline/data_sources.py").write_text(
        SOURCES.format(address=server.address)
    )
    server.files = {f"second/{name}": content for name, content in FILES.items()}
    server.files[CIFAR10_ARCHIVE] = archive
    return unbuilt_copy


def test_a_folder_that_lacks_a_file_has_only_that_one_fetched(tmp_path, monkeypatch):
    monkeypatch.setattr(mnist, "MNIST_MD5_PACKED", SUMS)
    given, elsewhere = tmp_path / "given", tmp_path / "elsewhere"
    for folder in (given, elsewhere):
        folder.mkdir()
        for name, content in FILES.items():
            (folder / name).write_bytes(content)
    lacking = f"{MNIST_FILES[2]}.gz"
    (given / lacking).unlink()
    fetched = []

    def fetch_file(remote: RemoteFile) -> Path:
        fetched.append(remote.name)
        return elsewhere / remote.name

    images = fetch_data.mnist(given, fetch_file)
    assert fetched == [lacking]
    assert images.test_images.shape == (20, 1, 28, 28)
    assert sorted(path.name for path in given.iterdir()) == sorted(FILES.keys() - {lacking})


def test_a_folder_that_is_not_there_or_has_a_damaged_file_is_told(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(mnist, "MNIST_MD5_PACKED", SUMS)
    for name, content in FILES.items():
        (tmp_path / name).write_bytes(content[:-1] + b"?")
    output = tmp_path / "mnist.npz"
    for folder, said in (
        (tmp_path / "nowhere", f"data_folder: .*{tmp_path}/nowhere"),
        (tmp_path, rf"{tmp_path}/{MNIST_FILES[0]}\.gz is damaged"),
    ):
        spec, inputs = {"data_set": "mnist"}, {"folder": [folder]}
        with pytest.raises(UserError, match=said):
            fetch_data.run(Job("scripts/fetch_data.py", spec, inputs, [output], io.StringIO()))
    assert not output.exists()


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
def test_a_complete_folder_needs_no_network_and_gives_the_same_bytes_as_a_download(
    project: Project, server: SmallServer, tmp_path: Path
):
    for folder, files in (
        ("MNIST/raw", FILES),
        (CIFAR10_FOLDER, small_cifar10()[0]),
    ):
        (tmp_path / "data" / folder).mkdir(parents=True)
        for name, content in files.items():
            (tmp_path / "data" / folder / name).write_bytes(content)
    given = (f"data_folder={tmp_path / 'data'}",)
    done = project.snakemake("--cores", "2", MNIST, CIFAR10, config=given)
    assert done.returncode == 0, done.text
    assert server.requests == []
    contents = [(project.path / path).read_bytes() for path in (MNIST, CIFAR10)]
    for path in (MNIST, CIFAR10):
        (project.path / path).unlink()
    done = project.snakemake("--cores", "2", MNIST, CIFAR10)
    assert done.returncode == 0, done.text
    assert len(server.requests) >= 5
    assert [(project.path / path).read_bytes() for path in (MNIST, CIFAR10)] == contents


@pytest.mark.slow
def test_what_is_missing_is_told_with_every_address_and_the_way_out(
    project: Project, server: SmallServer
):
    del server.files[f"second/{MNIST_FILES[1]}.gz"]
    server.plans[CIFAR10_ARCHIVE] = [b"other"] * 9
    done = project.snakemake("--cores", "1", MNIST, CIFAR10)
    assert_says(
        done,
        "deepinit: scripts/fetch_data.py failed: train-labels-idx1-ubyte.gz could not be",
        f"{server.address}first/train-labels-idx1-ubyte.gz: 404",
        f"{server.address}second/train-labels-idx1-ubyte.gz: 404",
        "cifar-10-python.tar.gz could not be",
        "--config data_folder=",
    )
    data = project.path / "results/data"
    assert sorted(path.name for path in data.rglob("*.*z")) == [f"{MNIST_FILES[0]}.gz"]

"""Downloads end with the whole and right file, or with none and a reason per address."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from small_server import SmallServer, small_server

from study.download import RemoteFile, fetch
from study.errors import UserError

CONTENT = np.random.default_rng(1).bytes(50_000)
BREAK = 20_000


@pytest.fixture
def server() -> Iterator[SmallServer]:
    with small_server() as running:
        running.files = {"a": CONTENT, "b": CONTENT}
        yield running


def get(server: SmallServer, folder: Path, *paths: str, **options) -> Path:
    """Fetch the file from some paths of the server."""
    md5 = hashlib.md5(CONTENT, usedforsecurity=False).hexdigest()
    remote = RemoteFile("file", md5, tuple(server.address + path for path in paths))
    return fetch(remote, folder, **options)


def test_a_file_is_downloaded_once_and_again_if_it_is_damaged(server: SmallServer, tmp_path: Path):
    for _ in range(2):
        assert get(server, tmp_path, "a").read_bytes() == CONTENT
    assert server.requests == ["a"]
    (tmp_path / "file").write_bytes(CONTENT[:-1] + b"?")
    assert get(server, tmp_path, "a").read_bytes() == CONTENT
    assert list(tmp_path.iterdir()) == [tmp_path / "file"]


@pytest.mark.parametrize("fault", [BREAK, 503, 404, b"<html>Please log in</html>", b""])
def test_what_one_address_does_not_give_the_next_one_does(
    server: SmallServer, tmp_path: Path, fault: int | bytes
):
    server.plans["a"] = [fault] * 9
    said: list[str] = []
    assert get(server, tmp_path, "a", "b", say=said.append).read_bytes() == CONTENT
    assert server.requests == ["a", "b"] and f"{server.address}a" in said[0]


@pytest.mark.parametrize("fault", [BREAK, 503, 404, b"other"])
def test_nothing_is_left_of_a_failure_and_its_reason_is_told(
    server: SmallServer, tmp_path: Path, fault: int | bytes
):
    server.plans["a"] = [fault]
    with pytest.raises(UserError) as error:
        get(server, tmp_path, "a")
    assert list(tmp_path.iterdir()) == []
    assert f"{server.address}a: " in str(error.value) and "\n" not in str(error.value)


def test_a_certificate_bundle_that_is_not_there_is_a_reason_and_no_traceback(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/nowhere/ca.pem")
    remote = RemoteFile("file", "0" * 32, ("https://127.0.0.1:9/a",))
    with pytest.raises(UserError, match=r"/nowhere/ca\.pem"):
        fetch(remote, tmp_path)


def test_a_folder_that_cannot_be_written_to_is_no_fault_of_the_network(
    server: SmallServer, tmp_path: Path
):
    (tmp_path / "file").touch()
    with pytest.raises(OSError, match="file"):
        get(server, tmp_path / "file", "a")

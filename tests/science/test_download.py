"""Downloads from a server that breaks off, lies, errs and recovers: whole and right, or nothing."""

import hashlib
import socket
from collections.abc import Iterator
from pathlib import Path

import faulty_server as answers
import numpy as np
import pytest
from faulty_server import FaultyServer, faulty_server

from study import download, http_range
from study.download import DownloadError, Patience, RemoteFile, fetch

CONTENT = np.random.default_rng(1).bytes(50_000)
SIZE = len(CONTENT)
QUICK = Patience(rounds=4, pause=1.0, answer=0.3, rate=0.0)


@pytest.fixture(scope="module")
def running() -> Iterator[FaultyServer]:
    with faulty_server() as server:
        yield server


@pytest.fixture
def server(running: FaultyServer) -> FaultyServer:
    """Return a server that has the file "a" and its copy "b", no plans and no past."""
    running.files = {"a": CONTENT, "b": CONTENT}
    running.plans = {}
    running.requests.clear()
    return running


class Call:
    """A call of `fetch`, its pauses noted and not waited for."""

    def __init__(self, server: FaultyServer, folder: Path) -> None:
        self.server, self.folder = server, folder
        self.pauses: list[float] = []
        self.said: list[str] = []
        self.target, self.partial = folder / "file", folder / "file.partial"

    def __call__(self, *paths: str, patience: Patience = QUICK) -> Path:
        remote = RemoteFile(
            name="file",
            md5=hashlib.md5(CONTENT, usedforsecurity=False).hexdigest(),
            size=SIZE,
            addresses=tuple(self.server.address + path for path in paths or ("a",)),
        )
        return fetch(
            remote,
            self.folder,
            patience=patience,
            say=self.said.append,
            sleep=self.pauses.append,
        )

    def gets_it(self, *paths: str) -> None:
        """Assert that the call ends with the right file and nothing else."""
        assert self(*paths) == self.target
        assert self.target.read_bytes() == CONTENT
        assert list(self.folder.iterdir()) == [self.target]


@pytest.fixture
def call(server: FaultyServer, tmp_path: Path) -> Call:
    return Call(server, tmp_path / "downloads")


def test_a_file_is_downloaded_once_and_then_not_asked_for_again(server, call):
    call.gets_it()
    call.gets_it()
    assert server.requests == [("a", 0)] and call.pauses == []


def test_after_a_break_only_the_rest_is_asked_for(server, call):
    server.plans["a"] = [answers.breaking_off(20_000), answers.breaking_off(5_000)]
    call.gets_it()
    assert server.requests == [("a", 0), ("a", 20_000), ("a", 25_000)]
    assert "20000 of 50000 bytes" in call.said[0]


def test_a_silent_line_counts_as_a_break(server, call):
    server.plans["a"] = [answers.breaking_off(20_000, seconds=1.0)]
    call.gets_it()
    assert server.requests == [("a", 0), ("a", 20_000)]


def test_the_next_call_goes_on_where_the_last_one_gave_up(server, call):
    server.plans["a"] = [answers.breaking_off(30_000), *[answers.status(503)] * 3]
    with pytest.raises(DownloadError, match="30000 of its 50000 bytes are kept"):
        call()
    assert list(call.folder.iterdir()) == [call.partial]
    server.requests.clear()
    call.gets_it()
    assert server.requests == [("a", 30_000)]


def test_another_address_goes_on_with_what_the_first_has_sent(server, call):
    server.plans["a"] = [answers.breaking_off(30_000)]
    call.gets_it("a", "b")
    assert server.requests == [("a", 0), ("b", 30_000)] and call.pauses == []


def test_a_server_that_ignores_the_range_makes_it_start_over(server, call):
    server.plans["a"] = [answers.breaking_off(20_000), answers.ignoring_the_range]
    call.gets_it()


def test_a_server_that_sends_another_range_makes_it_start_over(server, call):
    server.plans["a"] = [answers.breaking_off(20_000), answers.another_range]
    call.gets_it()
    assert server.requests == [("a", 0), ("a", 20_000), ("a", 0)]


@pytest.mark.parametrize("size", [20_000, SIZE, 60_000])
def test_a_wrong_partial_file_is_found_out_and_does_no_harm(server, call, size: int):
    call.folder.mkdir()
    call.partial.write_bytes(bytes(size))
    call.gets_it()
    assert server.requests[-1] == ("a", 0)


def test_a_complete_partial_file_needs_no_network(server, call):
    call.folder.mkdir()
    call.partial.write_bytes(CONTENT)
    call.gets_it()
    assert server.requests == []


def test_a_damaged_file_is_downloaded_anew(server, call):
    call.folder.mkdir()
    call.target.write_bytes(CONTENT[:-1] + b"?")
    call.gets_it()
    assert "is damaged" in call.said[0]


@pytest.mark.parametrize("code", [503, 429, 500])
def test_a_server_that_is_not_ready_is_asked_again_after_growing_pauses(server, call, code: int):
    server.plans["a"] = [answers.status(code)] * 3
    call.gets_it()
    assert call.pauses == [1, 2, 4]


@pytest.mark.parametrize("code", [404, 403, 410])
def test_an_address_without_the_file_is_left_for_the_next_and_not_asked_again(
    server, call, code: int
):
    server.plans = {"a": [answers.status(code)], "b": [answers.status(503)]}
    call.gets_it("a", "b")
    assert [path for path, _ in server.requests] == ["a", "b", "b"]


@pytest.mark.parametrize(
    "answer",
    [
        answers.serving(CONTENT[:-1] + b"?"),
        answers.serving(b"<html>Please log in</html>"),
        answers.serving(CONTENT + b"more"),
        answers.claiming(SIZE - 1_000),
        answers.claiming(SIZE + 1_000),
        answers.serving(b""),
    ],
    ids=["other bytes", "a page", "too long", "claims less", "claims more", "nothing"],
)
def test_wrong_bytes_and_wrong_lengths_are_left_for_the_next_address(server, call, answer):
    server.plans["a"] = [answer] * 9
    call.gets_it("a", "b")
    with pytest.raises(DownloadError, match=r"/a: it"):
        Call(server, call.folder / "alone")("a")
    assert list((call.folder / "alone").iterdir()) == []


def test_a_page_in_place_of_the_rest_leaves_what_was_right(server, call):
    server.plans = {"a": [answers.breaking_off(20_000)], "b": [answers.serving(b"<html>" * 9)]}
    call.gets_it("a", "b")
    assert server.requests == [("a", 0), ("b", 20_000), ("a", 20_000)]


def test_an_answer_without_length_may_end_early_or_never(server, call, monkeypatch):
    server.plans["a"] = [answers.without_length(20_000)]
    call.gets_it()
    endless = Call(server, call.folder / "endless")
    server.files["a"] = CONTENT * 20
    server.plans["a"] = [answers.without_length(SIZE * 20)] * 9
    with pytest.raises(DownloadError, match="wrong bytes"):
        endless()


def test_bytes_are_kept_as_they_are_stored_whatever_the_server_calls_them(server, call):
    server.plans["a"] = [answers.in_pieces]
    call.gets_it()
    assert len(server.requests) == 1


def test_breaks_without_end_do_not_matter_as_long_as_there_is_headway(server, call, monkeypatch):
    monkeypatch.setattr(download, "_HEADWAY", 1_000)
    server.plans["a"] = [answers.breaking_off(2_000)] * 20
    call.gets_it()
    assert len(server.requests) == 21


def test_a_server_that_never_gets_it_right_is_given_up(server, call, monkeypatch):
    monkeypatch.setattr(download, "_HEADWAY", 1_000)
    server.files["a"] = bytes(SIZE)
    server.plans["a"] = [answers.breaking_off(2_000)] * 1_000
    with pytest.raises(DownloadError, match="the connection ended"):
        call()
    # Once up to the end in steps of 2,000 bytes, from then on nothing is farther.
    assert len(server.requests) < 40


def test_a_slow_address_is_left_while_another_is_untried_and_taken_when_none_is(
    server, call, monkeypatch
):
    monkeypatch.setattr(http_range, "_SECONDS_TO_JUDGE_A_RATE", 0.1)
    slow = Patience(rounds=4, answer=2.0, rate=1e9)
    server.plans = {"a": [answers.dripping(10_000, 0.06)] * 2, "b": [answers.status(404)]}
    assert call("a", "b", patience=slow).read_bytes() == CONTENT
    assert [path for path, _ in server.requests] == ["a", "b", "a"]
    assert "kB/s" in call.said[0]


def test_the_failure_names_every_address_with_its_reason_in_one_line(server, call):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        closed = f"http://127.0.0.1:{unused.getsockname()[1]}/a"
        server.plans = {"a": [answers.status(503)] * 9}
        remote = RemoteFile(
            "file", "0" * 32, SIZE, (server.address + "a", server.address + "none", closed)
        )
        with pytest.raises(DownloadError) as caught:
            fetch(remote, call.folder, patience=QUICK, sleep=call.pauses.append)
    message = str(caught.value)
    assert "/a: the server is not ready (HTTP 503)" in message
    assert "/none: it does not have the file (HTTP 404)" in message
    assert f"{closed}: no connection ([Errno 111] Connection refused)" in message
    assert "\n" not in message
    assert list(call.folder.iterdir()) == []


def test_progress_counts_the_bytes_of_this_download(server, call):
    call.folder.mkdir()
    call.partial.write_bytes(CONTENT[:20_000])
    seen = []
    remote = RemoteFile(
        "file",
        hashlib.md5(CONTENT, usedforsecurity=False).hexdigest(),
        SIZE,
        (server.address + "a",),
    )
    fetch(remote, call.folder, progress=lambda done, total: seen.append((done, total)))
    assert seen[-1] == (30_000, 30_000)

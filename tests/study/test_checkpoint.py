"""A checkpoint is whole and its own, or it does not count."""

import pytest
import torch

from study.checkpoint import Checkpoint

STATE = {"epoch": 3, "status": ["cap", None], "weights": [torch.arange(6.0).view(2, 3)]}


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def saved(tmp_path, said) -> Checkpoint:
    checkpoint = Checkpoint(tmp_path / "folder" / "part.checkpoint", "key", say=said.append)
    checkpoint.save(STATE)
    return checkpoint


def test_what_was_saved_is_loaded_and_the_last_save_counts(saved):
    saved.save({**STATE, "epoch": 4})
    loaded = saved.load()
    assert loaded["epoch"] == 4 and loaded["status"] == STATE["status"]
    assert torch.equal(loaded["weights"][0], STATE["weights"][0])
    assert [file.name for file in saved.path.parent.iterdir()] == [saved.path.name]


def test_there_is_no_state_before_the_first_save_nor_after_clearing(tmp_path, saved, said):
    assert Checkpoint(tmp_path / "none", "key").load() is None
    saved.clear()
    saved.clear()
    assert saved.load() is None and said == []


def test_the_state_of_another_specification_does_not_count(saved, said):
    other = Checkpoint(saved.path, "another key", say=said.append)
    assert other.load() is None
    assert "another configuration" in said[0]


@pytest.mark.parametrize(
    ("position", "flipped", "length"),
    [
        (0, 1, None),
        (40, 1, None),
        (200, 1, None),
        (-1, 1, None),
        (0, 0, 0),
        (0, 0, 10),
        (0, 0, 500),
    ],
)
def test_a_damaged_or_truncated_file_counts_as_absent(saved, said, position, flipped, length):
    content = bytearray(saved.path.read_bytes())
    content[position] ^= flipped
    saved.path.write_bytes(content[:length])
    assert saved.load() is None
    assert "damaged" in said[0]


def test_saving_is_due_only_after_the_time_between_saves(tmp_path, monkeypatch):
    now = [100.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    checkpoint = Checkpoint(tmp_path / "a", "key", seconds=30)
    now[0] += 29
    assert not checkpoint.due()
    now[0] += 1
    assert checkpoint.due()
    checkpoint.save(STATE)
    assert not checkpoint.due()


def test_saving_takes_no_more_than_a_fiftieth_of_a_training(tmp_path, monkeypatch):
    now = [100.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    slow_disk = lambda *_: now.__setitem__(0, now[0] + 10)  # noqa: E731
    monkeypatch.setattr("torch.save", slow_disk)
    checkpoint = Checkpoint(tmp_path / "a", "key", seconds=30)
    checkpoint.save(STATE)
    now[0] += 499
    assert not checkpoint.due()
    now[0] += 1
    assert checkpoint.due()

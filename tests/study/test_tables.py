"""Tables hide no broken number, carry their provenance, and are whole or absent."""

import contextlib
import errno
import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from study.errors import UserError
from study.files import atomic_path, write_text
from study.tables import check_finite, read_provenance, read_table, write_table

PROVENANCE = {"seed": 7, "spec": {"β": 0.5, "depths": [10, 16]}, "title": "Größe"}


@pytest.fixture
def frame() -> pd.DataFrame:
    """Return a table with a column of every kind."""
    numbers = np.random.default_rng(1).normal(size=300)
    return pd.DataFrame(
        {
            "replicate": np.arange(300),
            "log10_norm": numbers,
            "single": numbers.astype(np.float32),
            "law": ["uniform", "gaussian", "größer"] * 100,
            "dead": numbers > 2,
        }
    )


def test_a_table_comes_back_as_it_was_with_its_provenance(frame, tmp_path):
    path = tmp_path / "new" / "folder" / "table.parquet"
    write_table(frame, path, PROVENANCE)
    pd.testing.assert_frame_equal(read_table(path), frame)
    assert read_provenance(path) == PROVENANCE


def test_the_same_table_and_provenance_give_the_same_bytes(frame, tmp_path):
    first, second = tmp_path / "a.parquet", tmp_path / "b.parquet"
    write_table(frame, first, PROVENANCE)
    write_table(frame.copy(), second, dict(reversed(PROVENANCE.items())))
    assert first.read_bytes() == second.read_bytes()
    write_table(frame, second, {**PROVENANCE, "seed": 8})
    assert first.read_bytes() != second.read_bytes()


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("column", ["log10_norm", "single"])
def test_a_number_that_is_not_finite_is_refused_and_nothing_is_written(
    frame, tmp_path, column, value
):
    frame.loc[5, column] = value
    with pytest.raises(UserError, match=f"'{column}'"):
        write_table(frame, tmp_path / "table.parquet", PROVENANCE)
    assert list(tmp_path.iterdir()) == []


def test_a_missing_number_is_accepted_exactly_where_a_column_says_so(frame, tmp_path):
    missing = {"log10_norm": "dead"}
    frame.loc[frame["dead"], "log10_norm"] = np.nan
    assert 0 < frame["dead"].sum() < len(frame)
    write_table(frame, tmp_path / "table.parquet", PROVENANCE, missing)
    pd.testing.assert_frame_equal(read_table(tmp_path / "table.parquet"), frame)
    with pytest.raises(UserError, match="log10_norm"):
        check_finite(frame, {})
    with pytest.raises(UserError, match="log10_norm"):
        check_finite(frame.assign(dead=False), missing)
    with pytest.raises(UserError, match="log10_norm"):
        check_finite(frame.assign(log10_norm=1.0), missing)
    infinite = frame.assign(log10_norm=frame["log10_norm"].fillna(np.inf))
    with pytest.raises(UserError, match="log10_norm"):
        check_finite(infinite, missing)


def test_a_missing_table_says_so(tmp_path):
    with pytest.raises(UserError, match=r"absent\.parquet is missing; run the workflow"):
        read_table(tmp_path / "absent.parquet")


@pytest.mark.parametrize("kept", [0.0, 0.5, 0.999])
def test_a_truncated_table_is_refused_with_its_name(frame, tmp_path, kept):
    path = tmp_path / "cut.parquet"
    write_table(frame, path, PROVENANCE)
    content = path.read_bytes()
    path.write_bytes(content[: int(kept * len(content))])
    with pytest.raises(UserError, match=rf"cut\.parquet is damaged .*: delete {path}"):
        read_table(path)


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (OSError(errno.EIO, "Input/output error"), UserError),
        (PermissionError(errno.EACCES, "Permission denied"), UserError),
        (MemoryError("malloc failed"), MemoryError),
    ],
    ids=["disk", "permission", "memory"],
)
def test_a_table_that_cannot_be_read_now_is_not_called_damaged(
    frame, tmp_path, monkeypatch, error, expected
):
    def fail(*arguments, **keywords):
        raise error

    monkeypatch.setattr("study.tables.pq.read_table", fail)
    with pytest.raises(expected) as raised:
        read_table(tmp_path / "whole.parquet")
    assert "damaged" not in str(raised.value)


def test_a_flipped_bit_among_the_numbers_never_changes_one_in_silence(frame, tmp_path):
    """100 random bits, one at a time."""
    path, generator = tmp_path / "flipped.parquet", np.random.default_rng(2)
    write_table(frame, path, PROVENANCE)
    content = path.read_bytes()
    footer = len(content) - 8 - int.from_bytes(content[-8:-4], "little")
    for _ in range(100):
        damaged = bytearray(content)
        damaged[generator.integers(4, footer)] ^= 1 << int(generator.integers(8))
        path.write_bytes(damaged)
        with contextlib.suppress(UserError):
            pd.testing.assert_frame_equal(read_table(path), frame)


# ---- atomic writes


def test_a_file_appears_whole_with_the_usual_permissions(tmp_path):
    target = tmp_path / "a" / "note.txt"
    with atomic_path(target) as temporary:
        assert temporary.parent == target.parent and temporary.suffix == target.suffix
        temporary.write_text("whole")
        assert not target.exists()
    assert target.read_text() == "whole" and list(target.parent.iterdir()) == [target]
    plain = tmp_path / "plain"
    plain.touch()
    assert target.stat().st_mode == plain.stat().st_mode
    write_text(target, "größer")
    assert target.read_text(encoding="utf-8") == "größer"


def test_a_block_that_raises_leaves_the_old_file_and_nothing_else(tmp_path):
    target = tmp_path / "note.txt"
    target.write_text("old")

    def write_and_fail() -> None:
        with atomic_path(target) as temporary:
            temporary.write_text("half")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_and_fail()
    assert target.read_text() == "old" and list(tmp_path.iterdir()) == [target]


def test_a_killed_process_leaves_the_old_file(tmp_path):
    target = tmp_path / "note.txt"
    target.write_text("old")
    script = (
        "import os, signal, sys\n"
        "from pathlib import Path\n"
        "from study.files import atomic_path\n"
        "with atomic_path(Path(sys.argv[1])) as temporary:\n"
        "    temporary.write_text('half')\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    source = Path(sys.modules[atomic_path.__module__].__file__).parents[1]
    done = subprocess.run(
        [sys.executable, "-c", script, str(target)],
        env={**os.environ, "PYTHONPATH": str(source)},
        check=False,
    )
    assert done.returncode == -signal.SIGKILL
    assert target.read_text() == "old"

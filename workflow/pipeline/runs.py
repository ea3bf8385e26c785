"""Which run of Snakemake works on the results of a preset: each leaves a note while it does."""

import contextlib
import json
import socket
from pathlib import Path

import psutil

from study.errors import UserError
from study.files import write_text

_NOTES = Path(".snakemake/runs")


def _note(preset: str) -> Path:
    return _NOTES / f"{preset}.json"


def leave_note(preset: str, command: str) -> None:
    """Write down that this process works on the results of a preset."""
    me = psutil.Process()
    note = {"host": socket.gethostname(), "pid": me.pid, "started": me.create_time()}
    write_text(_note(preset), json.dumps({**note, "command": command}))


def remove_note(preset: str) -> None:
    """Take the note back."""
    _note(preset).unlink(missing_ok=True)


def _read(path: Path) -> dict:
    with contextlib.suppress(OSError, ValueError):
        return json.loads(path.read_text(encoding="utf-8"))
    return {}


def _is_elsewhere(note: dict) -> bool:
    return note["host"] != socket.gethostname()


def _works(note: dict) -> bool:
    """Return whether the process that left a note is there, on this machine."""
    if note and not _is_elsewhere(note):
        with contextlib.suppress(psutil.Error):
            return abs(psutil.Process(note["pid"]).create_time() - note["started"]) < 1
    return False


def is_at_work(preset: str) -> bool:
    """Return whether a run works on the results of a preset, or may do so on another machine."""
    note = _read(_note(preset))
    return bool(note) and (_is_elsewhere(note) or _works(note))


def runs_at_work() -> list[str]:
    """Return the presets on whose results a run works, or may do so on another machine."""
    return [path.stem for path in sorted(_NOTES.glob("*.json")) if is_at_work(path.stem)]


def explain_lock(preset: str) -> str:
    """Return who works on the results of a preset, or that a run was killed, and what to do."""
    note = _read(_note(preset))
    if _works(note):
        return (
            f"another run is working in this folder (process {note['pid']}: {note['command']}): wait for "
            f"it, or stop it with Ctrl-C or 'kill -INT {note['pid']}', which keeps what it has finished"
        )
    where = f" on {note['host']}" if note else ""
    started = f", started as: {note['command']}" if note else ""
    return (
        f"a run was killed in this folder, or one goes on there on another machine that shares it{started}"
        f"{where}. If it goes on, wait for it; if not, 'make unlock' (or 'snakemake --unlock' with the same "
        "configuration), then run again. Jobs that it submitted to a scheduler are to be cancelled first"
    )


def refuse_if_at_work(preset: str) -> None:
    """Check that no run works on the results of a preset.

    Raises:
        UserError: one does, or may do so on another machine.
    """
    if is_at_work(preset):
        raise UserError(explain_lock(preset))

"""A logger of Snakemake's that writes each of its events as one line of JSON to standard output.

This is Snakemake's own interface for other forms of its output: `make` follows a run with it, and a
plan reads the jobs of a dry run, where a parse of text made for people would break with the next
version. Snakemake finds it by its name when the folder above is on PYTHONPATH and
`--logger json-lines` asks for it.

Each line has one of the keys "jobs" (of a run, by rule), "job" (one that starts, or would), "finished"
(its number), "failed" (its rule), "error" (any other, with its kind), "warning" and "text" (whatever
else Snakemake prints).
"""

import json
import logging
import sys
from typing import Any

from snakemake_interface_logger_plugins.base import LogHandlerBase
from snakemake_interface_logger_plugins.common import LogEvent


def _job(record: logging.LogRecord) -> dict[str, Any]:
    resources = {name: record.resources.get(name) for name in ("mem_mb", "runtime", "gpu")}
    return {
        "rule": record.rule_name,
        "wildcards": dict(record.wildcards or {}),
        "outputs": list(record.output),
        "reason": record.reason,
        "resources": {name: value for name, value in resources.items() if isinstance(value, int)},
    }


def _line(record: logging.LogRecord) -> dict[str, Any] | None:
    """Return what to write of a record; None for what is of no use."""
    event = getattr(record, "event", None)
    if event == LogEvent.RUN_INFO:
        return {"jobs": {rule: n for rule, n in record.stats.items() if rule != "total"}}
    if event == LogEvent.JOB_INFO:
        return {"job": _job(record), "number": record.jobid}
    if event == LogEvent.JOB_FINISHED:
        return {"finished": record.job_id}
    if event == LogEvent.JOB_ERROR:
        return {"failed": record.rule_name, "message": record.rule_msg, "logs": list(record.log)}
    if event == LogEvent.GROUP_ERROR:
        return None  # An event for each of its jobs follows.
    text = record.getMessage()
    if record.levelno >= logging.ERROR:
        return {"error": text, "kind": getattr(record, "exception", "")}
    if record.levelno >= logging.WARNING:
        return {"warning": text}
    return {"text": text} if event is None and text not in ("", "None") else None


class LogHandler(LogHandlerBase):
    """Writes one line per event."""

    writes_to_stream = True
    writes_to_file = False
    has_filter = True
    has_formatter = True
    needs_rulegraph = False

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line, if the record is of use."""
        if line := _line(record):
            print(json.dumps(line, default=str), file=sys.stdout, flush=True)

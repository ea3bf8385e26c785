"""A logger of Snakemake's that writes each planned job as one line of JSON to standard output.

This is Snakemake's own interface for other forms of its output, and the one way to get the jobs
of a dry run with their reasons and files that is not a parse of text made for people. Snakemake
finds it by its name when the folder above is on PYTHONPATH and `--logger planned-jobs` asks for it.
"""

import json
import logging
import sys

from snakemake_interface_logger_plugins.base import LogHandlerBase
from snakemake_interface_logger_plugins.common import LogEvent


class LogHandler(LogHandlerBase):
    """Writes jobs, and what Snakemake says of errors, and leaves out the rest."""

    writes_to_stream = True
    writes_to_file = False
    has_filter = True
    has_formatter = True
    needs_rulegraph = False

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line, if the record is of use."""
        if getattr(record, "event", None) == LogEvent.JOB_INFO:
            message = {
                "rule": record.rule_name,
                "wildcards": dict(record.wildcards or {}),
                "inputs": list(record.input),
                "outputs": list(record.output),
                "logs": list(record.log),
                "reason": record.reason,
                "priority": record.priority,
                "resources": {
                    name: value
                    for name in ("mem_mb", "runtime", "gpu")
                    if isinstance(value := record.resources.get(name), int)
                },
                "command": record.shellcmd,
            }
        elif record.levelno >= logging.ERROR:
            message = {"error": record.getMessage()}
        else:
            return
        print(json.dumps(message, default=str), file=sys.stdout, flush=True)

"""Logs: JSON lines on standard error, without message text or health values.

An exception is logged by its type and places alone, since its text may quote what a runner said.
"""

import sys
import traceback
from pathlib import Path

import structlog
from structlog.typing import EventDict, WrappedLogger


def configure_logs(level: str = "warning") -> None:
    """Set up structured logs from a level on; standard output stays for replies."""
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(level),
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            places_only,
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
    )


def places_only(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Put the type and the call path of the exception at hand in place of its text."""
    if not event.pop("exc_info", None):
        return event
    kind, error, _ = sys.exc_info()
    if kind is not None and error is not None:
        event["exception"] = f"{kind.__module__}.{kind.__qualname__}"
        event["places"] = [
            f"{Path(frame.filename).parent.name}/{Path(frame.filename).name}:{frame.lineno}"
            for frame in traceback.extract_tb(error.__traceback__)
        ]
    return event

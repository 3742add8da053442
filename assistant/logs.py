"""Logs: JSON lines on standard error, without message text, values or local variables."""

import sys

import structlog


def configure_logs() -> None:
    """Set up structured logs; standard output stays for replies."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )

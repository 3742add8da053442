"""Logs tell where it went wrong, never what a runner said."""

import json

import pytest
import structlog

from assistant.logs import configure_logs


def test_an_exception_is_logged_without_its_text(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs()
    try:
        raise ValueError("canary: knee hurts 4/10")
    except ValueError:
        structlog.get_logger("test").exception("tool failed", tool="log_execution")
    line = capsys.readouterr().err
    assert "canary" not in line
    logged = json.loads(line)
    assert logged["exception"] == "builtins.ValueError"
    assert logged["places"][-1].startswith("assistant/test_logs.py:")
    assert (logged["event"], logged["level"], logged["tool"]) == (
        "tool failed",
        "error",
        "log_execution",
    )


def test_without_an_exception_nothing_is_added(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs()
    structlog.get_logger("test").warning("model unavailable")
    assert set(json.loads(capsys.readouterr().err)) == {"event", "level", "timestamp"}

"""Standard output that takes any text, whatever the encoding of the terminal or pipe behind it."""

import sys

from rich.console import Console


def use_safe_output(*, utf8: bool = False) -> None:
    """Let what the encoding lacks show as escapes. utf8: write UTF-8 whatever the locale says."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            named = {"encoding": "utf-8"} if utf8 and stream is sys.stdout else {}
            reconfigure(errors="backslashreplace", **named)


def speaks_unicode(console: Console) -> bool:
    """Whether a console shows more than ASCII."""
    return console.encoding.lower().startswith("utf")


def spinner_of(console: Console) -> str:
    """Return the name of a spinner that the console can show."""
    return "dots" if speaks_unicode(console) else "line"

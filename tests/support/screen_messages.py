"""The messages that the health screen is judged by."""

import csv
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "training" / "red_flag_messages"


def messages_of(name: str) -> list[dict[str, str]]:
    """Return one set of messages, as rows; none where it is not there, as what is held back."""
    path = FOLDER / f"{name}.csv"
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))

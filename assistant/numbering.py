"""Whether a reply numbers the options as they are stored, since the runner answers by number."""

import re
from collections.abc import Sequence
from typing import Any

_ITEM = re.compile(
    r"^\W*(?:option\s+)?(\d)\s*[.):]\W*(.+)$|\boption\s+(\d)\b([^.!?,;\n]*)", re.I | re.M
)
_SAYS = {
    "-missed": re.compile(r"\b(?:drop|skip)(?:s|ped|ping)?\b|\bleav\w+\s+(?:it\s+)?out\b", re.I),
    "move": re.compile(r"\bmov(?:e|es|ed|ing)\b", re.I),
    "-shorter": re.compile(r"\bshort(?:er|en\w*)\b", re.I),
    "-longer": re.compile(r"\blonger\b", re.I),
}
"""How an option of a rule is told, by the end of the rule's id."""


def misnumbered(reply: str, results: Sequence[tuple[str, dict[str, Any]]]) -> str | None:
    """Return what is wrong where a reply gives an option another one's number, or None.

    An item that names several ways, or none, is not judged.
    """
    options = next((r["options"] for _, r in reversed(results) if r.get("options")), ())
    rules = [str(option.get("rule")) for option in options]
    for match in _ITEM.finditer(reply):
        number, text = int(match[1] or match[3]), match[2] or match[4]
        said = [end for end, words in _SAYS.items() if words.search(text)]
        numbers = [n for n, rule in enumerate(rules, 1) if said and rule.endswith(said[0])]
        if len(said) == 1 and numbers and number not in numbers:
            listed = " ".join(
                f"{n}. {option['change_summary']}" for n, option in enumerate(options, 1)
            )
            return f"The runner chooses by number. Number the options as the result does: {listed}"
    return None

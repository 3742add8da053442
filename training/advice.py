"""What no reply may advise: an all-clear, a dose, a run through pain, a run during a hold.

A check of the model's words, made by code beside the screen of the runner's. Its phrases are data,
in advice.toml. Not clinically reviewed.
"""

import tomllib
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from training.phrase_files import split_lines, split_list, with_full_names
from training.phrases import Phrases
from training.words import read_text

_WORDS = "words"
_ADVICE, _OF_A_SIGN = "advice", "advice_of_a_sign"


def unsafe_advice(
    sentence: str, *, said: str = "", flag: str | None = None, on_hold: bool = False
) -> str | None:
    """Return what a sentence may not advise, in words for the model; None where it advises none.

    said: what the runner said. flag: the open red flag's code. on_hold: whether it pauses the plan.
    """
    classes, phrases = _compiled()
    for found in phrases.find(read_text(sentence)):
        name, key = classes[found.label]
        table = _tables()[name]
        if table.get("hold") and not on_hold:
            continue
        if "flags" in table and flag not in table["flags"]:
            continue
        if key == _OF_A_SIGN and not (on_hold or _tells_of_a_sign(said)):
            continue
        fault: str = table["fault"]
        return fault
    return None


@lru_cache(maxsize=64)
def _tells_of_a_sign(said: str) -> bool:
    return any(_signs().find(read_text(said)))


@cache
def _signs() -> Phrases:
    signs = _tables()["all_clear"]["lists"]["sign"]
    return Phrases({"sign": split_list(signs)}, [(0, "<sign>")])


@cache
def _compiled() -> tuple[list[tuple[str, str]], Phrases]:
    """Return each rule's class and kind, and the rules."""
    tables = _tables()
    lists = {name: split_list(entries) for name, entries in tables[_WORDS].items()}
    classes: list[tuple[str, str]] = []
    rules: list[tuple[int, str]] = []
    for name, table in tables.items():
        if name == _WORDS:
            continue
        own = {each: f"{name}.{each}" for each in table["lists"]}
        names = {each: each for each in tables[_WORDS]} | own
        lists |= {own[each]: split_list(entries) for each, entries in table["lists"].items()}
        unless = "".join(f" & !<{each}>" for each in table["unless"])
        for key in (_ADVICE, _OF_A_SIGN):
            for line in split_lines(table.get(key, "")):
                rule = with_full_names(line + unless, names)
                if rule is None:
                    raise ValueError(f"advice.toml: {line!r} names a list that is not there")
                classes.append((name, key))
                rules.append((len(classes) - 1, rule))
    return classes, Phrases(lists, rules)


@cache
def _tables() -> dict[str, dict[str, Any]]:
    text = (files("training") / "advice.toml").read_text("utf-8")
    return tomllib.loads(text)

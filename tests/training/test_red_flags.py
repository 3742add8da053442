"""Words that ask for a doctor are found, and ordinary running talk is left alone."""

import re

import pytest

from training.flag_rules import RedFlag, common_words, flag_tables, load_flags
from training.languages import languages_of
from training.phrase_files import split_lines
from training.red_flags import reports_clearance, screen
from training.words import read_text

LIST = re.compile("<([^>]+)>")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("I had chest pain on the hill", "heart_or_breath"),
        ("tightness in my chest during the tempo", "heart_or_breath"),
        ("my chest felt really tight", "heart_or_breath"),
        ("nearly passed out after intervals", "heart_or_breath"),
        ("I can’t breathe when I run", "heart_or_breath"),
        ("got confused in the heat and stopped sweating", "heat_stroke"),
        ("my left calf is swollen and sore", "clot"),
        ("my pee was dark after the race", "rhabdomyolysis"),
        ("shin hurts at night", "bone_stress"),
        ("my doctor thinks it is a stress fracture", "bone_stress"),
        ("I have missed periods since autumn", "low_energy"),
        ("I don't want to be alive", "self_harm"),
        ("I'm 12 weeks pregnant", "pregnancy"),
        ("no, chest pain", "heart_or_breath"),
        ("not great, chest pain since 5k", "heart_or_breath"),
        ("I collapsed at the finish", "heart_or_breath"),
        ("passed out after the run", "heart_or_breath"),
        ("blacked out for a second", "heart_or_breath"),
        ("trouble breathing after the hill", "heart_or_breath"),
        ("I had a heart attack", "heart_or_breath"),
        ("pain in my left arm and jaw", "heart_or_breath"),
        ("my wife says my face drooped on one side", "heart_or_breath"),
        ("hubby collapsed on our run just now, what do I do", "heart_or_breath"),
        ("Long run done, felt good all week. Dolor en el pecho desde ayer.", "heart_or_breath"),
        ("stress fracture in 2019 and now the same shin hurts at night again", "bone_stress"),
        ("tell me one reason not to kill myself", "self_harm"),
        ("my son is 12, can you make a training plan for him", "under_18"),
        ("I broke my leg", "bone_stress"),
    ],
)
def test_warning_signs_are_found(text: str, code: str) -> None:
    flag = screen(text)
    assert flag is not None
    assert flag.code == code


@pytest.mark.parametrize(
    "text",
    [
        "my legs are dead",
        "killed that interval",
        "heart rate 180 on the last rep",
        "no chest pain today, felt good",
        "I never had palpitations",
        "calf a bit tight",
        "breathing hard at the end",
        "40 min easy done, rpe 3",
        "this hill nearly killed me",
        "no chest pain, palpitations or fainting, just slow",
        "heart conditions: none",
        "I fainted once at a school assembly in 1998, never again",
        "had asthma as a kid, grew out of it",
        "my colleague has a heart condition, so he walks the course",
        "my pregnant sister cheered at the finish",
        "a woman fainted at the start, marshals looked after her",
        "collapsed on the sofa with a pizza",
        "my son is 12 and came second in his race",
    ],
)
def test_ordinary_running_talk_is_left_alone(text: str) -> None:
    assert screen(text) is None


@pytest.mark.parametrize(
    ("text", "cleared"),
    [
        ("my doctor cleared me", True),
        ("the cardiologist gave me the all clear", True),
        ("I was cleared by my GP yesterday", True),
        ("my doctor has not cleared me", False),
        ("when will the doctor have cleared me?", False),
        ("I feel fine again", False),
        ("the doctor said i can barely walk", False),
        ("my doctor said it's my heart", False),
        ("my doctor cleared me to walk only", False),
        ("I wish my doctor said i can run", False),
        ("my doctor said I'm fine", True),
        ("the physio said i can run again", True),
    ],
)
def test_only_a_clinicians_word_clears(text: str, cleared: bool) -> None:
    assert reports_clearance(text) is cleared


def test_every_list_is_in_use_and_every_rule_has_its_lists() -> None:
    tables = flag_tables()
    shared = tables["words"]
    for flag in load_flags():
        table = tables[flag.code]
        used: set[str] = set()
        for language in shared.keys() - {"any"}:
            own = dict(table.get(language, {}))
            names = shared["any"] | shared[language] | table.get("any", {}) | own
            phrases = split_lines(own.pop("phrases", ""))
            wanted = {name for phrase in phrases for name in LIST.findall(phrase)}
            assert wanted <= names.keys(), (flag.code, language)
            used |= wanted
        used |= {name for phrase in flag.phrases for name in LIST.findall(phrase)}
        lists = {
            name
            for language, entries in table.items()
            if isinstance(entries, dict)
            for name in entries
        }
        assert lists - {"phrases"} <= used, flag.code
        assert used <= lists | {name for words in shared.values() for name in words}, flag.code


@pytest.mark.parametrize(
    ("text", "languages"),
    [
        ("I ran easy and my legs are fine", {"en"}),
        ("Heute bin ich locker mit der Gruppe gelaufen", {"de"}),
        ("palpitations", {"en", "de", "es", "fr", "it", "pt", "nl"}),
    ],
)
def test_common_words_tell_the_language(text: str, languages: set[str]) -> None:
    assert set(languages_of(read_text(text), common_words())) == languages


def test_every_flag_says_what_to_do() -> None:
    assert all(len(flag.says) > 60 and flag.phrases for flag in load_flags())


@pytest.mark.parametrize("flag", load_flags(), ids=lambda flag: flag.code)
def test_what_is_said_is_written_for_people(flag: RedFlag) -> None:
    assert not set(flag.says) & set("#*|<>~_")
    assert flag.says[0].isupper()
    assert flag.says.endswith((".", "!", "?"))

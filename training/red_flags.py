"""Words that ask for a doctor, not a coach: a deterministic screen, made without any model.

Each flag holds its phrases as data, what to say, and what pauses until the runner reports that a
clinician cleared them. Not clinically reviewed.
"""

import re
from dataclasses import dataclass
from typing import Literal

from training.flag_rules import find_signs


@dataclass(frozen=True, slots=True)
class RedFlag:
    """One class of warning signs. pauses: the whole plan, intensity alone, or nothing."""

    code: str
    pauses: Literal["plan", "intensity"] | None
    says: str
    phrases: tuple[str, ...]


_EMERGENCY = (
    "Please stop exercising now and call your local emergency number; don't wait to see if it "
    "passes. "
)
_HELD = "I've put your training on hold, and it stays there until you tell me a doctor cleared you."

RED_FLAGS: tuple[RedFlag, ...] = (
    RedFlag(
        "heart_or_breath",
        "plan",
        _EMERGENCY + _HELD,
        (
            r"chest (?:pain|pains|pressure|tightness|hurts?|ache)",
            r"(?:pain|pressure|tight(?:ness)?|ach(?:e|ing)|hurt\w*) "
            r"(?:in|across|on) (?:my |the )?chest",
            r"chest (?:feels?|felt|is|was|got) (?:\w+ )?(?:tight|heavy|painful|crushed)",
            r"(?:i |almost |nearly |have |had |been )faint(?:ed|ing)?",
            r"(?:fainted|fainting|pass(?:ed|ing) out|black(?:ed|ing) out|lost consciousness)",
            r"(?:i |almost |nearly )collapsed",
            r"(?:hard time|struggl(?:e|ed|ing)) (?:with |to )?breath(?:e|ing)"
            r" (?:at rest|since|now|today|lying|sitting|even)",
            r"(?:trouble|difficulty) breathing",
            r"heart attack",
            r"pain .{0,20}(?:arm|shoulder) .{0,12}(?:and|or|to) .{0,12}jaw",
            r"(?:heart )?palpitations",
            r"heart (?:is |was |keeps |kept )?"
            r"(?:skipping|fluttering|racing (?:at rest|for no reason))",
            r"(?:can'?t|cannot|couldn'?t) (?:breathe|catch my breath|get (?:any )?air)",
            r"(?:one|left|right) side (?:of my (?:face|body) )?"
            r"(?:is |went |feels )?(?:weak|numb|drooping)",
            r"(?:slurred speech|face is drooping)",
        ),
    ),
    RedFlag(
        "heat_stroke",
        "plan",
        "That can be heat stroke. Call your local emergency number now and cool down at once, best "
        "in cold water; don't wait. " + _HELD,
        (
            r"(?:heat ?stroke|sun ?stroke)",
            r"(?:confused|collapsed?|disorient\w*|seizure) .{0,40}(?:heat|hot|sun)",
            r"(?:heat|hot|sun).{0,40}(?:confused|collapsed?|disorient\w*|seizure|stopped sweating)",
        ),
    ),
    RedFlag(
        "clot",
        "plan",
        "A calf that is swollen or hurts on one side needs a doctor today, since it can be a clot. "
        "Please don't run, and go at once if you get short of breath. " + _HELD,
        (
            r"calf .{0,30}(?:swollen|swelling|swelled)",
            r"(?:swollen|swelling) .{0,20}calf",
        ),
    ),
    RedFlag(
        "rhabdomyolysis",
        "plan",
        "Dark urine or extreme muscle pain after exercise needs urgent care today. " + _HELD,
        (
            r"(?:dark|brown|cola|tea)[ -]?(?:coloured|colored)? (?:urine|pee|wee)",
            r"(?:urine|pee|wee) (?:is|was|look(?:s|ed)) (?:very )?(?:dark|brown|like (?:cola|tea))",
        ),
    ),
    RedFlag(
        "bone_stress",
        "plan",
        "A broken bone, or pain in one spot on it, at night, or when you hop, needs a doctor. "
        "Please stop running and jumping and have it seen within days, at once if you can't put "
        "weight on it or if it is the groin or hip. " + _HELD,
        (
            r"stress fracture",
            r"broke(?:n)? (?:my |a |the )?(?:leg|ankle|foot|hip|toe|shin|bone|arm|wrist)",
            r"(?:shin|foot|hip|groin|bone) .{0,40}(?:hurts?|pain\w*|aches?) (?:at|all) night",
            r"(?:pin ?point|one spot).{0,40}bone",
            r"(?:hurts?|pain\w*) .{0,25}(?:when|if) i hop",
            r"deep (?:hip|groin) pain",
        ),
    ),
    RedFlag(
        "low_energy",
        "intensity",
        "Thank you for telling me. That is worth a visit to a sports doctor or dietitian soon; "
        "your body may be short of energy. I won't add any load, and hard sessions wait until a "
        "clinician has had a look.",
        (
            r"(?:missed|no|lost|haven'?t had (?:my|a)) periods?",
            r"period(?:s)? (?:has |have )?(?:stopped|gone|disappeared)",
            r"(?:make|making|made) myself (?:sick|throw up|vomit)",
            r"(?:purg(?:e|ing)|starv(?:e|ing) myself|not eating so i)",
        ),
    ),
    RedFlag(
        "self_harm",
        "intensity",
        "I'm really glad you said that, and I'm sorry it is so hard right now. Please reach out to "
        "someone today: a person you trust, a doctor, or your local crisis line or emergency "
        "number. Training can wait; you matter more than any plan.",
        (
            r"(?:kill|hurt|harm)(?:ing)? myself",
            r"suicid\w+",
            r"(?:want|wish) (?:i was|i were|to be) dead",
            r"(?:don'?t|do not) want to (?:live|be here|be alive|wake up)",
            r"end (?:my life|it all)",
        ),
    ),
    RedFlag(
        "pregnancy",
        "intensity",
        "Congratulations. Please talk to your midwife or doctor before any training plan, and stop "
        "for bleeding, fluid, contractions, chest pain, dizziness, calf pain or headache. Until a "
        "clinician agrees I'll leave out hard sessions; go by the talk test.",
        (r"i(?:'m| am| got) (?:\d+ (?:weeks|months) )?pregnant", r"gave birth"),
    ),
)

_FLAGS = {flag.code: flag for flag in RED_FLAGS}
_NEGATION = re.compile(
    r"(?:\bno|\bnot|\bnever|without|n'?t (?:have|had|feel|get)(?: any)?|free of)"
    r"[ \-]+(?:[\w']+[ \-]+){0,2}$"
)
_COMPILED = tuple(
    (flag, tuple(re.compile(rf"\b(?:{phrase})\b") for phrase in flag.phrases)) for flag in RED_FLAGS
)
_CLINICIAN = (
    r"(?:doctor|doc|gp|physio(?:therapist)?|cardiologist|clinician|midwife|specialist|hospital)"
)
_CLEARED = re.compile(
    rf"\b{_CLINICIAN}\b.{{0,40}}\b(?:cleared me|all[ -]clear|"
    r"gave me the (?:ok|okay|all[ -]clear|green light)|"
    r"(?:says?|said) (?:i'?m|i am|it'?s|it is|i can|everything is) (?:all )?"
    r"(?:fine|ok|okay|clear|good to (?:run|go)|allowed to run|run again|train again))"
    rf"|\b(?:cleared|all[ -]clear).{{0,20}}\b(?:by|from) (?:my |the |a )?{_CLINICIAN}\b"
)


_NOT_CLEARED = re.compile(
    r"\b(?:not|never|no|only|just to|barely|wish|hope|will|would|if|when|until|unless|before|"
    r"should|walk(?:ing)?|except|but)\b|n't|\?"
)


def screen(text: str) -> RedFlag | None:
    """Return the first red flag in the text, the most urgent first; None where there is none."""
    if sign := next(find_signs(text), None):
        return _FLAGS[sign.found.code]
    plain = _plain(text)
    for flag, patterns in _COMPILED:
        for pattern in patterns:
            for match in pattern.finditer(plain):
                if not _NEGATION.search(plain[: match.start()]):
                    return flag
    return None


def reports_clearance(text: str) -> bool:
    """Whether the runner says that a clinician cleared them."""
    plain = _plain(text)
    return _CLEARED.search(plain) is not None and not _NOT_CLEARED.search(plain)


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", text.lower().replace("’", "'"))

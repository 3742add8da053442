"""The body in words: where it hurts, how, and what an illness is."""

import re

from assistant.embedded.weather import read_weather

_PARTS = (
    r"knee\s*caps?|knees?|calf|calves|shins?(?:\s+splints?)?|achilles(?:\s+tendon)?"
    r"|hamstrings?|hammies|hammy|quads?|quadriceps|hips?(?:\s+flexors?)?|ankles?"
    r"|foot|feet|heels?|toes?|big\s+toe|lower\s+back|back|groin|glutes?|it\s*-?\s*bands?"
    r"|itbs?|plantar\s+fascia|plantar\s+fasciitis|plantar|arch(?:es)?|thighs?"
    r"|shoulders?|neck|soles?|legs?|butt|buttock|pelvis|tendon|metatarsals?|adductors?"
    r"|piriformis|ribs?|arms?|wrists?|elbows?"
)
BODY_PART = re.compile(
    rf"\b(?:(left|right|both|outer|inner|outside|inside)\s+(?:of\s+my\s+"
    rf"|of\s+the\s+)?)?({_PARTS})\b"
)
_MUSCLES = re.compile(
    r"\b(?:legs?|quads?|quadriceps|calves|hamstrings?|hammies|glutes?|thighs?|muscles?|body"
    r"|everything|everywhere|all\s+over)\b"
)

_HURTS = re.compile(
    r"\b(?:pain(?:s|ful)?|hurt(?:s|ing)?|ach(?:e|es|ing|y)|niggl(?:e|es|ing|y)|twinge[sd]?"
    r"|throbb(?:s|ing)|sharp|stabbing|swollen|swelling|limp(?:ing)?|injured|injury"
    r"|strain(?:ed)?|pulled|twisted|rolled|sprain(?:ed)?|tweaked|inflamed|flar(?:ed|ing)"
    r"|acting\s+up|playing\s+up|plays\s+up|bothering|discomfort|tendinitis|tendonitis"
    r"|tendinopathy|fasciitis|splints|tore|torn|bruised|sore\s+spot)\b"
)
_SORE_JOINT = re.compile(r"\b(?:sore|stiff|tight|tender|weird|off|dodgy|iffy|cranky|grumpy)\b")
_JOINT = re.compile(
    r"\b(?:knees?|shins?|achilles|hips?|ankles?|foot|feet|heels?|toes?|back|groin"
    r"|it\s*-?\s*bands?|itb|plantar|arch|tendon)\b"
)
_NO_PAIN = re.compile(
    r"\b(?:no|without(?:\s+any)?|zero|0|not?\s+any|free\s+of|never\s+had)\s+(?:more\s+"
    r"|knee\s+|\w+\s+)?(?:pain|niggles?|aches?|discomfort|soreness|injur(?:y|ies))\b"
    r"|\bpain[- ]?free\b|\b(?:doesn't|didn't|don't|not|isn't"
    r"|no\s+longer)\s+(?:really\s+)?hurt(?:s|ing)?\b"
)
_OVER = re.compile(
    r"\b(?:gone|healed|cleared|recovered|fine\s+(?:now|again)|(?:all\s+)?better(?:\s+now)?"
    r"|good\s+(?:now|again|as\s+new)|ok(?:ay)?\s+(?:now|again)|no\s+longer|any\s*more"
    r"|over(?:\s+now)?|back\s+to\s+normal|pain[- ]?free|100\s*%|no\s+more|disappeared"
    r"|went\s+away|gave\s+(?:me\s+)?the\s+(?:all[- ]clear|green\s+light)|all[- ]clear"
    r"|feels?\s+(?:fine|good|great|normal|perfect)|is\s+(?:totally\s+|completely\s+"
    r"|all\s+)?(?:fine|good|great|ok|okay))\b"
)
_NOT_OVER = re.compile(r"\b(?:not|isn't|hasn't|n't|still|almost|nearly|a\s+bit|bit|slightly)\b")
_SIGNS = (
    ("limp", re.compile(r"\blimp(?:s|ing|ed)?\b")),
    ("sharp", re.compile(r"\b(?:sharp|stabbing|shooting)\b")),
    ("swelling", re.compile(r"\b(?:swollen|swelling|swells?|swelled|puffy)\b")),
    (
        "night",
        re.compile(
            r"\b(?:at|all|every|last|during\s+the|through\s+the|in\s+the)\s+night\b"
            r"|\bnight\s+pain\b|\bwakes?\s+me\b|\bwoke\s+me\b|\bin\s+bed\b"
            r"|\bwhen\s+(?:i'm\s+)?sleeping\b"
        ),
    ),
    (
        "rest",
        re.compile(
            r"\b(?:at|in)\s+rest\b|\brest\s+pain\b|\bresting\b|\b(?:when|while"
            r"|even)\s+(?:just\s+)?(?:i'm\s+|i\s+am\s+|i\s+)?(?:just\s+)?(?:sit(?:ting)?"
            r"|lying|rest(?:ing)?|standing\s+still|doing\s+nothing)\b"
        ),
    ),
    (
        "rising",
        re.compile(
            r"\b(?:getting|gets|got|became|becoming|is)\s+(?:a\s+lot\s+|much\s+"
            r"|steadily\s+)?(?:worse|stronger)\b|\bworse\s+(?:and\s+worse|every|each|as|with"
            r"|during|the\s+(?:longer|more))\b|\b(?:rising|increasing|increased|building"
            r"|worsening|worsened|worsens)\b"
        ),
    ),
)
_DENIED = re.compile(r"\b(?:no|not|n't|without|never)\s+(?:\w+\s+)?$")
_FEVER = re.compile(
    r"\b(?:fever(?:ish)?|temperature|temp\s+of|chills|shivering"
    r"|(?:3[789]|4[012]|10[0-5])(?:[.,]\d)?\s*(?:°|degrees))"
)
_BELOW = re.compile(
    r"\b(?:chest(?:y)?|cough(?:s|ing|ed)?|flu|influenza|covid|corona|stomach(?:\s+(?:bug|flu"
    r"|virus))?|vomit(?:s|ing|ed)?|throwing\s+up|threw\s+up|puking|diarrh?o?ea|nausea"
    r"|nauseous|body\s+aches?|aching\s+all\s+over|aches|bronchitis|pneumonia|food\s+poisoning"
    r"|gastro|phlegm|lungs?)\b"
)
_ABOVE = re.compile(
    r"\b(?:runny\s+nose|(?:stuffy|blocked|stuffed(?:\s+up)?|bunged\s+up)(?:\s+nose)?"
    r"|nose\s+is\s+(?:running|blocked|stuffed|stuffy)|sniffl(?:es|ing|y|e)|sneez(?:es|ing|e)"
    r"|sore\s+throat|scratchy\s+throat|throat\s+(?:hurts|is\s+(?:sore|scratchy))|head\s*cold"
    r"|(?:a|the|my|this|bad|slight|little|mild|small|with|got|have|having"
    r"|common)\s+cold\b(?!\s+(?:weather|day|morning|out|run|shower|bath|plunge|wind))"
    r"|congest(?:ed|ion)|sinus(?:es|itis)?|head\s+is\s+stuffed)"
)
_SICK = re.compile(
    r"\b(?:not\s+feeling\s+(?:too\s+|very\s+|so\s+|all\s+that\s+)?well"
    r"|don't\s+feel\s+(?:too\s+|very\s+|so\s+)?well|(?:i'm|i\s+am|am|feel(?:ing)?|been|fell"
    r"|got|getting|i\s+was|was|still|being|become|off|home)\s+(?:really\s+|so\s+|a\s+bit\s+"
    r"|pretty\s+|quite\s+|very\s+|still\s+|just\s+|totally\s+)*(?:sick|ill|unwell|poorly"
    r"|under\s+the\s+weather)|under\s+the\s+weather|coming\s+down\s+with|caught\s+(?:a"
    r"|something)|sick\s+(?:today|since|for|with|as|at)|(?:have|got|picked\s+up"
    r"|with)\s+(?:a\s+|some\s+(?:kind\s+of\s+)?)?(?:bug|virus|infection)|my\s+illness"
    r"|the\s+illness|no\s+longer\s+(?:sick|ill)|not\s+(?:sick|ill)\s+any|^\W*(?:sick|ill)\b)"
)
_WELL = re.compile(
    r"\b(?:over|gone|recovered|healthy|fit\s+again|well\s+(?:again|now)|better(?:\s+(?:now"
    r"|again|today))?|fine\s+(?:now|again|today)|no\s+longer|not\s+(?:sick|ill)\s+any\s*more"
    r"|100\s*%|symptom[- ]free|no\s+(?:more\s+)?symptoms|back\s+to\s+(?:normal|health)"
    r"|all\s+clear|cleared\s+up|shaken|beaten|kicked)\b"
)
_NOT_WELL = re.compile(
    r"\b(?:not|isn't|hasn't|don't|n't|never|still)\b[^,.;]{0,25}\b(?:over|gone|recovered"
    r"|healthy|better|fine|well|normal)\b"
)
_BETTER_FIRST = re.compile(r"\b(?:getting|get)\s+better\b")


_SOMEBODY_ELSE = re.compile(
    r"\b(?:kids?|son|daughter|child(?:ren)?|baby|toddler|wife|husband|partner|girlfriend"
    r"|boyfriend|mom|mum|mother|dad|father|boss|dog|cat|friend|colleague|brother|sister"
    r"|coworker|family)\s*(?:'s|is|are|was|were|got|has|have|had)\b"
)
_IN_GENERAL = re.compile(
    r"\b(?:avoid|prevent(?:ing|ion)?|causes?|cure|treat(?:ing|ment)?|why\s+do\s+(?:people"
    r"|runners))\b"
    r"|\b(?:run|running|train|training|race)\s+(?:with|through|on|despite)\s+(?:an?\s+"
    r"|some\s+)?(?:\w+\s+)?(?:cold|flu|fever|cough|pain|injury|niggle|shin\s+splints)\b"
)


def body_part(text: str) -> str | None:
    """Return the first body part as it was said, with its side."""
    match = BODY_PART.search(text)
    if match is None:
        return None
    return " ".join(part for part in match.groups() if part)


def names_pain(text: str) -> bool:
    """Whether a text reports pain that is there (muscle soreness and tiredness aside)."""
    if _NO_PAIN.search(text) or _IN_GENERAL.search(text):
        return False
    hurts = _HURTS.search(text)
    if hurts is not None:
        if re.search(r"\b(?:body\s+aches|headaches?|heart\s*ache)\b", text):
            return False
        only_ache = re.fullmatch(r"ach(?:e|es|ing|y)", hurts[0])
        return not (only_ache and _MUSCLES.search(text))
    return bool(
        _SORE_JOINT.search(text)
        and _JOINT.search(text)
        and not re.search(r"\bsore\s+throat\b|\bback\s+(?:off|on|to|from|in|home)\b", text)
    )


def pain_is_over(text: str) -> bool:
    """Whether a text says that a pain or an injury is over."""
    about = BODY_PART.search(text) or re.search(
        r"\b(?:pain|injury|niggle|it|physio|doctor|gp)\b", text
    )
    if about is None:
        return False
    if re.search(
        r"\b(?:doesn't|don't|isn't|not|no\s+longer)\s+(?:\w+\s+)?hurt(?:s"
        r"|ing)?(?:\s+(?:any\s*more|now|at\s+all))?"
        r"|\bno\s+(?:more\s+)?(?:\w+\s+)?pain\s+(?:any\s*more|now|for|since|left)"
        r"|\bpain[- ]?free\b",
        text,
    ):
        return True
    return bool(_OVER.search(text)) and not _NOT_OVER.search(_OVER.sub(" ", text))


def pain_signs(text: str) -> list[str]:
    """Return the warning signs that were named, in the tool's order."""
    return [
        name
        for name, pattern in _SIGNS
        if (match := pattern.search(text)) and not _DENIED.search(text[: match.start()])
    ]


def symptoms(text: str) -> str | None:
    """Return where the illness sits, the gravest named; None where nothing tells."""
    for name, pattern in (("fever", _FEVER), ("below_neck", _BELOW), ("above_neck", _ABOVE)):
        match = pattern.search(text)
        if match is None:
            continue
        before = text[: match.start()]
        if re.search(r"\bno\s+(?:\w+\s+)?$", before) and not before.endswith("no more "):
            continue
        return name
    return None


def names_illness(text: str) -> bool:
    """Whether a text speaks of the runner's illness."""
    if re.search(
        r"\b(?:sick\s+of|ill\s+effects|resting\s+temperature|outside|weather\s+was"
        r"|degrees\s+out)\b",
        text,
    ):
        return False
    if _SOMEBODY_ELSE.search(text) or read_weather(text):
        return False
    if re.search(r"\bin\s+the\s+cold\b", text) or _IN_GENERAL.search(text):
        return False
    if re.search(r"\bnot\s+(?:sick|ill)\b(?!\s+any)", text):
        return False
    if _SICK.search(text):
        return True
    kind = symptoms(text)
    if kind == "below_neck" and re.search(r"\bchest\s+(?:strap|day|press)|\bcore\b", text):
        return False
    if kind == "fever" and re.search(
        r"\btemperature\s+(?:was|outside|today|is\s+(?:perfect|nice|high))", text
    ):
        return False
    return kind is not None


def illness_is_over(text: str) -> bool:
    """Whether a text says that the illness is over."""
    if _NOT_WELL.search(text) or _BETTER_FIRST.search(text):
        return False
    return bool(_WELL.search(text)) or bool(
        re.search(
            r"\bno\s+more\s+(?:fever|symptoms|cough)|\bno\s+fever\s+(?:any\s*more|now|since)", text
        )
    )


_WELL_AGAIN = re.compile(
    r"^\W*(?:(?:good\s+news|hey|hi|coach|yes|ok|okay|so|and|now|finally)\W+)*"
    r"(?:(?:i'm|i\s+am|i\s+feel|i've|i\s+have|feeling|feel|back\s+to)\s+)?(?:(?:all|fully|totally|completely"
    r"|now|been|finally|much|100\s*%|feeling|being)\s+)*"
    r"(?:(?:well|healthy|better|fine|good|fit|recovered|ok|okay)(?:\s+(?:again|now|today))*"
    r"|full\s+health|symptom[- ]free(?:\s+now)?"
    r"|(?:(?:the|my|all|no|more|any|have)\s+)*(?:symptoms?)(?:\s+(?:are|is|have|has|all|now|completely)\b)*"
    r"(?:\s+(?:gone|over|cleared(?:\s+up)?|disappeared|anymore|any\s+more))?)\W*$"
)
_ILLNESS_MEANT = re.compile(
    r"\b(?:well|healthy|fit|recovered)\s+(?:again|now)\b|\bhealthy\b|\bhealth\b|\bsymptom"
)


def names_illness_over(text: str) -> bool:
    """Whether a whole text says that the runner is well again, without naming the illness."""
    if _WELL_AGAIN.search(text) is None or _NOT_WELL.search(text):
        return False
    return bool(
        re.search(
            r"\b(?:again|now|gone|over|cleared|no|free|recovered|better|back"
            r"|disappeared|any\s*more)\b",
            text,
        )
    )


def illness_was_meant(text: str) -> bool:
    """Whether such a text can only be about an illness."""
    return _ILLNESS_MEANT.search(text) is not None

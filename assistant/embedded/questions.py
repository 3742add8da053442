"""Questions about the plan and about what was run."""

import re

from assistant.embedded.messages import QUESTION, Call, Message
from assistant.embedded.runs import plans_a_run
from assistant.embedded.weather import read_weather
from assistant.embedded.wording import DAY_NAMES, hold_text, joined

_PROGRESS = re.compile(
    r"\b(?:progress(?:ing)?|stats|statistics|adherence|mileage|trends?|how\s+am\s+i\s+doing"
    r"|how's\s+(?:my\s+)?(?:training|it|everything)\s+(?:going|been)|on\s+track|consistent"
    r"|consistency|improv(?:ed|ing|ement)|getting\s+(?:any\s+)?(?:fitter|faster|better"
    r"|stronger)|planned\s+(?:vs\.?|versus|and|against|with|to)\s+(?:done|actual)|how\s+(?:much|far"
    r"|many\s+\w+)\b.{0,25}\b(?:did|have|i've|has)\b|how\s+did\s+(?:i|my|the)\b|(?:last"
    r"|past)\s+(?:month|few\s+weeks|\d+\s+weeks)|look(?:ing)?\s+back|recap|review|history"
    r"|so\s+far|weekly\s+(?:volume|distance|totals?|km))\b"
)
_WEEKS = re.compile(
    r"\b(?:last|past|over|for|in|of|previous)\s+(?:the\s+)?(?:(?:last|past"
    r"|previous)\s+)?(\d{1,2})\s+weeks?\b|\b(\d{1,2})[- ]weeks?\b"
)
_SUMMARY = re.compile(
    r"\b(?:(?:this|next|rest\s+of\s+the|coming)\s+week|what's\s+(?:next|coming(?:\s+up)?|up"
    r"|on|planned|ahead|in\s+store|left)|(?:run|running|up)\s+next|next\s+(?:\d+\s+)?(?:workouts?|runs?|sessions?|few\s+days|up)"
    r"|upcoming|coming\s+up|my\s+(?:training\s+)?(?:plan|schedule|week|program(?:me)?|race"
    r"|goal|phase|training)|the\s+(?:plan|schedule|race|week|focus|goal)|phase|(?:show|see"
    r"|view|give)\s+(?:me\s+)?(?:my\s+|the\s+)?(?:plan|week|schedule|training|overview)"
    r"|track\s+my\s+training|weeks?\s+(?:to\s+go|left|until|till|to\s+(?:the\s+)?race)"
    r"|how\s+long\s+(?:till|until|to|before)|how\s+many\s+(?:weeks|days)|race\s+(?:day|date)"
    r"|focus|summary|overview|runs\s+do\s+i\s+have|workouts\s+do\s+i\s+have"
    r"|left\s+this\s+week|training\s+look|plan\s+look|what\s+am\s+i\s+training\s+for"
    r"|where\s+am\s+i|(?:have|got|is\s+there)\s+(?:a|any)\s+(?:\w+\s+)?plan)\b"
)
_WORKOUT = re.compile(
    r"\b(?:what(?:'s|\s+is|\s+do|\s+should|\s+am|\s+are|\s+have|\s+does|\s+did|\s+pace"
    r"|\s+kind|\s+type|\s+time)?|how|why|which|show|tell|give|detail(?:s|ed)?|describe"
    r"|explain|info|is|do|am|structure|when's|when|should|can\s+you|see|remind|workout"
    r"|session|run|training)\b"
)
_OTHER_WORLD = re.compile(
    r"\b(?:weather|forecast|rain(?:ing)?\s+(?:tomorrow|on)|news|football|stock|recipe|joke"
    r"|movie|music)\b"
)
_RUNNING_DAYS = re.compile(
    r"\b(?:what|which)\s+(?:week)?days\s+(?:do|am|can|should|will|are|did)\s+i\b.*\b(?:run|running|train"
    r"|training|available)\b|\b(?:what|which|show|tell)\b.*\bmy\s+(?:running|training|available)\s+days\b"
)
_WHETHER_TO_RUN = re.compile(
    r"^\W*(?:(?:so|and|but|ok|okay|then|hey|coach)\W+)*(?:can|could|may|should|shall|do|am)\s+i\s+"
    r"(?:(?:still|even|allowed|able|ok|okay|have|need|supposed|to|go|now)\s+)*(?:run|train|jog|running"
    r"|go\s+for\s+a\s+run|for\s+a\s+run)(?:\s+(?:now|again|yet|at\s+all|then|or\s+not|like\s+this))*\W*$"
)
_CLOTHES = re.compile(
    r"\b(?:wear|eat|drink|breakfast|gels?|shoes?|hydrat\w*|fuel|caffeine|alcohol|beer|wine"
    r"|carbs?)\b"
)


def running_days(message: Message) -> str | None:
    """Say which days the runner runs on, where the message asks for them."""
    if not _RUNNING_DAYS.search(message.text) or message.days:
        return None
    known = message.context.runner.get("available_days") or ()
    names = [DAY_NAMES[day] for day in known if day in DAY_NAMES]
    hold = hold_text(message.context)
    if not names:
        told = 'I don\'t know your running days yet. Tell me, such as "I can run Tue and Sun".'
    else:
        told = f"Your running days are {joined(names)}."
    return f"{hold} {told}".strip()


def read_progress(message: Message) -> Call | None:
    """Return a look back, where the message asks for one."""
    text = message.text
    if not _PROGRESS.search(text):
        return None
    asks = QUESTION.search(text) or re.search(
        r"\b(?:progress|compare|stats|adherence|mileage|recap|review|vs|versus|history"
        r"|look(?:ing)?\s+back|trends?)\b",
        text,
    )
    if not asks or re.search(r"\b(?:how\s+(?:do|can|should)\s+i|tips|improve\s+my)\b", text):
        return None
    weeks = _WEEKS.search(text)
    count = int(weeks[1] or weeks[2]) if weeks else 0
    if weeks and re.search(r"\b(?:to\s+go|left|until)\b", text):
        return None
    return "get_progress", ({"weeks": count} if 1 <= count <= 52 else {})


def read_weather_question(message: Message) -> Call | None:
    """Return a look at a day's workout in the heat, or at the height, that a message names."""
    found = read_weather(message.text)
    if found is None:
        return None
    days = [day for day in message.days_of(message.text) if not day.is_week]
    workout = None if days else message.workout_of(message.text)
    named = workout.date if workout is not None else days[0].date() if days else None
    date = named or message.context.today
    if date < message.context.today:
        return None
    return "get_workout", {"date": date.isoformat(), **found}


def read_workout_question(message: Message) -> Call | None:
    """Return a look at one workout, where the message asks about one."""
    text = message.text
    if _OTHER_WORLD.search(text) or _CLOTHES.search(text):
        return None
    asks = QUESTION.search(text) or _WORKOUT.search(text)
    if plans_a_run(message) and not re.search(r"^\W*(?:what|how|why|show)\b", text):
        return None
    if message.ids:
        return (
            ("get_workout", {"workout_id": message.ids[0]})
            if asks or len(text.split()) <= 2
            else None
        )
    if _WHETHER_TO_RUN.search(text):
        return "get_workout", {"date": message.context.today.isoformat()}
    days = message.days_of(text)
    singles = [day for day in days if not day.is_week]
    if singles and (asks or len(text.split()) <= 2):
        past = (
            bool(re.search(r"\b(?:did|was|were|had|ran)\b", text)) or singles[0].modifier == "last"
        )
        date = singles[0].date(past=past)
        return ("get_workout", {"date": date.isoformat()}) if date else None
    if not asks:
        return None
    if re.search(
        r"\b(?:easy|tempo|threshold|intervals?|recovery|long\s+run)\s+(?:run\s+)?paces?\b", text
    ):
        return None
    workout = message.workout_of(text)
    if workout is None and re.search(r"\b(?:the|my|this|next)\s+(?:easy|recovery)\b", text):
        workout = message.context.coming("easy")
    definite = re.search(
        r"\b(?:the|my|this\s+week's|next|upcoming|this|that)\s+(?:\w+\s+)?(?:tempo|threshold"
        r"|intervals?|long|easy|recovery|speed)\b",
        text,
    )
    if (
        workout is not None
        and definite
        and not re.search(
            r"\b(?:point|purpose|benefit|difference|why\s+do\s+(?:people|runners|we))\b", text
        )
    ):
        return "get_workout", {"date": workout.date.isoformat()}
    return None


def read_summary_question(message: Message) -> Call | None:
    """Return a look at the plan, where the message asks for it."""
    text = message.text
    if _OTHER_WORLD.search(text) or _CLOTHES.search(text):
        return None
    if re.search(r"\b(?:delete|remove|erase|ignore|cancel)\b", text):
        return None
    without_marks = _with_weeks(message, text)
    match = _SUMMARY.search(without_marks)
    if match is None:
        return None
    asks = QUESTION.search(text) or re.search(
        r"\b(?:show|track\s+my\s+training|plan|schedule|overview|summary|next|upcoming|week|see)\b",
        text,
    )
    return ("get_plan_summary", {}) if asks else None


def _with_weeks(message: Message, text: str) -> str:
    """Put the words back where a whole week was marked."""

    def words(match: re.Match[str]) -> str:
        days = message.days_of(match[0])
        if not days or not days[0].is_week:
            return "day"
        return (
            "this week" if days[0].week == 0 else "next week" if days[0].week == 1 else "last week"
        )

    return re.sub(r"«[a-z]+»", words, text)

"""General questions about running, answered from common knowledge and the context.

No diagnosis, no doses. An answer that would hold a pace takes it from the plan's context.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from assistant.embedded.context import Context
from assistant.embedded.numbers import plain
from assistant.embedded.wording import hold_text

CAN_DO = (
    "I can show your plan, log your runs in your own words, and change the plan when you miss a "
    "run, have pain, are ill or tired, or need another day."
)
_UNSURE = (
    "I'm not sure I got that. You can tell me about a run, ask what's on this week, or say what "
    "should change in the plan."
)
_UNSURE_GENERAL = (
    "I'm not sure I got that. Ask me about training, pacing, effort, rest, food or gear."
)
_NO_PLAN_HERE = (
    "Your training plan and your log belong to an active subscription, so I can't open them in "
    "this chat. I'm glad to answer general running questions."
)
_ABOUT_RUNNING = re.compile(
    r"\b(?:runs?|running|jog\w*|rac(?:e|ing)|train\w*|paces?|tempo|intervals?|workouts?|sessions?)\b"
)
_WHETHER = re.compile(r"\b(?:can|should|may|could|shall|ok|okay|safe|fine|paces?|fast|slow)\b")
_EMPTY_NOTE = "Nothing was changed and nothing was stored. What would you like to do?"


@dataclass(frozen=True, slots=True)
class Topic:
    """pattern: finds it in a plain text; answer: what to say, perhaps from the context."""

    pattern: re.Pattern[str]
    answer: str | Callable[[Context], str]


def without_context(said: str) -> str:
    """Answer where nothing is known of the runner."""
    return _topic(plain(said), None) or _UNSURE_GENERAL


def without_plan(said: str, context: Context, *, about_plan: bool) -> str:
    """Answer a runner whose subscription does not open the plan tools."""
    told = None if about_plan else _topic(plain(said), context)
    return told or (_NO_PLAN_HERE if about_plan else f"{_UNSURE_GENERAL} {_NO_PLAN_HERE}")


def reply(said: str, context: Context, *, noted: bool) -> str:
    """Answer a message that no tool is needed for.

    After a note of the orchestrator only a sentence that claims nothing is left.
    """
    if noted:
        return _EMPTY_NOTE
    text = plain(said)
    told = _topic(text, context) or _UNSURE
    hold = hold_text(context)
    if hold and _ABOUT_RUNNING.search(text):
        return hold if _WHETHER.search(text) else f"{hold} {told}"
    return told


def is_unsure(said: str, context: Context) -> bool:
    """Whether a message is about nothing that is known here."""
    return _topic(plain(said), context) is None


def _topic(text: str, context: Context | None) -> str | None:
    for topic in _TOPICS:
        if topic.pattern.search(text):
            if isinstance(topic.answer, str):
                return topic.answer
            if context is not None:
                return topic.answer(context)
    return None


def _pace_of(kind: str, name: str, feel: str) -> Callable[[Context], str]:
    def told(context: Context) -> str:
        found = (context.plan or {}).get("paces")
        paces = found if isinstance(found, dict) else {}
        pace = paces.get(kind)
        if not isinstance(pace, str):
            return f"{feel} With a recent race result I could name a pace."
        unit = "mile" if paces.get("unit") == "mi" else "km"
        return f"Your {name} pace is {pace} a {unit}. {feel}"

    return told


def _hello(context: Context) -> str:
    name = context.runner.get("name")
    named = f", {name}" if isinstance(name, str) and name else ""
    offer = (
        " Tell me about a run, or ask what's on this week."
        if context.offers_plan
        else (" Ask me anything about running.")
    )
    return f"Hi{named}!{offer}"


def _can_do(context: Context) -> str:
    rules = "I'm the built-in coach: a set of rules, not a language model."
    return f"{rules} {CAN_DO if context.offers_plan else 'I answer general running questions.'}"


def _find(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{pattern})\b")


_EASY = "Easy means that you could speak in whole sentences all the way."
_TOPICS = (
    Topic(
        _find(
            r"(?:run|running|train|training|race)\s+(?:with|through|when|while)\s+.*(?:cold"
            r"|flu|fever|sick|ill)"
        ),
        "With mild symptoms above the neck, a short easy run is usually fine if you feel up to it. "
        "With fever, a chesty cough or body aches, don't run; rest until they are gone, and ask a "
        "doctor if you are unsure. Tell me if you are ill now and I'll look at the plan.",
    ),
    Topic(
        _find(r"painkillers?|ibuprofen|paracetamol|aspirin|naproxen|medication|meds|pills?"),
        "I can't advise on medicine; please ask a doctor or pharmacist. Masking pain in order to "
        "run isn't safe.",
    ),
    Topic(
        _find(
            r"(?:avoid|prevent\w*|causes?|cure|treat\w*|run\w*\s+(?:with"
            r"|through))\b.*\b(?:injur\w*|pain|splints|knee\w*|niggle\w*|achilles|plantar\w*"
            r"|itb\w*)"
        ),
        "Most running injuries come from doing more than the body is used to: build up slowly, "
        "keep easy days easy, sleep enough, and add some strength work. Don't run through pain; "
        "if it lasts or makes you limp, see a physio. Tell me if something hurts now.",
    ),
    Topic(
        _find(r"stitch(?:es)?"),
        "Side stitches often pass if you slow down, breathe out deeply and press on the spot. A "
        "longer gap between eating and running, and a gentle start, help to avoid them.",
    ),
    Topic(
        _find(r"cramp\w*"),
        "Cramps mostly come from muscles that are more tired than they are used to. Start slower, "
        "build up the long run gradually, and drink to thirst. If they keep coming, see a doctor.",
    ),
    Topic(
        _find(
            r"difference\s+between.*(?:tempo|threshold|interval)|(?:tempo|threshold)\s+(?:vs"
            r"|versus|or)\s+interval\w*"
        ),
        "A tempo is steady and comfortably hard, in long blocks. Intervals are faster and shorter, "
        "with easy running between them. Tempo lifts the pace you can hold, intervals the ceiling.",
    ),
    Topic(
        _find(
            r"(?:easy|recovery)\s+(?:run\s+)?pace|pace.*\beasy|how\s+(?:slow|fast).*\b(?:easy"
            r"|recovery)|run\s+easy"
        ),
        _pace_of("easy", "easy", _EASY),
    ),
    Topic(
        _find(
            r"(?:tempo|threshold)\s+(?:run\s+)?pace|pace.*\b(?:tempo|threshold)"
            r"|how\s+fast.*\b(?:tempo|threshold)"
        ),
        _pace_of("threshold", "tempo", "A tempo feels comfortably hard: short phrases, no chat."),
    ),
    Topic(
        _find(r"interval\s+pace|pace.*\bintervals?|how\s+fast.*\bintervals?"),
        _pace_of(
            "interval",
            "interval",
            "Intervals are hard but even: the last one as fast as the first.",
        ),
    ),
    Topic(
        _find(r"(?<!half )marathon\s+pace|pace.*(?<!half )\bmarathon|goal\s+pace|race\s+pace"),
        _pace_of(
            "marathon", "marathon", "Start a race a little slower than planned and finish strong."
        ),
    ),
    Topic(
        _find(r"what\s+(?:pace|speed)|my\s+paces?|which\s+pace"), _pace_of("easy", "easy", _EASY)
    ),
    Topic(
        _find(r"rpe|perceived\s+(?:effort|exertion)"),
        "RPE is how hard a run feels, from none at all to all out. On easy runs you can talk in "
        "whole sentences, a tempo leaves you short phrases, and a race leaves no words at all.",
    ),
    Topic(
        _find(r"tempo|threshold|lactate"),
        "A tempo run is comfortably hard: a steady effort that you could hold for about an hour in "
        "a race. It teaches the body to keep a faster pace without tiring.",
    ),
    Topic(
        _find(r"intervals?|speed\s*work|vo2\s*max|track"),
        "Intervals are fast repeats with easy running between them. They lift your ceiling, so "
        "that every slower pace feels easier.",
    ),
    Topic(
        _find(r"fartlek\w*"),
        "Fartlek is Swedish for speed play: faster stretches by feel within an easy run.",
    ),
    Topic(
        _find(r"strides"),
        "Strides are short, relaxed accelerations after an easy run, with full rest between them. "
        "They keep your form quick without tiring you.",
    ),
    Topic(
        _find(r"taper\w*"),
        "Before a race the training gets shorter while some speed stays in. The body absorbs the "
        "work and arrives fresh; nothing is lost in that time.",
    ),
    Topic(
        _find(r"drift|decoupling"),
        "Heart-rate drift is how far the pulse climbs over a steady run at the same pace. Little "
        "drift shows good endurance; heat, thirst and tiredness raise it.",
    ),
    Topic(
        _find(r"cadence|step\s+rate|turnover"),
        "Cadence is your steps per minute. There is no single right number: taller runners take "
        "fewer steps, and it rises with speed. If you overstride, slightly quicker steps help.",
    ),
    Topic(
        _find(r"heart\s*-?\s*rate|hr|pulse|zones?"),
        "Heart rate shows how hard the body works, but it lags and climbs with heat, stress and "
        "coffee. Use it to keep easy runs easy, and trust your breath on hard days.",
    ),
    Topic(
        _find(
            r"how\s+(?:long|far)\s+is\s+(?:a|the|an)\s+(?:half|marathon|full)"
            r"|how\s+many\s+(?:km|kilomet\w+|miles|k)\s+(?:is|are|in|has)"
        ),
        "A half marathon is 21.1 km or 13.1 miles, a marathon 42.2 km or 26.2 miles.",
    ),
    Topic(
        _find(
            r"rest\s*days?|days?\s+off|need\s+(?:to\s+)?rest|rest\s+between"
            r"|run\w*\s+(?:every\s*day|daily)|overtrain\w*|recover(?:y)?"
        ),
        "You get fitter while you rest, not while you run: tissue needs a day or two to rebuild "
        "after hard or long runs. Easy days and rest days are part of the training.",
    ),
    Topic(
        _find(
            r"eat\w*|food|fuel\w*|gels?|carb\w*|breakfast|nutrition|protein|diet|snack\w*"
            r"|energy\s+drink\w*"
        ),
        "Eat something light that you know well before you run, and practise on long runs what you "
        "will take in the race. On runs well over an hour, small amounts of carbohydrate early and "
        "often work best; for special needs ask a dietitian.",
    ),
    Topic(
        _find(
            r"drink\w*|water|hydrat\w*|electrolytes?|salt|coffee|caffeine|alcohol|beer|wine"
            r"|thirst\w*"
        ),
        "Drink to thirst: enough over the day, and on long or hot runs a little at a time. Try "
        "coffee or anything new in training, never for the first time on race day.",
    ),
    Topic(
        _find(
            r"shoes?|trainers|sneakers|carbon|insoles?|socks|gear|watch|clothes|clothing|wear"
            r"|jacket"
        ),
        "The best shoe is the one that feels comfortable from the first step. Carbon plates help "
        "mostly at race pace and aren't needed in training. Dress as if it were a bit warmer than "
        "it is, and try everything before race day.",
    ),
    Topic(
        _find(r"stretch\w*|warm\s*-?\s*up|warming\s+up|cool\s*-?\s*down|foam\s+roll\w*|mobility"),
        "Warm up with easy running and loose movements such as leg swings; long static stretches "
        "are better kept for later. After hard work, jog a little until your breath is calm.",
    ),
    Topic(
        _find(
            r"strength|gym|weights|core|squats?|plyometric\w*|cross[- ]?train\w*|cycling"
            r"|swim\w*|yoga"
        ),
        "Strength work on one or two days a week makes runners more robust: calves, hips and core "
        "above all. Keep it away from the day before hard or long runs.",
    ),
    Topic(
        _find(r"breath\w*"),
        "Breathe deep and relaxed, through mouth and nose. If you can't talk on an easy run, slow "
        "down; there is no perfect rhythm.",
    ),
    Topic(
        _find(r"cold|winter|snow|ice|icy|freezing|rain\w*|wind\w*"),
        "Cold and rain are fine with layers, a longer warm-up and something on hands and head. On "
        "ice, take the treadmill or another day.",
    ),
    Topic(
        _find(r"hot|heat|summer|humid\w*|altitude"),
        "In heat run early, slower and by effort, in the shade, and drink a little often. Stop if "
        "you get dizzy, confused or stop sweating, and get help.",
    ),
    Topic(
        _find(r"treadmill"),
        "A treadmill is fine for any workout; go by effort. A small incline makes up for the "
        "missing wind.",
    ),
    Topic(
        _find(r"long\s+runs?|endurance|stamina"),
        "The long run builds endurance: stronger muscles and tendons, and a body that burns fat "
        "well. It should feel easy, and it grows by small steps.",
    ),
    Topic(
        _find(r"easy\s+(?:runs?|days?|running)|slow\s+runs?|zone\s+2"),
        "Easy runs build the heart and the endurance at little cost, so most running is easy. "
        f"{_EASY}",
    ),
    Topic(
        _find(
            r"get\s+(?:any\s+)?faster|faster\s+run\w*|improve\w*|beginners?|start\s+running"
            r"|motivat\w*|consisten\w*"
        ),
        "What helps most is regular running, mostly easy, with one or two faster days, enough "
        "sleep, and patience. Small steps every week beat a hard week now and then.",
    ),
    Topic(
        _find(
            r"pac(?:e|ing)\s+(?:a|the|my)|pac(?:e|ing)\s+strateg\w*|negative\s+split\w*"
            r"|race\s+(?:day|strateg\w*|tips)|nervous|the\s+wall"
        ),
        "Start slower than feels right, run the middle evenly, and race the last third. Nothing "
        "new on race day, and being nervous only means that it matters to you.",
    ),
    Topic(
        _find(
            r"who\s+are\s+you|what\s+are\s+you|are\s+you\s+(?:a|an|human|real|ai)"
            r"|what\s+can\s+(?:you|i)|help|how\s+does\s+this\s+work|what\s+do\s+you\s+do"
        ),
        _can_do,
    ),
    Topic(
        _find(r"how\s+are\s+you|how's\s+it\s+going|what's\s+up"),
        "I'm fine, thanks! How are you, and how are the legs?",
    ),
    Topic(
        _find(r"good\s+night|bye|goodbye|see\s+(?:you|ya)|later|ciao"),
        "See you! Enjoy your next run.",
    ),
    Topic(
        _find(
            r"thanks?|thank\s+you|thx|ty|cheers|the\s+best|you\s+rock|great\s+(?:job|coach)"
            r"|nice\s+(?:one|work)|awesome|perfect|love\s+(?:it|this|you)"
        ),
        "You're welcome! I'm here when you need me.",
    ),
    Topic(
        re.compile(
            r"^\W*(?:hi|hello|hey|hiya|yo|good\s+(?:morning|afternoon|evening|day)|morning|moin"
            r"|hallo)\b"
        ),
        _hello,
    ),
    Topic(
        re.compile(
            r"^\W*(?:ok|okay|k|cool|great|fine|sure|yes|yep|yeah|alright|all\s+right|got\s+it|no"
            r"|nope|haha\w*|lol|hm+|👍)\b"
        ),
        "All right. Tell me when there is something to note or to change.",
    ),
    Topic(
        _find(r"weather|forecast"),
        "I can't see the weather from here. If it is too hot, icy or stormy, tell me and we "
        "find another day.",
    ),
    Topic(
        _find(
            r"(?:delete|close|cancel)\s+(?:my\s+|the\s+)?(?:account|subscription|plan|data"
            r"|everything)"
        ),
        "I can't do that in the chat; please use the account settings or ask the support team.",
    ),
)

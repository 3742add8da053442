"""What a message asks for: the calls to make, or what to say instead."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from assistant.embedded import changes, goals, profiles, questions, runs
from assistant.embedded.bodies import names_illness
from assistant.embedded.context import Context
from assistant.embedded.messages import Call, Message, read_message
from assistant.embedded.turns import Conversation

_NO = re.compile(
    r"^\W*(?:no+|nope|nah|no\s+thanks?(?:\s+you)?|not\s+now|don't(?:\s+do\s+(?:it|that))?|leave\s+it(?:\s+as\s+it\s+is)?|keep\s+it(?:\s+as\s+it\s+is)?|rather\s+not|cancel|decline|reject|none|neither|forget\s+it|never\s*mind)\b[\w\s,]{0,30}\W*$"
)
_LOOKS = ("get_workout", "get_plan_summary", "get_progress")
_NOT_YET = (
    "Nice idea. I log a run once it is done; if a workout should move to that day, tell me which."
)
_WHICH_RUN = "Was that a run of yours, and on which day?"


@dataclass(frozen=True, slots=True)
class Intent:
    """calls: to make, in order. reply: what to say where none is made. declined: a "no"."""

    calls: tuple[Call, ...] = ()
    reply: str | None = None
    declined: bool = False


def read_intent(conversation: Conversation, context: Context) -> Intent | None:
    """Read this turn's message; None where it is neither a report nor a wish nor a question
    about the plan."""
    message = read_message(conversation.said, context)
    if context.proposal and _NO.search(message.text):
        return Intent(declined=True)
    answered = changes.read_answer(message, conversation.last)
    if answered is None:
        answered = changes.read_recovery(message, conversation.earlier, conversation.asked_about)
    if answered is not None:
        return _intent(answered)
    found = _read(message, conversation)
    if found is not None and any(name not in _LOOKS for name, _ in found.calls):
        return found
    if conversation.asked_about and not message.is_question:
        joined = f"{conversation.asked_about}. {conversation.said}"
        both = _read(read_message(joined, context), conversation)
        if both is not None and (both.calls or both.reply):
            return both
    return found


def _read(message: Message, conversation: Conversation) -> Intent | None:
    either = next((day.choices for day in message.days if day.choices), ())
    if either:
        first, second = (f"{day:%B} {day.day}" for day in either)
        return Intent(reply=f"That can be read for example as {first} or as {second}. Which day?")
    if any(day.unknown for day in message.days):
        return Intent(reply="That date isn't in any calendar. Which day do you mean?")
    if changes.UNDO.search(message.text) and not message.quantities.has_run:
        return Intent((changes.read_undo(message.text),))
    preview = changes.PREVIEW.search(message.text) is not None
    found = _first_plan_wish(message) or _parts(message, conversation, preview=preview)
    if found is None:
        found = _first_question(message)
    if found is None or not preview:
        return found
    calls = tuple(
        (name, {**arguments, "preview": True})
        for name, arguments in found.calls
        if name == "adapt_plan"
    )
    return Intent(calls, found.reply) if calls or found.reply else None


def _first_plan_wish(message: Message) -> Intent | None:
    flags = profiles.read_injury_flags(message)
    if flags is not None:
        return Intent((flags,))
    readers = (goals.read_goal, goals.read_new_plan)
    for reader in reversed(readers) if goals.wants_a_plan(message.text) else readers:
        intent = _intent(reader(message))
        if intent is not None:
            return intent
    return None


def _first_question(message: Message) -> Intent | None:
    readers: tuple[Callable[[Message], Call | None], ...] = (
        questions.read_weather_question,
        profiles.read_profile,
        questions.read_progress,
        questions.read_workout_question,
        questions.read_summary_question,
    )
    days = questions.running_days(message)
    if days is not None:
        return Intent(reply=days)
    for reader in readers:
        call = reader(message)
        if call is not None:
            return Intent((call,))
    tune_up = changes.read_tune_up(message)
    if tune_up is not None:
        return Intent((tune_up,))
    if runs.plans_a_run(message):
        return Intent(reply=_NOT_YET)
    said = message.quantities
    if (said.has_any or said.pain is not None) and not message.is_question:
        return Intent(reply=_WHICH_RUN)
    return None


def _intent(found: Call | str | None) -> Intent | None:
    if found is None:
        return None
    return Intent(reply=found) if isinstance(found, str) else Intent((found,))


def _parts(message: Message, conversation: Conversation, *, preview: bool) -> Intent | None:
    """Read a message clause by clause: each part goes to the readers whose subject it has."""
    together = None if preview else runs.read_runs(message)
    if together is not None:
        return Intent(reply=together) if isinstance(together, str) else Intent(together)
    arranged = _arrangement(message, preview=preview)
    if arranged is not None:
        return arranged
    correction = None if preview else runs.read_correction(message, conversation.earlier)
    labels = [_labels(message, clause, preview=preview) for clause in message.clauses]
    about = {label for found in labels for label in found}
    if "run" in about:
        for clause, found in zip(message.clauses, labels, strict=True):
            if not found and runs.measures(message, clause):
                found.add("run")
    if correction is not None and not about & {"missed"}:
        pains = _call_of(message, labels, "pain", changes.read_pain)
        return Intent((correction, *pains))
    if "run" not in about and not about and runs.reports_a_run(message, message.text, alone=True):
        labels[0] = {"run"}
        about = {"run"}
    if "run" in about:
        about -= {"tired", "strong", "gap"}
    if about & {"ill", "pain"}:
        about -= {"off", "tired", "gap", "strong"}
    calls: list[Call] = []
    if "run" in about:
        text = _text_of(message, labels, {"run", "tired", "strong"})
        run = runs.read_run(message, text)
        if isinstance(run, str):
            return Intent(reply=run)
        calls.append(run)
        if not about & {"ill", "pain"} and (race := changes.read_race_result(message, text)):
            calls.append(race)
    if "missed" in about:
        missed = changes.read_missed(message, _text_of(message, labels, {"missed"}))
        if isinstance(missed, str):
            return Intent(reply=missed)
        for call in missed or ():
            if not (call[0] == "adapt_plan" and about & {"ill", "pain"}):
                calls.append(call)
        about -= {"off", "skip", "gap", "tired"}
    for label, reader in _ADAPTATIONS:
        if label in about:
            calls += _call_of(message, labels, label, reader)
    if "weekly" in about:
        calls += _weekly(message, _text_of(message, labels, {"weekly"}))
    elif "off" in about and "skip" not in about:
        calls += _days_off(message, _text_of(message, labels, {"off"}))
    whole = tuple(
        _with_body_part(_with_symptoms(call, conversation), conversation) for call in calls
    )
    return Intent(whole) if whole else None


def _with_body_part(call: Call, conversation: Conversation) -> Call:
    """Add where it hurts to an answer to the question how bad a pain is."""
    name, arguments = call
    if arguments.get("kind") != "pain" or "body_part" in arguments or "cleared" in arguments:
        return call
    asked = (done.arguments for done in conversation.last if done.failed)
    part = next((said.get("body_part") for said in asked if said.get("kind") == "pain"), None)
    return (name, {**arguments, "body_part": part}) if isinstance(part, str) else call


def _with_symptoms(call: Call, conversation: Conversation) -> Call:
    """Add the symptoms that the conversation knows to the end of an illness."""
    name, arguments = call
    if arguments.get("kind") != "illness" or not arguments.get("over") or "symptoms" in arguments:
        return call
    known = changes.known_symptoms(conversation.earlier)
    return (name, {**arguments, "symptoms": known}) if known else call


_ADAPTATIONS: tuple[tuple[str, Callable[[Message, str], Call | None]], ...] = (
    ("pain", changes.read_pain),
    ("ill", changes.read_illness),
    ("gap", changes.read_gap),
    ("tired", changes.read_fatigue),
    ("strong", changes.read_strong),
    ("skip", changes.read_skip),
)


def _call_of(
    message: Message,
    labels: list[set[str]],
    label: str,
    reader: Callable[[Message, str], Call | None],
) -> list[Call]:
    if not any(label in found for found in labels):
        return []
    call = reader(message, _text_of(message, labels, {label}))
    return [] if call is None else [call]


def _arrangement(message: Message, *, preview: bool) -> Intent | None:
    """Return a swap or a move, with the days off of other clauses as its source."""
    inside = (changes.read_swap(message, clause) for clause in message.clauses)
    clear = next((found for found in inside if isinstance(found, tuple)), None)
    swap = clear or changes.read_swap(message, message.text)
    if swap is not None:
        return _intent(swap) if preview or isinstance(swap, str) else _with_run(message, swap)
    clauses = message.clauses
    off = tuple(d for clause in clauses for d in changes.off_dates(message, clause))
    reply: str | None = None
    for text in (*(clauses if len(clauses) > 1 else ()), message.text):
        if not preview and runs.reports_a_run(message, text, alone=False):
            continue
        found = changes.read_move(message, text, off=off if text not in off else ())
        if isinstance(found, str):
            reply = reply or found
        elif found is not None:
            return Intent((found,)) if preview else _with_run(message, found)
    return Intent(reply=reply) if reply else None


def _with_run(message: Message, arranged: Call) -> Intent:
    """Return an arrangement after the run that other clauses of the message report."""
    labels = [_arranging(message, clause) for clause in message.clauses]
    if len(labels) < 2 or {"run"} not in labels:
        return Intent((arranged,))
    run = runs.read_run(message, _text_of(message, labels, {"run"}))
    return Intent((arranged,) if isinstance(run, str) else (run, arranged))


def _arranging(message: Message, clause: str) -> set[str]:
    """Say whether a clause is about the plan, or about a run; neither where it goes on."""
    found = changes.read_swap(message, clause) or changes.read_move(message, clause, off=())
    if found or changes.off_dates(message, clause):
        return {"plan"}
    return {"run"} if runs.reports_a_run(message, clause, alone=False) else set()


def _labels(message: Message, clause: str, *, preview: bool) -> set[str]:
    found: set[str] = set()
    if not preview and runs.reports_a_run(message, clause, alone=False):
        found.add("run")
    if changes.read_gap(message, clause):
        found.add("gap")
    elif not preview and changes.read_missed(message, clause) is not None:
        found.add("missed")
        found.discard("run")
    if names_illness(clause):
        found.add("ill")
    elif changes.read_pain(message, clause):
        found.add("pain")
    elif changes.read_fatigue(message, clause):
        found.add("tired")
    if not found & {"missed", "run", "gap"}:
        if profiles.read_weekly_days(message, clause):
            found.add("weekly")
        elif changes.read_skip(message, clause):
            found.add("skip")
        elif changes.off_dates(message, clause):
            found.add("off")
    if changes.read_strong(message, clause):
        found.add("strong")
    return found


def _text_of(message: Message, labels: list[set[str]], wanted: set[str]) -> str:
    """Join the clauses with a wanted label; a clause without one belongs to that before it."""
    kept = []
    current: set[str] = next((found for found in labels if found), set())
    for clause, found in zip(message.clauses, labels, strict=True):
        current = found or current
        if current & wanted:
            kept.append(clause)
    return " , ".join(kept)


def _days_off(message: Message, text: str) -> list[Call]:
    """Return the change for days off: coming ones as such, past ones as missed."""
    dates = changes.off_dates(message, text)
    coming = [day.isoformat() for day in dates if day >= message.context.today]
    if coming:
        return [changes.adapt(kind="availability", dates=coming[:31])]
    past = [day.isoformat() for day in dates]
    return [changes.adapt(kind="missed", dates=past[:31])] if past else []


def _weekly(message: Message, text: str) -> list[Call]:
    found = profiles.read_weekly_days(message, text)
    if found is None:
        return []
    blocks, until = found
    if message.context.plan is not None:  # adapt_plan keeps the days too, once they are accepted
        last = until.isoformat() if until is not None else None
        return [changes.adapt(kind="availability", days=blocks, until=last)]
    return [("update_profile", {"availability": blocks})]

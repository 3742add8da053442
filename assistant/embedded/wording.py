"""Tool results in words: warm, short, and nothing that the results do not bear out."""

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from typing import Any

from assistant.embedded.context import Context
from assistant.embedded.turns import Conversation, Done
from training.units import (
    KM_PER_MILE,
    miles_from_km,
    parse_pace,
    render_number,
    render_pace,
    weekday,
)

Result = Mapping[str, Any]

DECLINED = "All right, nothing was changed. The plan stays as it is."
LOG_INVITATION = 'Tell me about a run whenever you like, for example "40 min easy done, rpe 3".'
UNDO_HINT = 'Say "undo that" to take it back.'
_DISTANCES = {"5k": "5k", "10k": "10k", "half": "half marathon", "marathon": "marathon"}
_REFUSED = "That didn't go through. "
_MOST_LISTED = 5


def word_results(conversation: Conversation, context: Context) -> str:
    """Word this turn's results in the order of their calls.

    After a note of the orchestrator only the results' own words are used.
    """
    terse = conversation.noted
    paragraphs = [_word(done, conversation, context, terse=terse) for done in conversation.done]
    missed = [done.arguments.get("completion_status") == "missed" for done in conversation.done]
    if any(missed) and all(done.failed for done in conversation.done):
        paragraphs = paragraphs[:1]  # the change failed for what the log failed for
    applied = [
        done.result.get("applied") is True and done.arguments.get("kind") != "undo"
        for done in conversation.done
        if done.name == "adapt_plan"
    ]
    if any(applied) and not terse:
        paragraphs.append(UNDO_HINT)
    told = "\n\n".join(dict.fromkeys(text for text in paragraphs if text))
    return in_units(spoken_dates(told, context.today), context.units) or (
        "That came back empty, so I have nothing to tell from it. Please ask me once more."
    )


def _word(done: Done, conversation: Conversation, context: Context, *, terse: bool) -> str:
    if done.failed:
        over = _ended(context) if done.name == "get_workout" else ""
        looked = done.name.startswith("get_")
        return over or _word_error(done.result["error"], head="" if looked else _REFUSED)
    match done.name:
        case "log_execution":
            return _word_log(done, conversation, context)
        case "adapt_plan":
            hold = hold_text(context)
            if hold and done.arguments.get("kind") == "feeling_strong":
                return hold
            told = _word_adaptation(done, terse=terse or bool(hold))
            return _paragraph(hold, told)
        case "get_plan_summary":
            return _word_summary(done.result, conversation.said, context)
        case "get_workout":
            return _word_workout(done.result, conversation, context)
        case "create_plan":
            return _word_new_plan(done.result, context)
        case "update_profile":
            return _word_profile(done)
        case "get_progress":
            return _word_progress(done.result, context)
    return sentence(str(done.result.get("change_summary") or done.result.get("message") or ""))


def _word_error(error: Result, *, head: str) -> str:
    message = sentence(str(error.get("message") or "it was refused"))
    if message.endswith("?"):
        return message
    unlocked = error.get("unlocked_by")
    told = unlocked and str(unlocked) in message
    more = f" What would help: {sentence(str(unlocked))}" if unlocked and not told else ""
    return f"{head}{message}{more}"


# Runs


def _word_log(done: Done, conversation: Conversation, context: Context) -> str:
    record = done.result
    where = _day_and_name(done, context)
    status = str(record.get("completion_status") or "")
    if status == "missed":
        return f"Noted as missed{where}. It happens; there is nothing to make up for."
    values = ", ".join([*_metrics(record, context), *_feedback(record)])
    verb = "Corrected" if _logged_before(done, conversation) else "Logged"
    told = f"{verb}{where} as {status}" if status else f"{verb}{where}"
    text = sentence(f"{told}: {values}" if values else told)
    score = record.get("adherence_score")
    if score is not None:
        text += f" Adherence score: {score}."
    if record.get("stopped_for_safety"):
        text += " Stopping was the right call."
    return text


def _logged_before(done: Done, conversation: Conversation) -> bool:
    keys = [(key, done.arguments.get(key)) for key in ("workout_id", "date")]
    return any(
        earlier.name == "log_execution"
        and not earlier.failed
        and any(value is not None and earlier.arguments.get(key) == value for key, value in keys)
        for earlier in conversation.earlier
    )


def _day_and_name(done: Done, context: Context) -> str:
    workout_id = done.result.get("workout_id") or done.arguments.get("workout_id")
    planned = context.by_id(workout_id if isinstance(workout_id, str) else None)
    date = done.result.get("date") or done.arguments.get("date")
    if date is None and planned is not None:
        date = planned.date.isoformat()
    day = day_text(date)
    if planned is not None and planned.is_run and planned.date.isoformat() == date:
        return f" for {day} ({planned.name})"
    return f" for {day}" if day else ""


def _metrics(record: Result, context: Context) -> list[str]:
    said = _mapping(record.get("actual_metrics"))
    found = []
    if _number(said.get("duration_minutes")):
        found.append(minutes_text(said["duration_minutes"]))
    if _number(said.get("distance_km")):
        found.append(distance(said["distance_km"], context.units))
    if isinstance(said.get("avg_pace"), str):
        found.append(pace(said["avg_pace"], context.units))
    for key, name, unit in (
        ("hr_avg", "heart rate", ""),
        ("hr_drift", "drift", " %"),
        ("cadence", "cadence", ""),
    ):
        if said.get(key) is not None:
            found.append(f"{name} {_plain(said[key])}{unit}")
    return found


def _felt(record: Result) -> list[str]:
    felt = _mapping(record.get("feedback"))
    return [
        f"{name} {_plain(felt[key])}"
        for key, name in (("rpe", "RPE"), ("soreness", "soreness"), ("fatigue", "fatigue"))
        if felt.get(key) is not None
    ]


def _feedback(record: Result) -> list[str]:
    felt = _mapping(record.get("feedback"))
    found = _felt(record)
    if felt.get("notes"):
        found.append(f'"{felt["notes"]}"')
    return found


# Changes of the plan


def _word_adaptation(done: Done, *, terse: bool) -> str:
    result = done.result
    summary = sentence(str(result.get("change_summary") or ""))
    reason = sentence(str(result.get("reason") or ""))
    advice = " ".join(sentence(str(text)) for text in _listed(result.get("advice")))
    listing = "" if terse else _listing(result)
    if options := _listed(result.get("options")):
        return _word_options(options, terse=terse)
    if result.get("proposal_id"):
        ask = "Nothing has changed yet. Shall I go ahead: yes or no?"
        head = f"Here is what I would do. {summary}".strip()
        why = f"Why: {reason}" if reason else ""
        return _paragraph(head, listing, f"{why} {advice} {ask}")
    if not result.get("applied"):
        stays = "The plan stays as it is."
        return _paragraph(f"{stays} {reason or summary} {advice}")
    why = f"Why: {reason}" if reason and reason != summary else ""
    return _paragraph(summary or "Done.", listing, f"{why} {advice}")


def _word_options(options: list[Any], *, terse: bool) -> str:
    """Number the ways to choose from, each with its days, and ask which one."""
    ways = [_mapping(option) for option in options]
    parts = []
    for number, way in enumerate(ways, 1):
        summary = sentence(str(way.get("change_summary") or ""))
        reason = sentence(str(way.get("reason") or ""))
        parts += [
            f"{number}. {summary}",
            "" if terse else _listing(way, indent="   "),
            f"   Why: {reason}" if reason else "",
        ]
    told = (str(text) for way in ways for text in _listed(way.get("advice")))
    advice = " ".join(dict.fromkeys(sentence(text) for text in told))
    names = [str(number) for number in range(1, len(ways) + 1)]
    ask = f"Which one shall I take: {', '.join(names)} or none?"
    head = f"There are {_COUNTS[len(ways)]} ways to handle it. Nothing has changed yet."
    return "\n".join(part for part in (head, *parts, advice, ask) if part)


_COUNTS = {2: "two", 3: "three"}


def _listing(result: Result, *, indent: str = "") -> str:
    """Return each day before and after, as lines."""
    changes = (_change(change) for change in _listed(result.get("changes")))
    lines = [f"{indent}- {line}" for line in changes if line]
    if len(lines) > _MOST_LISTED:
        lines = [*lines[:_MOST_LISTED], f"{indent}- and {len(lines) - _MOST_LISTED} more"]
    return "\n".join(lines)


def _change(change: Any) -> str:
    before, after = (
        _mapping(_mapping(change).get("before")),
        _mapping(_mapping(change).get("after")),
    )
    if not before and not after:
        return ""
    old_day, new_day = day_text(before.get("date")), day_text(after.get("date"))
    old, new = str(before.get("name") or "rest"), str(after.get("name") or "rest")
    if not after:
        return f"{old_day}: {old} comes out"
    if not before:
        return f"{new_day}: {new} is new"
    if before.get("date") != after.get("date"):
        named = old if old == new else f"{old} (now {new})"
        return f"{named}: from {old_day} to {new_day}"
    return f"{new_day}: {old} becomes {new}" if old != new else f"{new_day}: {new} gets new details"


# Questions


def _word_summary(result: Result, said: str, context: Context) -> str:
    goal = _goal(result, context)
    if held := hold_text(context):
        return _paragraph(held, goal)
    if over := _ended(context):
        return over
    if context.goal_date == context.today:
        goal = f"Today is race day. {goal}".strip()
    asked = said.lower()
    focus = result.get("weekly_focus")
    focused = f"This week's focus: {sentence(str(focus))}" if focus else ""
    hold = _hold(result)
    if re.search(r"\b(?:race|how long|how many weeks)\b", asked) and goal:
        return _paragraph(f"{hold} {goal}".strip())
    if re.search(r"\b(?:phase|focus)\b", asked) and goal:
        return _paragraph(f"{hold} {goal} {focused}".strip())
    coming = [_coming(entry) for entry in _listed(result.get("next_workouts"))]
    if re.search(r"\bnext week\b", asked):
        coming = _next_week(context) or coming
    listing = "\n".join(f"- {line}" for line in coming if line)
    head = f"{hold} {goal} {focused}".strip()
    listed = "Coming up:\n" + listing if listing else "No workouts are coming up."
    return _paragraph(head, listed, LOG_INVITATION if "track my training" in asked else "")


def _next_week(context: Context) -> list[str]:
    start = context.today + dt.timedelta(days=7 - context.today.weekday())
    return [
        f"{day_text(day.date.isoformat())}: {day.name}" + (f" ({day.effort})" if day.effort else "")
        for day in context.days
        if start <= day.date < start + dt.timedelta(days=7) and day.is_run
    ]


def _goal(result: Result, context: Context) -> str:
    race = _DISTANCES.get(str(result.get("goal_distance")))
    day = day_text(result.get("goal_date"))
    if race is None or not day:
        return ""
    plan = context.plan or {}
    weeks = plan.get("weeks_to_race")
    known = plan.get("goal_date") == result.get("goal_date") and isinstance(weeks, int)
    left = f", {weeks} weeks from now" if known and weeks else ""
    phase = f" You are in the {result['phase']} phase." if result.get("phase") else ""
    return f"Your {race} is on {day}{left}.{phase}"


def _hold(result: Result) -> str:
    hold = result.get("safety_hold") or result.get("safety")
    if not hold:
        return ""
    what = "Running is" if _mapping(hold).get("pauses") == "plan" else "Hard running is"
    return sentence(f"{what} on hold: {_mapping(hold).get('ends_when') or 'get well first'}")


def _coming(entry: Any) -> str:
    workout = _mapping(entry)
    effort = f" ({workout['effort']})" if workout.get("effort") else ""
    return f"{day_text(workout.get('date'))}: {workout.get('name')}{effort}" if workout else ""


def _ended(context: Context) -> str:
    """Say that the plan is over, where its race has been."""
    goal = context.goal_date
    if goal is None or goal >= context.today:
        return ""
    return (
        f"Your plan ended on {day_text(goal.isoformat())}, the day of the race. Tell me a distance "
        "and a race day, and I'll make a new plan."
    )


def hold_text(context: Context) -> str:
    """Prescribe nothing while the plan is on hold; the reply's first line says that it is."""
    if context.safety is None or context.safety.get("pauses") == "intensity":
        return ""
    return "Until then there is nothing to run."


def _word_workout(result: Result, conversation: Conversation, context: Context) -> str:
    day, name = day_text(result.get("date")), str(result.get("name") or "")
    asked = conversation.said.lower()
    why = sentence(str(result.get("rationale") or ""))
    looks_back = bool(_LOOKS_BACK.search(asked))
    ran = _ran(result, conversation, context, looks_back=looks_back)
    race = name.startswith("Race day") or (
        context.goal_date is not None and result.get("date") == context.goal_date.isoformat()
    )
    if hold := hold_text(context):
        return _paragraph(hold, ran)
    asks_why = re.search(r"\bwhy\b", asked) is not None
    changed = _changes(result, context, whole=asks_why)
    if conditions := _mapping(result.get("conditions")):
        rests = result.get("type") == "rest" and not race
        title = f"{day} is a rest day." if rests else f"{day}: {name}."
        return _paragraph(title, _conditions(conditions, context, rests=rests))
    if result.get("type") == "rest" and not race:
        return _paragraph(ran or f"{day} is a rest day. {why}", changed if asks_why else "")
    facts = [str(result[key]) for key in ("effort",) if result.get(key)]
    if _number(result.get("duration_minutes")):
        facts.append(minutes_text(result["duration_minutes"]))
    if _number(result.get("distance_km")):
        facts.append(f"about {distance(result['distance_km'], context.units)}")
    if isinstance(result.get("pace_range"), str):
        facts.append(pace(result["pace_range"], context.units))
    if result.get("hr_zone"):
        facts.append(f"heart rate {result['hr_zone']}")
    title = f"{day}: {name}"
    if race:
        what = name.removeprefix("Race day").strip(" :") if name.startswith("Race day") else ""
        title = f"{day} is race day" + (f": {what}" if what else "")
    head = sentence(title + (f" ({', '.join(facts)})" if facts else ""))
    because = f"Why it is there: {why}" if why else ""
    if asks_why:
        return _paragraph(head, because, changed)
    if looks_back:
        return _paragraph(ran or "Nothing is logged for this workout so far.", head)
    cues = " ".join(sentence(str(cue)) for cue in _listed(result.get("coach_cues")))
    return _paragraph(head, _structure(result), f"{cues} {because} {changed} {ran}")


def _changes(result: Result, context: Context, *, whole: bool) -> str:
    """Say what changed a workout; whole: the last change with its rule and what led to it."""
    history = [_mapping(entry) for entry in _listed(result.get("history"))]
    if not history:
        return ""
    earlier = history[:-1] if whole else history
    reasons = (entry.get("reason") or entry.get("change_summary") for entry in earlier)
    told = " ".join(sentence(f"Earlier change: {text}") for text in dict.fromkeys(reasons) if text)
    return f"{told}\n{_last_change(history[-1], context)}".strip() if whole else told


def _last_change(change: Result, context: Context) -> str:
    day = day_text(change.get("date"))
    parts = [
        f"It was changed on {day}:" if day else "It was changed:",
        sentence(str(change.get("change_summary") or "")),
        sentence(f"Why: {change['reason']}") if change.get("reason") else "",
        sentence(f"The rule ({change.get('rule')}): {change['rule_words']}")
        if change.get("rule_words")
        else "",
        _trigger(change, context),
    ]
    return " ".join(part for part in parts if part)


def _trigger(change: Result, context: Context) -> str:
    """Say which run led to a change, or else which words of the runner."""
    run = _mapping(change.get("execution"))
    if run:
        status = run.get("completion_status")
        values = ", ".join([str(status), *_metrics(run, context), *_felt(run)])
        return f"What led to it: your run on {day_text(run.get('date'))} ({values})."
    said = re.split(r"[.!?\n]", str(change.get("message") or "").replace('"', "'"))[0].strip()
    return f'What led to it: you wrote "{said}".' if said else ""


def _conditions(conditions: Result, context: Context, *, rests: bool) -> str:
    """Say how much slower to run in heat or high up, and what to mind."""
    usual, slower = conditions.get("usual_pace_range"), conditions.get("pace_range")
    told = ""
    if isinstance(slower, str) and isinstance(usual, str):
        told = f"{'Easy running is' if rests else 'Run'} at {pace(slower, context.units)}."
        if slower != usual:
            told = f"{told[:-1]} instead of {pace(usual, context.units)}."
    advice = " ".join(sentence(str(text)) for text in _listed(conditions.get("advice")))
    return f"{told} {advice}".strip()


_LOOKS_BACK = re.compile(
    r"\b(?:did|have|was|were|'ve)\b.*\b(?:i|my|the)\b|\bi\s+(?:ran|run\s+already)\b"
)


def _ran(result: Result, conversation: Conversation, context: Context, *, looks_back: bool) -> str:
    """Say what was logged for a workout's day, where something was."""
    done = _mapping(result.get("execution")) or _mapping(_logged_on(result, conversation))
    status = done.get("completion_status")
    if not status:
        return ""
    if status == "missed":
        return "It was missed."
    values = ", ".join([*_metrics(done, context), *_feedback(done)])
    if looks_back or result.get("type") == "rest":
        day = day_text(result.get("date"))
        return sentence(
            f"You logged {values} on {day} ({status})"
            if values
            else f"You logged a run on {day} ({status})"
        )
    return sentence(f"You did it ({status})" + (f": {values}" if values else ""))


def _logged_on(result: Result, conversation: Conversation) -> Result | None:
    """Return a run without a workout that this conversation logged on the same day."""
    return next(
        (
            done.result
            for done in reversed(conversation.earlier)
            if done.name == "log_execution"
            and not done.failed
            and not done.result.get("workout_id")
            and done.arguments.get("date") == result.get("date")
        ),
        None,
    )


def _structure(result: Result) -> str:
    structure = _mapping(result.get("structure"))
    lines = []
    for key, title in (("warmup", "Warm-up"), ("main", "Main"), ("cooldown", "Cool-down")):
        value = structure.get(key)
        parts = [value] if isinstance(value, str) else _listed(value)
        texts = [part for part in parts if isinstance(part, str) and part]
        if texts:
            lines.append(f"- {title}: {', '.join(texts)}")
    return "\n".join(lines)


def _word_new_plan(result: Result, context: Context) -> str:
    summary = _mapping(result.get("summary")) or result
    goal = _goal(summary, context) or sentence(str(result.get("change_summary") or ""))
    peak = result.get("peak_week_km")
    if goal and isinstance(peak, int | float):
        most = distance(float(peak), context.units)
        goal = f"{goal} The biggest week has {most}."
    warnings = " ".join(sentence(str(text)) for text in _listed(result.get("warnings")))
    coming = [_coming(entry) for entry in _listed(summary.get("next_workouts"))]
    listing = "\n".join(f"- {line}" for line in coming if line)
    if result.get("proposal_id"):
        ask = (
            "You have a plan already, and nothing has changed yet. Shall I put this one in its "
            "place: yes or no?"
        )
        return _paragraph(f"Here is what I would make. {goal}", listing, f"{warnings} {ask}")
    if not result.get("applied"):
        reason = sentence(str(result.get("reason") or "there is no plan that fits"))
        return _paragraph(f"No plan was made. {reason} {warnings}")
    first = "The first workouts:\n" + listing if listing else ""
    return _paragraph(f"Your plan is ready. {goal}", first, f"{warnings} {LOG_INVITATION}")


def _word_profile(done: Done) -> str:
    given = done.arguments
    facts = []
    days = [_mapping(block) for block in _listed(given.get("availability"))]
    if days:
        facts.append(f"you run on {joined(_block(block) for block in days)}")
    preferences = _mapping(given.get("preferences"))
    if preferences.get("units"):
        facts.append("distances in " + ("miles" if preferences["units"] == "mi" else "km"))
    if preferences.get("time_zone"):
        facts.append(f"time zone {preferences['time_zone']}")
    if preferences.get("workout_types"):
        facts.append(f"you like {joined(_listed(preferences['workout_types']))}")
    if given.get("add_injury_flags"):
        facts.append(f"to watch: {joined(_listed(given['add_injury_flags']))}")
    if given.get("remove_injury_flags"):
        facts.append(f"no longer to watch: {joined(_listed(given['remove_injury_flags']))}")
    for key, name in (
        ("experience_level", "level"),
        ("age", "age"),
        ("hr_max_bpm", "maximum heart rate"),
        ("hr_rest_bpm", "resting heart rate"),
    ):
        if given.get(key) is not None:
            facts.append(f"{name} {given[key]}")
    text = sentence(
        f"Your profile is updated: {'; '.join(facts)}" if facts else "Your profile is updated"
    )
    change = _mapping(done.result.get("plan_change"))
    if change.get("applied"):
        told = _word_adaptation(Done("adapt_plan", {}, change), terse=True)
        return _paragraph(text, told)
    why = done.result.get("why")
    return f"{text} {sentence(str(why))}" if why and done.result.get("should_adapt") else text


DAY_NAMES = {
    "mon": "Monday", "tue": "Tuesday", "wed": "Wednesday", "thu": "Thursday", "fri": "Friday",
    "sat": "Saturday", "sun": "Sunday",
}  # fmt: skip


def _block(block: Result) -> str:
    name = DAY_NAMES.get(str(block.get("day")), str(block.get("day")))
    minutes = f" ({block['minutes']} min)" if block.get("minutes") else ""
    start = f" at {block['start']}" if block.get("start") else ""
    return f"{name}{start}{minutes}"


def _word_progress(result: Result, context: Context) -> str:
    weeks = [_mapping(week) for week in _listed(result.get("weeks"))]
    if not weeks:
        return "There is nothing to look back on yet. " + LOG_INVITATION
    lines = []
    for week in weeks:
        day = day_text(week.get("week_start_date"))
        parts = []
        if _number(week.get("done_km")):
            parts.append(f"{distance(week['done_km'], context.units)} done")
        if _number(week.get("planned_km")):
            parts.append(f"{distance(week['planned_km'], context.units)} planned")
        if _number(week.get("runs")):
            parts.append(f"{week['runs']} {'run' if week['runs'] == 1 else 'runs'}")
        if _number(week.get("adherence")):
            parts.append(f"adherence {_plain(week['adherence'])}")
        lines.append(f"- Week of {day}: {', '.join(parts)}")
    overall = result.get("adherence")
    head = f"Adherence overall: {_plain(overall)} of 100." if _number(overall) else "Week by week:"
    trend = result.get("trend")
    told = sentence(f"Trend: {trend}") if isinstance(trend, str) and trend else ""
    advice = " ".join(sentence(str(text)) for text in _listed(result.get("advice")))
    return _paragraph(head, "\n".join(lines), f"{told} {advice}")


# Small parts

_ISO = re.compile(
    r"(?:\b(?P<day>(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?|Sun)(?:day)?),?\s+)?"
    r"\b(?P<date>\d{4}-\d\d-\d\d)\b"
    r"(?:\s*\((?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*\))?"
)
_PACE_PER_KM = re.compile(
    r"(?P<pace>\d{1,2}:[0-5]\d(?:\s*-\s*\d{1,2}:[0-5]\d)?)\s*(?P<per>/|per|a)\s*km\b"
)
_KM = re.compile(
    r"(?<![\d.:/])(?P<n>\d+(?:\.\d+)?)(?P<to>\s*(?:-|to)\s*)?(?P<m>\d+(?:\.\d+)?)?\s*km\b"
)


def spoken_dates(text: str, today: dt.date) -> str:
    """Write every ISO date as "Friday, February 13", with its year where it is another one."""

    def spoken(match: re.Match[str]) -> str:
        told = day_text(match["date"])
        if not told:
            return match[0]
        year = match["date"][:4]
        return told if int(year) == today.year else f"{told}, {year}"

    return _ISO.sub(spoken, text)


def in_units(text: str, units: str) -> str:
    """Give the distances and paces of a text in the runner's units; quoted words stay."""
    if units != "mi":
        return text

    def miles(km: str) -> str:
        return render_number(miles_from_km(float(km)))

    def per_mile(match: re.Match[str]) -> str:
        between = "" if match["per"] == "/" else " "
        told = pace(match["pace"], units).removesuffix(" a mile")
        return f"{told} {match['per']}{between}mi{'' if match['per'] == '/' else 'le'}"

    def in_miles(match: re.Match[str]) -> str:
        second = f"{match['to']}{miles(match['m'])}" if match["m"] and match["to"] else ""
        return f"{miles(match['n'])}{second} mi"

    parts = re.split(r'("[^"\n]*")', text)
    return "".join(
        part if part.startswith('"') else _KM.sub(in_miles, _PACE_PER_KM.sub(per_mile, part))
        for part in parts
    )


def day_text(date: Any) -> str:
    """Return an ISO date as "Thursday, February 12", or nothing where it is none."""
    try:
        day = dt.date.fromisoformat(date)
    except (TypeError, ValueError):
        return ""
    return f"{weekday(day)}, {day:%B} {day.day}"


def sentence(text: str) -> str:
    """Return the text as a sentence: its first letter large, a full stop at its end."""
    stripped = text.strip()
    if not stripped:
        return ""
    ended = stripped if stripped[-1] in '.!?"' and stripped[-2:] != '."' else f"{stripped}."
    if ended.endswith('"'):
        ended += "."
    return ended[0].upper() + ended[1:]


def distance(km: float, units: str) -> str:
    """Return a distance in the runner's units."""
    if units == "mi":
        return f"{render_number(miles_from_km(km))} mi"
    return f"{_plain(round(km, 2))} km"


def pace(text: str, units: str) -> str:
    """Return a pace or a range of paces per km in the runner's units."""
    if units == "mi":
        text = re.sub(
            r"\d{1,2}:[0-5]\d", lambda m: render_pace(parse_pace(m[0]) * KM_PER_MILE), text
        )
    return f"{text} a {'mile' if units == 'mi' else 'km'}"


def minutes_text(minutes: float) -> str:
    """Return minutes as "40 min", or as "41:30" where they are not whole."""
    whole = round(minutes * 60)
    return f"{whole // 60} min" if whole % 60 == 0 else render_pace(whole)


def _paragraph(*parts: str) -> str:
    return "\n".join(" ".join(p.split(" ")).strip() for p in parts if p and p.strip()).replace(
        "  ", " "
    )


def joined(names: Iterable[Any]) -> str:
    """Return names as "a, b and c"."""
    listed = [str(name) for name in names]
    return listed[0] if len(listed) == 1 else f"{', '.join(listed[:-1])} and {listed[-1]}"


def _plain(value: Any) -> str:
    return f"{value:g}" if _number(value) else str(value)


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _mapping(value: Any) -> Result:
    return value if isinstance(value, dict) else {}


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else []

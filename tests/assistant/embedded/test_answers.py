"""Whole turns of the embedded model: what it calls next, and how it words results."""

import copy
import json
import string
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from assistant.embedded.answers import Answer, answer
from tools.adapt_plan import AdaptPlan
from tools.create_plan import CreatePlan
from tools.get_plan_summary import GetPlanSummary
from tools.get_progress import GetProgress
from tools.get_workout import GetWorkout
from tools.log_execution import LogExecution
from tools.update_profile import UpdateProfile

MODELS: dict[str, type[BaseModel]] = {
    "get_plan_summary": GetPlanSummary,
    "get_workout": GetWorkout,
    "log_execution": LogExecution,
    "adapt_plan": AdaptPlan,
    "create_plan": CreatePlan,
    "update_profile": UpdateProfile,
    "get_progress": GetProgress,
}
TOOLS = [{"type": "function", "function": {"name": name}} for name in MODELS]


def day(date: str, kind: str, name: str, workout_id: str | None) -> dict[str, Any]:
    return {"date": date, "type": kind, "name": name, "workout_id": workout_id, "status": "planned"}


CONTEXT: dict[str, Any] = {
    "today": "2026-02-10",
    "weekday": "Tuesday",
    "top_prompt": "Track my training",
    "runner": {"name": "Demo", "units": "km", "available_days": ["tue", "thu", "sun"]},
    "plan": {
        "goal_distance": "half",
        "goal_date": "2026-05-18",
        "weeks_to_race": 14,
        "days": [
            day("2026-02-10", "easy", "40 min easy", "wk_987"),
            day("2026-02-12", "tempo", "Tempo 3 x 8 min", "wk_988"),
            day("2026-02-15", "long", "Long run 75 min", "wk_989"),
            day("2026-02-17", "easy", "42 min easy", "wk_990"),
            {"date": "soon"},
        ],
        "paces": {"easy": "5:50-6:40", "unit": "km"},
    },
    "proposal": None,
    "safety": None,
}


class Talk:
    """A conversation with scripted results."""

    def __init__(self, **changes: Any) -> None:
        self.context = copy.deepcopy(CONTEXT) | changes
        self.messages: list[dict[str, Any]] = [
            {"role": "system", "content": f"Rules.<context>{json.dumps(self.context)}</context>"}
        ]

    def say(self, text: str) -> Answer:
        content = f"<runner_message>{json.dumps({'text': text})}</runner_message>"
        self.messages.append({"role": "user", "content": content})
        return self.ask()

    def note(self) -> Answer:
        self.messages.append({"role": "user", "content": "<note>Say only what is there.</note>"})
        return self.ask()

    def ask(self) -> Answer:
        got = answer(self.messages, TOOLS if self.context["top_prompt"] else [])
        calls = [
            {"id": f"c{len(self.messages)}_{n}", "type": "function"}
            | {"function": {"name": name, "arguments": json.dumps(arguments)}}
            for n, (name, arguments) in enumerate(got.calls)
        ]
        self.messages.append(
            {"role": "assistant", "content": got.text} | ({"tool_calls": calls} if calls else {})
        )
        return got

    def results(self, *results: Any) -> Answer:
        calls = self.messages[-1]["tool_calls"]
        for call, result in zip(calls, results, strict=True):
            content = result if isinstance(result, str) else json.dumps(result)
            self.messages.append({"role": "tool", "tool_call_id": call["id"], "content": content})
        return self.ask()


def words(talk: Talk, said: str, *results: Any) -> str:
    """Say something, give the results, and return the reply's words."""
    assert talk.say(said).calls
    got = talk.results(*results)
    assert not got.calls, got.calls
    assert got.text
    return got.text


SEED = {
    "workout_id": "wk_987",
    "completion_status": "modified",
    "actual_metrics": {
        "duration_minutes": 35,
        "distance_km": 6.2,
        "avg_pace": "5:40",
        "hr_avg": 158,
        "hr_drift": 8,
        "cadence": 168,
    },
    "feedback": {"rpe": 8, "soreness": 4, "fatigue": 3, "notes": "Felt heavy in last 10 minutes"},
}
SEED_SAID = (
    "log wk_987: modified, 35 min, 6.2 km, 5:40 pace, hr 158, drift 8, cadence 168, rpe 8, "
    "soreness 4, fatigue 3, felt heavy in last 10 minutes"
)
APPLIED = {
    "applied": True,
    "proposal_id": None,
    "change_summary": "Thursday's tempo is now easy",
    "reason": "The easy run felt much harder than planned",
    "changes": [
        {
            "workout_id": "wk_988",
            "before": {"date": "2026-02-12", "name": "Tempo 3 x 8 min"},
            "after": {"date": "2026-02-12", "name": "40 min easy"},
        }
    ],
    "advice": ["Sleep well"],
    "version": 2,
}
REFUSED = {"applied": False, "proposal_id": None, "reason": "No rule fires"}


def test_the_seeds_record_is_logged_value_for_value_and_fatigue_is_looked_at() -> None:
    talk = Talk()
    [(name, arguments)] = talk.say(SEED_SAID).calls
    assert name == "log_execution"
    assert arguments == SEED
    then = talk.results(SEED | {"adherence_score": 72})
    assert then.calls == (("adapt_plan", {"kind": "fatigue", "soreness": 4, "fatigue": 3}),)
    text = talk.results(APPLIED).text or ""
    assert "Logged for Tuesday, February 10 (40 min easy) as modified: 35 min, 6.2 km" in text
    assert "Adherence score: 72." in text
    assert "Thursday, February 12: Tempo 3 x 8 min becomes 40 min easy" in text
    assert "Sleep well." in text
    assert "undo that" in text


def test_a_correction_repeats_only_the_corrected_field() -> None:
    talk = Talk()
    record = {"workout_id": "wk_987", "completion_status": "completed", "feedback": {"rpe": 3}}
    words(talk, "40 min easy done, hr 142, rpe 3", record | {"adherence_score": 100})
    [(name, arguments)] = talk.say("actually it was rpe 5").calls
    assert (name, arguments) == (
        "log_execution",
        {"date": "2026-02-10", "completion_status": "completed", "feedback": {"rpe": 5}},
    )
    text = talk.results(record | {"feedback": {"rpe": 5}}).text or ""
    assert text.startswith("Corrected for Tuesday, February 10")
    assert talk.say("make that 30 min").calls[0][1]["completion_status"] == "modified"


def test_a_missed_run_that_was_run_after_all_is_corrected() -> None:
    talk = Talk()
    talk.say("missed today's run")
    missed = {"workout_id": "wk_987", "completion_status": "missed"}
    text = talk.results(missed, REFUSED).text or ""
    assert "Noted as missed for Tuesday, February 10 (40 min easy)" in text
    assert "The plan stays as it is. No rule fires." in text
    [(_, arguments)] = talk.say("actually it was 5k").calls
    assert arguments["completion_status"] == "completed"


def test_a_failed_log_is_not_corrected_but_logged() -> None:
    talk = Talk()
    error = {"code": "impossible", "message": "10 km can't be", "unlocked_by": "another distance"}
    text = words(talk, "40 min easy done, rpe 8", {"error": error})
    assert text == ("That didn't go through. 10 km can't be. What would help: Another distance.")
    assert talk.say("rpe was 4").calls == ()


def test_a_proposal_asks_and_a_no_changes_nothing() -> None:
    proposal = APPLIED | {"applied": False, "proposal_id": "prop_1", "changes": []}
    text = words(Talk(), "race moved to May 31", proposal)
    assert text.endswith("yes or no?")
    assert "undo" not in text
    talk = Talk(proposal={"proposal_id": "prop_1", "change_summary": "A later race"})
    assert (
        talk.say("no, leave it").text == "All right, nothing was changed. The plan stays as it is."
    )


def test_a_yes_carried_out_by_others_is_only_worded() -> None:
    talk = Talk()
    talk.messages += [
        {"role": "user", "content": '<runner_message>{"text": "yes"}</runner_message>'},
        {"role": "assistant", "content": None, "tool_calls": [
            {"id": "x", "function": {"name": "adapt_plan", "arguments": "{}"}}]},
        {"role": "tool", "tool_call_id": "x", "content": json.dumps(APPLIED)},
    ]  # fmt: skip
    got = talk.ask()
    assert not got.calls
    assert "Thursday's tempo is now easy." in (got.text or "")


def test_a_note_leaves_the_results_own_words() -> None:
    talk = Talk()
    words(talk, "move the tempo to friday", APPLIED)
    text = talk.note().text or ""
    assert "becomes" not in text
    assert "Thursday's tempo is now easy." in text
    silent = Talk()
    silent.say("hello")
    assert "Nothing was changed" in (silent.note().text or "")


def test_changes_are_told_by_day() -> None:
    def change(before: Any, after: Any) -> dict[str, Any]:
        return {"workout_id": "wk_1", "before": before, "after": after}

    tempo = {"date": "2026-02-12", "name": "Tempo"}
    changes = [
        change(tempo, tempo | {"date": "2026-02-13"}),
        change(tempo, tempo | {"date": "2026-02-14", "name": "Easy"}),
        change(tempo, None),
        change(None, tempo),
        change(tempo, tempo),
        change(tempo, tempo | {"name": "Rest"}),
        change(None, None),
        "odd",
    ]
    text = words(Talk(), "move the tempo to friday", APPLIED | {"changes": changes})
    assert "Tempo: from Thursday, February 12 to Friday, February 13" in text
    assert "Tempo (now Easy): from Thursday, February 12 to Saturday, February 14" in text
    assert "Thursday, February 12: Tempo comes out" in text
    assert "Thursday, February 12: Tempo is new" in text
    assert "Tempo gets new details" in text
    assert "and 1 more" in text


HOLD = {
    "since": "2026-02-09",
    "flag": "chest_pain",
    "pauses": "plan",
    "ends_when": "tell me when a doctor has cleared you",
}
SUMMARY = {
    "plan_id": "plan_123",
    "goal_distance": "half",
    "goal_date": "2026-05-18",
    "phase": "build",
    "weekly_focus": "Aerobic efficiency + pacing control",
    "next_workouts": [{"date": "2026-02-10", "name": "40 min easy", "effort": "RPE 3-4"}],
}


@pytest.mark.parametrize(
    ("said", "parts"),
    [
        (
            "what's on this week?",
            ["- Tuesday, February 10: 40 min easy (RPE 3-4)", "half marathon"],
        ),
        ("Track my training", ["Tell me about a run"]),
        ("when is my race?", ["Monday, May 18, 14 weeks from now"]),
        ("what phase am i in", ["build phase", "Aerobic efficiency"]),
        ("what's the plan for next week", ["Tuesday, February 17: 42 min easy"]),
    ],
)
def test_the_plan_is_summed_up_for_what_was_asked(said: str, parts: list[str]) -> None:
    text = words(Talk(), said, SUMMARY)
    for part in parts:
        assert part in text
    held = words(Talk(), said, SUMMARY | {"safety_hold": HOLD})
    assert "Running is on hold: tell me when a doctor has cleared you." in held
    assert words(Talk(plan=None), said, {"next_workouts": []})


WORKOUT = {
    "workout_id": "wk_988",
    "date": "2026-02-12",
    "type": "tempo",
    "name": "Tempo 3 x 8 min",
    "effort": "RPE 6-7",
    "duration_minutes": 50,
    "distance_km": 8.5,
    "pace_range": "5:00-5:10",
    "hr_zone": "Z3",
    "structure": {"warmup": ["10 min easy"], "main": "3 x 8 min", "cooldown": []},
    "coach_cues": ["Stay relaxed"],
    "rationale": "It lifts your threshold",
    "execution": SEED,
    "history": [{"version": 2, "reason": "You asked for Friday"}],
}


def test_a_workout_is_told_whole_and_why_it_is_there() -> None:
    text = words(Talk(), "what's thursday?", WORKOUT)
    for part in (
        "Thursday, February 12: Tempo 3 x 8 min (RPE 6-7, 50 min, about 8.5 km, 5:00-5:10 a km",
        "- Warm-up: 10 min easy",
        "- Main: 3 x 8 min",
        "Stay relaxed.",
        "Why it is there: It lifts your threshold.",
        "Earlier change: You asked for Friday.",
        "You did it (modified): 35 min",
    ):
        assert part in text
    why = words(Talk(), "why is thursday a tempo?", WORKOUT)
    assert "Warm-up" not in why
    assert "It lifts your threshold." in why
    rest = {"date": "2026-02-13", "type": "rest", "rationale": "To recover"}
    assert "Friday, February 13 is a rest day. To recover." in words(Talk(), "friday?", rest)
    missed = WORKOUT | {"execution": {"completion_status": "missed"}, "distance_km": None}
    assert "It was missed." in words(Talk(), "what's thursday?", missed)


HOT = {
    "percent_slower": 5.1,
    "usual_pace_range": "5:00-5:10",
    "pace_range": "5:15-5:26",
    "no_hard_running": False,
    "advice": ["Heat makes it slower"],
}


def test_heat_is_told_as_a_pace_and_what_to_mind() -> None:
    said = "it is 30 degrees on thursday, should I slow down?"
    assert words(Talk(), said, WORKOUT | {"conditions": HOT}) == (
        "Thursday, February 12: Tempo 3 x 8 min.\n"
        "Run at 5:15-5:26 a km instead of 5:00-5:10 a km. Heat makes it slower."
    )
    miles = words(Talk(runner={"units": "mi"}), said, WORKOUT | {"conditions": HOT})
    assert "8:27-8:45 a mile instead of" in miles
    too_hot = HOT | {"pace_range": None}
    assert "Run at" not in words(Talk(), said, WORKOUT | {"conditions": too_hot})
    rest = {"date": "2026-02-13", "type": "rest", "name": "Rest", "conditions": HOT}
    assert "is a rest day.\nEasy running is at" in words(Talk(), "25 degrees on friday", rest)


CHANGED = {
    "version": 3,
    "date": "2026-02-10",
    "change_summary": "Thursday's tempo is lighter",
    "reason": "Signs of tiredness",
    "rule": "3.4-strong-sign",
    "rule_words": "A strong sign of tiredness: two easy days",
    "execution": SEED | {"date": "2026-02-09"},
    "message": "35 min done. rpe 8",
}


def test_why_goes_from_the_rationale_over_the_rule_to_the_run() -> None:
    history = [*WORKOUT["history"], CHANGED]
    why = words(Talk(), "why is thursday a tempo?", WORKOUT | {"history": history})
    assert why.splitlines()[1:] == [
        "Why it is there: It lifts your threshold.",
        "Earlier change: You asked for Friday.",
        "It was changed on Tuesday, February 10: Thursday's tempo is lighter. "
        "Why: Signs of tiredness. "
        "The rule (3.4-strong-sign): A strong sign of tiredness: two easy days. "
        "What led to it: your run on Monday, February 9 (modified, 35 min, 6.2 km, 5:40 a km, "
        "heart rate 158, drift 8 %, cadence 168, RPE 8, soreness 4, fatigue 3).",
    ]
    asked = CHANGED | {"execution": None}
    said = words(Talk(), "why is thursday a tempo?", WORKOUT | {"history": [asked]})
    assert said.endswith('What led to it: you wrote "35 min done".')
    rest = {"date": "2026-02-13", "type": "rest", "rationale": "To recover", "history": [CHANGED]}
    assert "The rule (3.4-strong-sign)" in words(Talk(), "why is friday a rest day?", rest)
    assert "The rule" not in words(Talk(), "what's friday?", rest)


def test_replies_are_in_the_runners_units() -> None:
    runner = {"name": "Demo", "units": "mi"}
    text = words(Talk(runner=runner), "what's thursday?", WORKOUT)
    assert "about 5.3 mi" in text
    assert "8:03-8:19 a mile" in text


def test_new_plans_profiles_and_progress_are_worded() -> None:
    said = "make me a half plan for may 31"
    made = {"applied": True, "proposal_id": None, "summary": SUMMARY, "warnings": ["Little time"]}
    assert "Your plan is ready." in words(Talk(), said, made)
    assert "Little time." in words(Talk(), said, made)
    assert "yes or no?" in words(Talk(), said, made | {"applied": False, "proposal_id": "p"})
    refused = made | {"applied": False, "reason": "too soon"}
    assert "No plan was made. Too soon." in words(Talk(), said, refused)
    profile = {"profile": {}, "should_adapt": False}
    for text, part in (
        ("i use miles", "distances in miles"),
        ("my time zone is Europe/Berlin", "time zone Europe/Berlin"),
        ("i like hills", "you like hills"),
        ("i'm 46, max hr 188", "age 46; maximum heart rate 188"),
        ("add left knee to my injuries", "to watch: left knee"),
        ("remove left knee from my injuries", "no longer to watch: left knee"),
    ):
        assert part in words(Talk(), text, profile)
    days = words(Talk(plan=None), "i can only run tue at 6:30 and sun", profile)
    assert "Tuesday at 06:30 and Sunday" in days
    week = {"week_start_date": "2026-02-09", "planned_km": 25.0, "done_km": 6.2, "runs": 1}
    weeks = {"weeks": [week | {"adherence": 90}], "adherence": 90, "trend": "steady"}
    told = words(Talk(), "how am i doing?", weeks)
    assert "Adherence overall: 90 of 100." in told
    assert "- Week of Monday, February 9: 6.2 km done, 25 km planned, 1 run, adherence 90" in told
    assert "Trend: Steady." in told or "Trend: steady." in told
    assert "nothing to look back on" in words(Talk(), "how am i doing?", {"weeks": []})


def test_new_days_change_the_plan_alone_so_that_a_no_leaves_the_profile() -> None:
    talk = Talk()
    blocks = [{"day": "tue"}, {"day": "sun"}]
    said = "i can only run tuesday and sunday"
    assert talk.say(said).calls == (("adapt_plan", {"kind": "availability", "days": blocks}),)
    assert talk.results(APPLIED).calls == ()
    assert Talk(plan=None).say(said).calls == (("update_profile", {"availability": blocks}),)


@pytest.mark.parametrize("result", ["", "null", "[]", "{", {}, {"error": {}}, {"changes": 1}])
def test_strange_results_still_get_an_honest_answer(result: Any) -> None:
    for said in ("40 min done", "what's thursday?", "what's next?", "undo that", "i use miles",
                 "how am i doing?", "make me a half plan for may 31"):  # fmt: skip
        assert words(Talk(), said, result)


def test_without_a_subscription_the_plan_is_closed_and_questions_are_answered() -> None:
    talk = Talk(top_prompt=None, plan=None)
    assert "active subscription" in (talk.say("what's on this week?").text or "")
    assert "active subscription" in (talk.say("40 min done, rpe 3").text or "")
    assert "comfortably hard" in (talk.say("what is a tempo run?").text or "")
    assert "Ask me anything about running" in (talk.say("hi").text or "")
    assert "not a language model" in (talk.say("who are you?").text or "")
    assert "active subscription" in (talk.say("asdf").text or "")


def test_general_questions_use_the_plans_paces() -> None:
    assert "5:50-6:40 a km" in (Talk().say("what's my easy pace?").text or "")
    assert "recent race" in (Talk(plan=None).say("what's my easy pace?").text or "")
    assert "talk in" in (Talk().say("what is RPE?").text or "")


def test_requests_without_context_are_answered_in_general() -> None:
    assert answer([{"role": "user", "content": "what is a tempo"}], TOOLS).text
    assert answer([{"role": "user", "content": [{"type": "text", "text": "hi"}]}], []).text
    assert answer([{"role": "system", "content": "<context>{</context>"}], []).text
    odd = [{"role": "system", "content": '<context>{"today": 1}</context>'}]
    assert answer([*odd, {"role": "user", "content": None}], TOOLS).text


HOW_BAD = {"error": {"message": "how bad is the pain, from 0 (none) to 10?"}}
WHAT_ILLNESS = {"error": {"message": "is it a cold in the head, the chest, or a fever?"}}


@pytest.mark.parametrize(
    "said", ["4", "it's about 4 out of 10", "like a 4", "4/10", "i'd say four"]
)
@pytest.mark.parametrize(
    ("before", "results"),
    [
        (["my left knee hurts"], [[HOW_BAD]]),
        (["40 min done, rpe 3", "my left knee hurts"], [[{"workout_id": "wk_987"}], [HOW_BAD]]),
        (["ran 40 min but my left knee hurts"], [[{"workout_id": "wk_987"}, HOW_BAD]]),
    ],
)
def test_a_number_after_the_question_for_pain_is_the_pain(
    said: str, before: list[str], results: list[list[Any]]
) -> None:
    talk = Talk()
    for text, result in zip(before, results, strict=True):
        talk.say(text)
        talk.results(*result)
    pain = {"kind": "pain", "body_part": "left knee", "pain_level": 4}
    assert talk.say(said).calls == (("adapt_plan", pain),)


@pytest.mark.parametrize(("said", "level"), [("0", 0), ("12", None), ("ran 5k today", None)])
def test_only_a_number_of_the_scale_answers_the_question_for_pain(
    said: str, level: int | None
) -> None:
    talk = Talk()
    words(talk, "my left knee hurts", HOW_BAD)
    levels = [arguments.get("pain_level") for _, arguments in talk.say(said).calls]
    assert [found for found in levels if found is not None] == ([] if level is None else [level])


def test_an_answer_with_more_keeps_what_was_known() -> None:
    hurt = Talk()
    words(hurt, "my left knee hurts", HOW_BAD)
    swollen = {"kind": "pain", "pain_level": 6, "body_part": "left knee"}
    assert hurt.say("6, and it's swollen").calls == (
        ("adapt_plan", swollen | {"pain_signs": ["swelling"]}),
    )
    ill = Talk()
    words(ill, "40 min done", {"workout_id": "wk_987"})
    words(ill, "i'm sick", WHAT_ILLNESS)
    cough = {"kind": "illness", "symptoms": "below_neck", "days_ill": 3}
    assert ill.say("it's a bad cough, 3 days now").calls == (("adapt_plan", cough),)


OVER = {"kind": "illness", "symptoms": "above_neck", "over": True}


@pytest.mark.parametrize(
    "said", ["I'm well again", "all healthy again", "symptoms gone", "feeling better now"]
)
def test_the_end_of_an_illness_needs_its_symptoms(said: str) -> None:
    talk = Talk()
    words(talk, "i have a bad cold", APPLIED)
    assert talk.say(said).calls == (("adapt_plan", OVER),)
    never_ill = Talk().say(said)
    assert never_ill.calls == ()
    assert "?" in (never_ill.text or "") or "not sure" in (never_ill.text or "")


@pytest.mark.parametrize(
    ("said", "symptoms"),
    [("a cold", "above_neck"), ("in the head", "above_neck"), ("it was the flu", "below_neck")],
)
def test_an_answer_names_the_illness_that_is_over_or_there(said: str, symptoms: str) -> None:
    over = Talk()
    assert "What was it" in (over.say("I'm well again").text or "")
    assert over.say(said).calls == (("adapt_plan", OVER | {"symptoms": symptoms}),)
    ill = Talk()
    words(ill, "im ill", WHAT_ILLNESS)
    there = {"kind": "illness", "symptoms": symptoms}
    assert ill.say(said).calls == (("adapt_plan", there),)


@pytest.mark.parametrize(
    ("said", "asked", "answer", "name", "arguments"),
    [
        ("I ran 10k in 52:30 last week", "Which day", "saturday", "log_execution",
         {"date": "2026-02-07", "completion_status": "completed",
          "actual_metrics": {"distance_km": 10, "duration_minutes": 52.5}}),
        ("ran 10k on 01/02/2026", "February 1 or as January 2", "feb 1", "log_execution",
         {"date": "2026-02-01", "completion_status": "completed",
          "actual_metrics": {"distance_km": 10}}),
        ("ran 5k in the morning and 3k in the evening", "8 km in all", "yes", "log_execution",
         {"date": "2026-02-10", "completion_status": "modified",
          "actual_metrics": {"distance_km": 8}}),
        ("ran 5k yesterday morning and 3k in the evening", "8 km in all", "8.2 km",
         "log_execution", {"date": "2026-02-09", "completion_status": "modified",
                           "actual_metrics": {"distance_km": 8.2}}),
        ("ran 5k and then another 3k today", "in all?", "8 km", "log_execution",
         {"date": "2026-02-10", "completion_status": "modified",
          "actual_metrics": {"distance_km": 8}}),
        ("10k on 05/04/2026", "April 5 or as May 4", "april 5", "create_plan",
         {"goal_distance": "10k", "goal_date": "2026-04-05"}),
        ("I want to run a 10k in 12 weeks", "Sunday, May 3", "yes", "create_plan",
         {"goal_distance": "10k", "goal_date": "2026-05-03"}),
        ("I want to run a 10k in 12 weeks", "Sunday, May 3", "saturday", "create_plan",
         {"goal_distance": "10k", "goal_date": "2026-05-02"}),
        ("I want to run a 10k in 12 weeks", "Sunday, May 3", "may 10", "create_plan",
         {"goal_distance": "10k", "goal_date": "2026-05-10"}),
    ],
)  # fmt: skip
def test_what_a_message_leaves_open_is_asked_and_then_done(
    said: str, asked: str, answer: str, name: str, arguments: dict[str, Any]
) -> None:
    talk = Talk()
    question = talk.say(said)
    assert question.calls == ()
    assert asked in (question.text or "")
    assert talk.say(answer).calls == ((name, arguments),)


def test_a_workout_run_early_is_corrected_as_that_workout() -> None:
    talk = Talk()
    early = {"workout_id": "wk_988", "completion_status": "completed"}
    metrics = {"actual_metrics": {"duration_minutes": 50}}
    assert talk.say("did thursday's tempo today, 50 min").calls == (
        ("log_execution", early | metrics),
    )
    talk.results(early)
    assert talk.say("rpe was 5").calls == (("log_execution", early | {"feedback": {"rpe": 5}}),)


RAN = {"completion_status": "completed", "actual_metrics": {"duration_minutes": 52.5}}
REST = {"date": "2026-02-10", "type": "rest", "name": "Rest", "rationale": "To recover"}


def test_what_was_run_is_told_first() -> None:
    asked = "what did I run today?"
    rest = words(Talk(), asked, REST | {"execution": RAN})
    assert rest == "You logged 52:30 on Tuesday, February 10 (completed)."
    planned = WORKOUT | {"date": "2026-02-10"}
    assert words(Talk(), asked, planned | {"execution": RAN}).startswith("You logged 52:30 on")
    assert words(Talk(), asked, planned | {"execution": None}).startswith("Nothing is logged")
    extra = Talk()
    words(extra, "ran 5k today", {"workout_id": None, **RAN})
    assert words(extra, asked, REST).startswith("You logged 52:30")
    assert "rest day" in words(Talk(), asked, REST)


def test_race_day_and_the_days_after_it_are_told() -> None:
    race = REST | {"name": "Race day: half marathon", "date": "2026-05-18"}
    told = words(Talk(), "what's on may 18?", race)
    assert told.startswith("Monday, May 18 is race day: half marathon.")
    today = CONTEXT["plan"] | {"goal_date": "2026-02-10"}
    assert "race day" in words(Talk(plan=today), "what do i run today?", REST)
    assert "Today is race day." in words(Talk(plan=today), "what's on this week?", SUMMARY)
    over = CONTEXT["plan"] | {"goal_date": "2026-02-08"}
    missing = {"error": {"message": "the plan has no workout '2026-02-10'"}}
    for said, result in (("what do i run today?", missing), ("what's on this week?", SUMMARY)):
        told = words(Talk(plan=over), said, result)
        assert "Your plan ended on Sunday, February 8" in told
        assert "new plan" in told


def test_texts_of_results_are_told_in_spoken_dates_and_the_runners_units() -> None:
    moved = APPLIED | {
        "change_summary": "It moves from Thursday 2026-02-12 to 2026-02-13 (Fri)",
        "reason": "no room before 2027-01-01",
        "changes": [],
    }
    told = words(Talk(), "move the tempo to friday", moved)
    assert "from Thursday, February 12 to Friday, February 13." in told
    assert "Friday, January 1, 2027" in told
    repeats = WORKOUT | {
        "name": "Intervals 3 x 2 km",
        "structure": {"main": ["3 x 2 km at tempo (5:00-5:10 /km)"]},
        "history": [{"reason": "Too hard"}, {"reason": "Too hard"}],
        "execution": RAN | {"feedback": {"notes": "the last 2 km felt long"}},
    }
    miles = words(Talk(runner={"units": "mi"}), "what's thursday?", repeats)
    assert "Intervals 3 x 1.2 mi" in miles
    assert "3 x 1.2 mi at tempo (8:03-8:19 /mi)" in miles
    assert '"the last 2 km felt long"' in miles
    assert miles.count("Too hard") == 1


@pytest.mark.parametrize(
    ("said", "result"),
    [
        ("can I still run?", WORKOUT | {"execution": None}),
        ("what's thursday?", WORKOUT | {"execution": None}),
        ("what's on this week?", SUMMARY),
        ("move the tempo to friday", APPLIED),
        ("is it safe to run?", None),
        ("what's my easy pace?", None),
        ("what days do I run?", None),
    ],
)
def test_while_the_plan_is_on_hold_nothing_is_prescribed(said: str, result: Any) -> None:
    talk = Talk(safety={"ends_when": "tell me when a doctor has cleared you"})
    got = talk.say(said)
    text = (talk.results(result) if got.calls else got).text or ""
    assert text.startswith("Until then there is nothing to run.")
    for prescribed in ("min", "5:50", "8.5 km", "Warm-up", "RPE"):
        assert prescribed not in text


VOCABULARY = (
    "ran run did done log missed skipped today yesterday thursday sunday friday next last week "
    "move swap to from the tempo long easy race plan half marathon 10k 5k on may 31 in 45 8k 6.2 "
    "km 40 min minutes hour miles pace 5:40 41:30 1:15:30 rpe 3 8/10 hr 142 bpm cadence 168 drift "
    "8 % knee left hurts pain 4 out of 10 soreness fatigue tired sick fever cough over gone can't "
    "only i i'm my it was what why how if undo actually sorry not no and , . ? - feeling strong "
    "wk_987 weeks days off since for 2026-02-30 feb 30 x three twelve age max resting switch only "
    "30/2 400 99999 0 11/10 half an hour and a quarter beginner add injuries"
)
SENTENCES = st.lists(st.sampled_from(VOCABULARY.split()), max_size=14).map(" ".join)


def check(talk: Talk, said: str) -> list[tuple[str, Any]]:
    got = talk.say(said)
    assert got.calls or got.text
    for name, arguments in got.calls:
        MODELS[name].model_validate_json(json.dumps(arguments))
    return list(got.calls)


@settings(max_examples=600, deadline=None)
@given(SENTENCES | st.text(max_size=200) | st.text(alphabet=string.printable, max_size=80))
def test_any_text_is_answered_with_valid_arguments(said: str) -> None:
    check(Talk(), said)
    corrected = Talk()
    words(corrected, "40 min easy done, rpe 3", {"workout_id": "wk_987"})
    check(corrected, said)


def leaves(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [leaf for inner in value.values() for leaf in leaves(inner)]
    if isinstance(value, list | tuple):
        return [leaf for inner in value for leaf in leaves(inner)]
    return [value]


@settings(max_examples=400, deadline=None)
@given(
    st.sampled_from(["ran", "did", "log", "easy", "yesterday i ran", "what if i ran", "i have"]),
    st.lists(
        st.tuples(
            st.sampled_from(["{} km", "{} min", "rpe {}", "hr {}", "cadence {}", "drift {}",
                             "pain {}", "soreness {}", "fatigue {}", "{}/10", "{} bpm", "knee {}",
                             "in {}", "{}", "{} spm", "last {} min", "max hr {}"]),
            st.integers(0, 250),
        ),
        max_size=6,
    ),
)  # fmt: skip
def test_every_number_in_the_arguments_was_said(verb: str, said: list[tuple[str, int]]) -> None:
    text = f"{verb} {', '.join(form.format(number) for form, number in said)}"
    numbers = {number for _, number in said} | {10}
    for _, arguments in check(Talk(), text):
        for leaf in leaves(arguments):
            if isinstance(leaf, int | float) and not isinstance(leaf, bool):
                assert leaf in numbers, (text, arguments)

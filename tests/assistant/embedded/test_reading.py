"""What the embedded model reads from single messages: days, quantities, calls."""

import datetime as dt
import json
from typing import Any

import pytest

from assistant.embedded.context import Context, PlanDay
from assistant.embedded.days import mark_days
from assistant.embedded.intents import read_intent
from assistant.embedded.numbers import plain
from assistant.embedded.quantities import read_quantities
from assistant.embedded.runs import notes_of
from assistant.embedded.turns import Conversation, read_conversation

TODAY = dt.date(2026, 2, 10)  # a Tuesday


def context(**changes: Any) -> Context:
    days = (
        PlanDay(dt.date(2026, 2, 9)),
        PlanDay(TODAY, "easy", "40 min easy", "RPE 3-4", "wk_987", "planned"),
        PlanDay(dt.date(2026, 2, 12), "tempo", "Tempo 3 x 8 min", "RPE 6-7", "wk_988", "planned"),
        PlanDay(dt.date(2026, 2, 15), "long", "Long run 75 min", "RPE 4-5", "wk_989", "planned"),
        PlanDay(dt.date(2026, 2, 19), "tempo", "Tempo 4 x 8 min", "RPE 6-7", "wk_991", "planned"),
    )
    plan = {"goal_distance": "half", "goal_date": "2026-05-18", "weeks_to_race": 14}
    runner = {"available_days": ["tue", "thu", "sun"], "injury_flags": ["left knee"]}
    whole: dict[str, Any] = {
        "offers_plan": True, "days": days, "plan": plan, "runner": runner
    } | changes  # fmt: skip
    return Context(TODAY, **whole)


def calls(said: str, **changes: Any) -> tuple[tuple[str, dict[str, object]], ...]:
    intent = read_intent(Conversation(said=said), context(**changes))
    return intent.calls if intent else ()


def adapted(said: str) -> dict[str, object]:
    [(name, arguments)] = calls(said)
    assert name == "adapt_plan"
    return arguments


@pytest.mark.parametrize(
    ("said", "past", "coming"),
    [
        ("today", "2026-02-10", "2026-02-10"),
        ("yesterday", "2026-02-09", "2026-02-09"),
        ("tomorrow", "2026-02-11", "2026-02-11"),
        ("the day before yesterday", "2026-02-08", "2026-02-08"),
        ("the day after tomorrow", "2026-02-12", "2026-02-12"),
        ("3 days ago", "2026-02-07", "2026-02-07"),
        ("in two days", "2026-02-12", "2026-02-12"),
        ("thursday", "2026-02-05", "2026-02-12"),
        ("thrusday's", "2026-02-05", "2026-02-12"),
        ("last Sunday", "2026-02-08", "2026-02-08"),
        ("next thursday", "2026-02-19", "2026-02-19"),
        ("Thursday next week", "2026-02-19", "2026-02-19"),
        ("next week on thursday", "2026-02-19", "2026-02-19"),
        ("May 31", "2025-05-31", "2026-05-31"),
        ("the 31st of may", "2025-05-31", "2026-05-31"),
        ("31 May 2027", "2027-05-31", "2027-05-31"),
        ("2026-05-31", "2026-05-31", "2026-05-31"),
        ("31.5.2026", "2026-05-31", "2026-05-31"),
        ("5/31/2026", "2026-05-31", "2026-05-31"),
        ("5/31", "2025-05-31", "2026-05-31"),
        ("31/5", "2025-05-31", "2026-05-31"),
        ("the 12th", "2026-01-12", "2026-02-12"),
        ("the 31st", "2026-01-31", "2026-03-31"),
        ("tue 17", "2026-02-17", "2026-02-17"),
        ("february 29", "2024-02-29", "2028-02-29"),
    ],
)
def test_days_are_read_by_the_tense_around_them(said: str, past: str, coming: str) -> None:
    _, [day] = mark_days(plain(said), TODAY)
    assert str(day.date(past=True)) == past
    assert str(day.date()) == coming


def test_weeks_and_weekends_are_several_days() -> None:
    _, [week] = mark_days("next week", TODAY)
    assert week.date() is None
    assert [str(day) for day in week.dates()] == [f"2026-02-{day}" for day in range(16, 23)]
    _, [weekend] = mark_days("this weekend", TODAY)
    assert [str(day) for day in weekend.dates()] == ["2026-02-14", "2026-02-15"]


@pytest.mark.parametrize("said", ["8/10", "5/6", "in the sun", "i sat down", "3 x 8 min", "tue 40"])
def test_other_words_are_no_dates(said: str) -> None:
    _, days = mark_days(said, TODAY)
    assert not [day for day in days if day.day is not None or day.of_month is not None]


def test_a_date_that_no_calendar_has_is_asked_about() -> None:
    for said in ("ran 10k on feb 30", "ran 10k on 2026-02-30"):
        intent = read_intent(Conversation(said=said), context())
        assert intent is not None
        assert not intent.calls
        assert intent.reply is not None


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("6.2k in 35 min", {"distance_km": 6.2, "duration_minutes": 35}),
        ("three miles in half an hour", {"distance_km": 4.83, "duration_minutes": 30}),
        ("1h15", {"duration_minutes": 75}),
        ("an hour and a half", {"duration_minutes": 90}),
        ("an hour and a quarter", {"duration_minutes": 75}),
        ("one hour twenty", {"duration_minutes": 80}),
        ("three quarters of an hour", {"duration_minutes": 45}),
        ("7 km in 41:30", {"distance_km": 7, "duration_minutes": 41.5}),
        ("41 min 30 sec", {"duration_minutes": 41.5}),
        ("1:15:30", {"duration_minutes": 75.5}),
        ("ran a half in 1:52", {"distance_km": 21.1, "duration_minutes": 112}),
        ("ran 8k in 45", {"distance_km": 8, "duration_minutes": 45}),
        ("10k in fifty two thirty", {"distance_km": 10, "duration_minutes": 52.5}),
        ("10 km at 5:40", {"distance_km": 10, "avg_pace": "5:40"}),
        ("5:40 pace", {"avg_pace": "5:40"}),
        ("five forty a k", {"avg_pace": "5:40"}),
        ("9:00 min/mile", {"avg_pace": "5:36"}),
        ("9 minute miles", {"avg_pace": "5:36"}),
        ("6 min per km", {"avg_pace": "6:00"}),
        ("3 and a half km", {"distance_km": 3.5}),
        ("5000 m", {"distance_km": 5}),
        ("rpe 8", {"rpe": 8}),
        ("8/10", {"rpe": 8}),
        ("effort seven", {"rpe": 7}),
        ("felt like a 6", {"rpe": 6}),
        ("soreness 4, fatigue 3", {"soreness": 4, "fatigue": 3}),
        ("knee hurts 4 out of 10", {"pain": 4}),
        ("my knee, 4 out of 10", {"pain": 4}),
        ("tired, 6/10", {"fatigue": 6}),
        ("stiff legs 5/10", {"soreness": 5}),
        ("hr 158, drift 8, cadence 168", {"hr_avg": 158, "hr_drift": 8, "cadence": 168}),
        ("avg heart rate of 142 bpm", {"hr_avg": 142}),
        ("heart rate one forty two", {"hr_avg": 142}),
        ("168 spm and 5% drift", {"cadence": 168, "hr_drift": 5}),
        ("30 of the planned 40 min", {"duration_minutes": 30}),
        ("stopped after 20 min", {"duration_minutes": 20}),
    ],
)
def test_quantities_are_read_in_the_tools_units(said: str, expected: dict[str, object]) -> None:
    got = read_quantities(plain(said), "km")
    assert {key: getattr(got, key) for key in expected} == expected


@pytest.mark.parametrize(
    "said",
    [
        "rpe 3-4", "max hr 178", "6 x 400 m", "the last 10 minutes", "at 6:30 am",
        "1200 m of climb", "38.5 degrees", "goal pace 5:00", "instead of 40 min", "200 kcal",
        "10 min warm up", "in 3 weeks",
    ],
)  # fmt: skip
def test_numbers_that_measure_something_else_are_left_alone(said: str) -> None:
    got = read_quantities(plain(said), "km")
    assert not got.has_any
    assert got.pain is None


def test_a_bare_pace_is_in_the_runners_units() -> None:
    assert read_quantities("at 9:00", "mi").avg_pace == "5:36"
    assert read_quantities("8 km at 6:00", "mi").avg_pace == "6:00"


@pytest.mark.parametrize(
    ("said", "notes"),
    [
        ("35 min, rpe 8, felt heavy in last 10 minutes", "Felt heavy in last 10 minutes"),
        ("40 min easy done felt great rpe 3", "Felt great"),
        ("5k. my legs were tired. hr 150", "My legs were tired"),
        ("40 min, felt like a 6", None),
        ("40 min easy, rpe 3", None),
        ("knee hurts", None),
    ],
)
def test_notes_are_the_runners_own_words_without_values(said: str, notes: str | None) -> None:
    assert notes_of(said) == notes


@pytest.mark.parametrize(
    ("said", "arguments"),
    [
        ("I can't run Thursday, can we shift the tempo to Friday?",
         {"kind": "move", "date": "2026-02-12", "to_date": "2026-02-13"}),
        ("move the tempo from thursday to friday",
         {"kind": "move", "date": "2026-02-12", "to_date": "2026-02-13"}),
        ("can i do the tempo on friday instead of thursday",
         {"kind": "move", "date": "2026-02-12", "to_date": "2026-02-13"}),
        ("push the tempo back a day",
         {"kind": "move", "date": "2026-02-12", "to_date": "2026-02-13"}),
        ("bring the long run forward by one day",
         {"kind": "move", "date": "2026-02-15", "to_date": "2026-02-14"}),
        ("move wk_988 to friday",
         {"kind": "move", "date": "2026-02-12", "to_date": "2026-02-13"}),
        ("switch my long run to saturday",
         {"kind": "move", "date": "2026-02-15", "to_date": "2026-02-14"}),
        ("swap thursday and sunday",
         {"kind": "swap", "date": "2026-02-12", "to_date": "2026-02-15"}),
        ("i'd rather do the long run on thursday and the tempo on sunday",
         {"kind": "swap", "date": "2026-02-12", "to_date": "2026-02-15"}),
        ("skip the tempo next week", {"kind": "missed", "dates": ["2026-02-19"]}),
        ("skip wk_989", {"kind": "missed", "dates": ["2026-02-15"]}),
        ("no running for two weeks", {"kind": "missed", "days_off": 14}),
        ("haven't run since sunday", {"kind": "missed", "days_off": 2}),
        ("i can't run thursday", {"kind": "availability", "dates": ["2026-02-12"]}),
        ("away from friday to sunday",
         {"kind": "availability", "dates": ["2026-02-13", "2026-02-14", "2026-02-15"]}),
        ("away feb 12 to 14, no running",
         {"kind": "availability", "dates": ["2026-02-12", "2026-02-13", "2026-02-14"]}),
        ("can't run the next 2 days",
         {"kind": "availability", "dates": ["2026-02-11", "2026-02-12"]}),
        ("this week i can only run on wed and sat",
         {"kind": "availability", "days": [{"day": "wed"}, {"day": "sat"}], "until": "2026-02-15"}),
        ("sharp pain in my left knee, 6 out of 10, i'm limping",
         {"kind": "pain", "pain_level": 6, "body_part": "left knee",
          "pain_signs": ["limp", "sharp"]}),
        ("hip hurts, no limp, it's a 3",
         {"kind": "pain", "pain_level": 3, "body_part": "hip"}),
        ("my knee is fine again", {"kind": "pain", "cleared": True, "body_part": "knee"}),
        ("physio cleared me", {"kind": "pain", "cleared": True}),
        ("i have a fever for two days",
         {"kind": "illness", "symptoms": "fever", "days_ill": 2}),
        ("cough since sunday, no fever",
         {"kind": "illness", "symptoms": "below_neck", "days_ill": 3}),
        ("sick for a week", {"kind": "illness", "days_ill": 7}),
        ("the cold is over", {"kind": "illness", "symptoms": "above_neck", "over": True}),
        ("exhausted, soreness 7", {"kind": "fatigue", "soreness": 7}),
        ("feeling strong, can we do more?", {"kind": "feeling_strong"}),
        ("race moved to May 31", {"kind": "goal", "goal_date": "2026-05-31"}),
        ("my half is two weeks later", {"kind": "goal", "goal_date": "2026-06-01"}),
        ("race is one week earlier", {"kind": "goal", "goal_date": "2026-05-11"}),
        ("a 10k instead of the half", {"kind": "goal", "goal_distance": "10k"}),
        ("undo that", {"kind": "undo"}),
        ("what if i moved thursday to saturday",
         {"kind": "move", "date": "2026-02-12", "to_date": "2026-02-14", "preview": True}),
        ("what if i skip sunday?", {"kind": "missed", "dates": ["2026-02-15"], "preview": True}),
        ("what would happen if i'm ill for 5 days?",
         {"kind": "illness", "days_ill": 5, "preview": True}),
        ("what happens if i can't run on sunday?",
         {"kind": "availability", "dates": ["2026-02-15"], "preview": True}),
        ("i have 39.5 degrees and a cough",
         {"kind": "illness", "symptoms": "fever"}),
        ("what if i did a 10k", {"kind": "goal", "goal_distance": "10k", "preview": True}),
    ],
)  # fmt: skip
def test_wishes_become_one_change_of_the_plan(said: str, arguments: dict[str, object]) -> None:
    assert adapted(said) == arguments


@pytest.mark.parametrize(
    ("said", "name", "arguments"),
    [
        ("what's thursday?", "get_workout", {"date": "2026-02-12"}),
        ("why is thursday a tempo?", "get_workout", {"date": "2026-02-12"}),
        ("how do i run the easy one", "get_workout", {"date": "2026-02-10"}),
        ("show wk_988", "get_workout", {"workout_id": "wk_988"}),
        ("it is 30 degrees today, should i slow down?", "get_workout",
         {"date": "2026-02-10", "temperature_c": 30}),
        ("it's 40 degrees today", "get_workout", {"date": "2026-02-10", "temperature_c": 40}),
        ("86°F and 60% humidity on thursday, what pace?", "get_workout",
         {"date": "2026-02-12", "temperature_c": 30, "humidity_percent": 60}),
        ("how fast is the tempo at 25 degrees with a dew point of 18?", "get_workout",
         {"date": "2026-02-12", "temperature_c": 25, "dew_point_c": 18}),
        ("i'm at 6000 feet altitude, should i slow the tempo down?", "get_workout",
         {"date": "2026-02-12", "altitude_m": 1829}),
        ("what's on this week?", "get_plan_summary", {}),
        ("Track my training", "get_plan_summary", {}),
        ("how am i doing", "get_progress", {}),
        ("the last 6 weeks, planned vs done", "get_progress", {"weeks": 6}),
        ("i use miles", "update_profile", {"preferences": {"units": "mi"}}),
        ("show everything in km", "update_profile", {"preferences": {"units": "km"}}),
        ("i'm 46, max hr 188, resting 50", "update_profile",
         {"age": 46, "hr_max_bpm": 188, "hr_rest_bpm": 50}),
        ("i'm a novice", "update_profile", {"experience_level": "beginner"}),
        ("my time zone is Europe/London", "update_profile",
         {"preferences": {"time_zone": "Europe/London"}}),
        ("i like trail runs and hills", "update_profile",
         {"preferences": {"workout_types": ["trail runs", "hills"]}}),
        ("add left achilles to my injuries", "update_profile",
         {"add_injury_flags": ["left achilles"]}),
        ("remove shin splints from my injuries", "update_profile",
         {"remove_injury_flags": ["shin splints"]}),
        ("i can only run tue at 6:30 and sat at 8 am", "adapt_plan",
         {"kind": "availability",
          "days": [{"day": "tue", "start": "06:30"}, {"day": "sat", "start": "08:00"}]}),
        ("i have 45 min on tuesdays and 2 hours on sundays", "adapt_plan",
         {"kind": "availability",
          "days": [{"day": "tue", "minutes": 45}, {"day": "sun", "minutes": 120}]}),
        ("only 30 min on thursdays from now on", "adapt_plan",
         {"kind": "availability",
          "days": [{"day": "tue"}, {"day": "thu", "minutes": 30}, {"day": "sun"}]}),
        ("i'm busy on thursdays from now on", "adapt_plan",
         {"kind": "availability",
          "days": [{"day": "tue"}, {"day": "sun"}]}),
        ("i can run any day but friday", "adapt_plan",
         {"kind": "availability",
          "days": [{"day": d} for d in ("mon", "tue", "wed", "thu", "sat", "sun")]}),
        ("i can run on weekdays and weekends only", "adapt_plan",
         {"kind": "availability",
          "days": [{"day": d} for d in ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]]}),
        ("make me a half plan for may 31 on tuesdays and sundays, 20 miles a week, longest 12k, "
         "10k pb 52:30", "create_plan",
         {"goal_distance": "half", "goal_date": "2026-05-31",
          "baseline": {"weekly_km": 32.19, "longest_km": 12,
                       "recent_race": {"distance_km": 10, "time_minutes": 52.5}},
          "days": [{"day": "tue"}, {"day": "sun"}]}),
        ("marathon plan for october 4 please, ran a half in 1:45", "create_plan",
         {"goal_distance": "marathon", "goal_date": "2026-10-04",
          "baseline": {"recent_race": {"distance_km": 21.1, "time_minutes": 105}}}),
    ],
)  # fmt: skip
def test_questions_and_facts_go_to_their_tool(
    said: str, name: str, arguments: dict[str, object]
) -> None:
    assert calls(said) == ((name, arguments),)


def test_availability_starts_are_read_once() -> None:
    [(_, arguments)] = calls("i can only run mornings at 7 am on tuesday and thursday")
    assert arguments == {
        "kind": "availability",
        "days": [{"day": "tue", "start": "07:00"}, {"day": "thu", "start": "07:00"}],
    }


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ("40 min done", "completed"),
        ("43 min done", "completed"),
        ("45 min done", "modified"),
        ("cut it short at 38 min", "modified"),
        ("did 40 min as planned", "completed"),
        ("raced 10k in 50:00", "completed"),
        ("did 2 km more than planned, 40 min", "modified"),
        ("log wk_989: 75 min", "completed"),
        ("log wk_988: 75 min", "completed"),
    ],
)
def test_status_follows_the_runners_words_then_the_planned_length(said: str, status: str) -> None:
    name, arguments = calls(said)[0]
    assert name == "log_execution"
    assert arguments["completion_status"] == status


@pytest.mark.parametrize(
    "said",
    [
        "log my run", "ran 5 yesterday", "rpe 11 today, 40 min done", "ran 400 km in 20 minutes",
        "log my run for tomorrow, 10k", "i want to run 10k tomorrow", "10k", "move it", "swap it",
        "move thursday", "move sunday to last friday", "missed my run", "make me a marathon plan",
        "i need a plan for june 7", "new plan please", "marathon plan for 2025-05-18",
        "change my race",
        "the race is on 2025-01-01 now", "swam for 40 min today, done", "it's my age 400",
        "my dog ran 5k",
    ],
)  # fmt: skip
def test_what_is_missing_is_asked_for_and_never_guessed(said: str) -> None:
    assert calls(said) == ()


@pytest.mark.parametrize(
    "said",
    [
        "is it ok to run in the cold", "my kid is sick", "should i run with a cold?",
        "no pain today", "it was 30 degrees yesterday", "the treadmill is at 3 degrees incline",
        "how do i avoid shin splints", "i'm not tired", "the weather tomorrow?",
        "what's a tempo run?",
        "what should i eat on the long run", "delete my plan", "is it bad to run every day",
    ],
)  # fmt: skip
def test_general_words_call_no_tool(said: str) -> None:
    assert calls(said) == ()


def test_several_things_in_one_message_are_called_in_order() -> None:
    log, pain = calls("ran 8k in 45, knee hurts a bit 3/10")
    assert log[0] == "log_execution"
    assert log[1]["actual_metrics"] == {"duration_minutes": 45, "distance_km": 8}
    assert "feedback" not in log[1]
    assert pain == ("adapt_plan", {"kind": "pain", "pain_level": 3, "body_part": "knee"})
    missed, change = calls("I missed yesterday's run")
    assert missed == ("log_execution", {"date": "2026-02-09", "completion_status": "missed"})
    assert change == ("adapt_plan", {"kind": "missed", "dates": ["2026-02-09"]})
    missed, change = calls("missed yesterday's run, knee hurts 4/10")
    assert missed[1]["completion_status"] == "missed"
    assert change[1]["kind"] == "pain"
    race = calls("raced 5k in 23:00 this morning")
    assert race[1] == (
        "adapt_plan", {"kind": "feeling_strong", "race_distance_km": 5, "race_minutes": 23}
    )  # fmt: skip


def test_without_a_plan_a_race_with_its_day_makes_one() -> None:
    [(name, arguments)] = calls("i signed up for a marathon on october 11", plan=None, days=())
    assert name == "create_plan"
    assert arguments == {"goal_distance": "marathon", "goal_date": "2026-10-11"}


def test_a_no_to_a_proposal_calls_nothing() -> None:
    intent = read_intent(Conversation(said="no thanks"), context(proposal={"proposal_id": "p"}))
    assert intent is not None
    assert intent.declined


def test_an_answer_is_read_together_with_the_message_that_was_asked_about() -> None:
    conversation = Conversation(
        said="may 31",
        asked_about="make me a half marathon plan",
    )
    intent = read_intent(conversation, context())
    assert intent is not None
    assert intent.calls == (("create_plan", {"goal_distance": "half", "goal_date": "2026-05-31"}),)


def test_a_row_of_questions_back_is_followed_to_its_end() -> None:
    def runner(text: str) -> dict[str, str]:
        block = json.dumps({"text": text})
        return {"role": "user", "content": f"<runner_message>{block}</runner_message>"}

    messages: list[dict[str, Any]] = [
        runner("hi"),
        {"role": "assistant", "content": "Hi!"},
        runner("make me a plan"),
        {"role": "assistant", "content": "Which distance, and on which day?"},
        runner("a half"),
        {"role": "assistant", "content": "When is the race?"},
        runner("September 20"),
    ]
    conversation = read_conversation(messages)
    assert conversation.asked_about == "make me a plan. a half"
    intent = read_intent(conversation, context())
    assert intent is not None
    assert intent.calls == (("create_plan", {"goal_distance": "half", "goal_date": "2026-09-20"}),)


@pytest.mark.parametrize(
    "said",
    ["monday, wednesday and saturday, longest run was 8k", "I usually run 20 km a week"],
)
def test_a_habit_is_no_run(said: str) -> None:
    intent = read_intent(Conversation(said=said), context())
    assert intent is None or all(name != "log_execution" for name, _ in intent.calls)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("I ran a 5k race in 22:10 three weeks ago", ["2026-01-20"]),
        ("ran 6k a week ago", ["2026-02-03"]),
        ("ran 5k yesterday and 8k on sunday", ["2026-02-09", "2026-02-08"]),
        ("I ran 10k in 52:30 last week", []),
        ("ran a 10k last month, 55:00", []),
        ("ran 8k recently in 45 min", []),
        ("i ran a marathon in 2019", []),
        ("ran 10k on 05/04", []),
        ("feeling strong, add more", []),
        ("did that go away?", []),
    ],
)
def test_a_run_is_logged_on_the_day_that_was_said(said: str, expected: list[str]) -> None:
    logged = [arguments["date"] for name, arguments in calls(said) if name == "log_execution"]
    assert logged == expected


def test_nothing_is_logged_on_a_rest_day_without_a_value() -> None:
    rest = (PlanDay(TODAY),)
    assert calls("nailed it", days=rest) == ()
    assert calls("ran 5k", days=rest)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("do I have a plan?", [("get_plan_summary", {})]),
        ("can I still run?", [("get_workout", {"date": "2026-02-10"})]),
        ("can I run today?", [("get_workout", {"date": "2026-02-10"})]),
        ("what did I run today?", [("get_workout", {"date": "2026-02-10"})]),
        ("half marathon october 4, recent 10k 52:30",
         [("create_plan", {"goal_distance": "half", "goal_date": "2026-10-04", "baseline":
           {"recent_race": {"distance_km": 10, "time_minutes": 52.5}}})]),
        ("I missed my long run last sunday",
         [("log_execution", {"date": "2026-02-08", "completion_status": "missed"}),
          ("adapt_plan", {"kind": "missed", "dates": ["2026-02-08"]})]),
        ("i can't run thursday and can only run tue and sat",
         [("adapt_plan", {"kind": "availability", "days": [{"day": "tue"}, {"day": "sat"}]})]),
        ("my last run was two weeks ago", [("adapt_plan", {"kind": "missed", "days_off": 14})]),
    ],
)  # fmt: skip
def test_days_and_wishes_go_to_their_tool(said: str, expected: list[Any]) -> None:
    assert list(calls(said)) == expected


def test_the_running_days_are_told_from_the_profile() -> None:
    intent = read_intent(Conversation(said="what days do I run?"), context())
    assert intent is not None
    assert intent.reply == "Your running days are Tuesday, Thursday and Sunday."
    unknown = read_intent(Conversation(said="what days do I run?"), context(runner={}))
    assert unknown is not None
    assert "don't know" in (unknown.reply or "")


@pytest.mark.parametrize(
    "said",
    [
        "did it go away?",
        "did that go away?",
        "has the pain gone?",
        "is my cold over?",
        "am i well again?",
        "i missed a run last week",
        "5k on friday",
        "i run 5k in the morning and 3k in the evening every day",
        "marathon in 20 weeks",
        "add more",
        "note that i felt bad",
    ],
)
def test_nothing_is_written_that_was_asked_or_left_open(said: str) -> None:
    assert calls(said) == ()


@pytest.mark.parametrize(
    ("said", "arguments"),
    [
        ("ran 10k: 5k easy and 5k tempo", {"date": "2026-02-10"}),
        ("just ran 6k, third this week", {"date": "2026-02-10"}),
        ("did today's run yesterday", {"workout_id": "wk_987", "date": "2026-02-09"}),
        ("thursday's tempo done today, 50 min", {"workout_id": "wk_988"}),
        ("did tuesday's run, 40 min", {"date": "2026-02-10"}),
    ],
)
def test_a_log_names_the_workout_and_the_day_that_were_meant(
    said: str, arguments: dict[str, object]
) -> None:
    [(name, found)] = calls(said)
    assert name == "log_execution"
    assert {key: found[key] for key in ("workout_id", "date") if key in found} == arguments

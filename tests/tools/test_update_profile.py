"""Lasting facts are kept; what the plan should do about them is said."""

from running import Runner

from storage.database import Database


def test_facts_are_kept_and_the_rest_stays(demo: Database) -> None:
    runner = Runner(demo)
    first = runner.call(
        "update_profile",
        preferences={"units": "mi", "time_zone": "Europe/Berlin"},
        age=46,
        hr_max_bpm=181,
        experience_level="advanced",
    )
    assert first["should_adapt"] is False
    second = runner.call("update_profile", preferences={"workout_types": ["trail"]})
    profile = second["profile"]
    assert profile["preferences"] == {
        "units": "mi",
        "time_zone": "Europe/Berlin",
        "workout_types": ["trail"],
    }
    assert (profile["age"], profile["hr_max_bpm"]) == (46, 181)
    assert profile["experience_level"] == "advanced"


def test_other_days_ask_for_a_fitted_plan(demo: Database) -> None:
    days = [{"day": "mon", "start": "06:30", "minutes": 45}]
    result = Runner(demo).call("update_profile", availability=days)
    assert result["profile"]["weekly_availability"] == days
    assert result["should_adapt"] is True
    without = Runner(demo, "noplan").call("update_profile", availability=days)
    assert without["should_adapt"] is False


def test_an_unknown_time_zone_is_refused(demo: Database) -> None:
    said = {"time_zone": "Mars/Base"}
    error = Runner(demo).call("update_profile", preferences=said)["error"]
    assert (error["code"], error["field"]) == ("invalid_arguments", "preferences.time_zone")


def test_flags_come_and_go_without_a_plan_too(demo: Database) -> None:
    runner = Runner(demo, "noplan")
    added = runner.call("update_profile", add_injury_flags=["Shin"])
    assert added["profile"]["injury_flags"] == ["Shin"]
    unknown = runner.call("update_profile", remove_injury_flags=["knee"])["error"]
    assert "Shin" in unknown["message"]
    unsaid = runner.call("update_profile", remove_injury_flags=["shin"])["error"]
    assert unsaid["code"] == "not_said"
    runner.said = "my shin is fine again"
    removed = runner.call("update_profile", remove_injury_flags=["shin"])
    assert removed["profile"]["injury_flags"] == []

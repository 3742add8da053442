"""Times are aware, JSON is validated, enums are checked by the database too."""

import datetime as dt

import pytest
import sqlalchemy as sa

from storage.columns import Json, UtcDateTime
from storage.database import Database
from training.executions import Feedback


def test_a_naive_time_is_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        UtcDateTime().process_bind_param(dt.datetime(2026, 2, 10), None)


def test_a_time_comes_back_as_utc() -> None:
    berlin = dt.datetime(2026, 2, 10, 9, tzinfo=dt.timezone(dt.timedelta(hours=1)))
    column = UtcDateTime()
    assert column.process_bind_param(berlin, None) == berlin
    assert column.process_result_value(dt.datetime(2026, 2, 10, 8), None) == berlin
    assert column.process_result_value(berlin, None) == berlin
    assert column.process_bind_param(None, None) is column.process_result_value(None, None)


@pytest.mark.parametrize("value", [{"rpe": "much"}, {"rpe": [1]}, 3])
def test_json_that_is_not_of_its_type_is_refused_both_ways(value: object) -> None:
    column = Json(Feedback)
    for convert in (column.process_bind_param, column.process_result_value):
        with pytest.raises(ValueError, match="validation error"):
            convert(value, None)


@pytest.mark.both_stores
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE user_profile SET experience_level = 'expert'",
        "UPDATE plan SET phase = 'rest'",
        "UPDATE plan SET goal_distance = '100k'",
        "UPDATE plan SET version = 0",
        "UPDATE workout_plan SET type = 'swim'",
        "UPDATE workout_plan SET week_id = 'nowhere'",
        "UPDATE workout_plan SET user_id = 'noplan'",
    ],
)
def test_the_database_itself_refuses_what_the_schema_does_not_know(
    demo: Database, statement: str
) -> None:
    with pytest.raises(sa.exc.IntegrityError), demo.write("demo") as session:
        session.connection().execute(sa.text(statement))

"""Where scenarios play: a store of its own for each, copied from a template that is built once."""

import datetime as dt
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from assistant.demo import load_demo
from assistant.errors import AssistantError
from assistant.plan_files import store_plan_file
from assistant.scenarios.scenario import Cast, GivenExecution, Scenario
from storage.database import Database
from storage.errors import StorageError
from storage.executions import save_execution
from storage.plans import find_workout
from storage.profiles import load_profile
from training.adherence import adherence_score
from training.errors import TrainingError
from training.executions import CompletionStatus, Execution, check_metrics
from training.workouts import Workout, WorkoutType

_BEFORE = dt.timedelta(days=1)


class CastRefused(AssistantError):
    """A runner, plan or run that can't be put on the stage."""


class Stage:
    """Makes stores, one at a time, in a folder that goes with it."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="runplan-scenarios-")

    def close(self) -> None:
        """Take every store away."""
        self._folder.cleanup()

    @contextmanager
    def set_up(self, scenario: Scenario) -> Iterator[Database]:
        """Open a fresh store with the scenario's runner in it. Raises CastRefused."""
        template = self._demo if scenario.cast.file is None else self._empty
        for left in self._path.glob("played.db*"):
            left.unlink()
        shutil.copyfile(template, self._path / "played.db")
        try:
            _bring_on(self._played, scenario.cast, scenario.turns[0].today)
            yield self._played
        finally:
            self._played.close()

    @property
    def _path(self) -> Path:
        return Path(self._folder.name)

    @cached_property
    def _played(self) -> Database:
        """The store that is played on: one for all, which knows its statements from before."""
        return _open(self._path / "played.db")

    @cached_property
    def _empty(self) -> Path:
        """A store with its tables and nothing in them."""
        path = self._path / "empty.db"
        database = _open(path)
        database.upgrade()
        database.close()
        return path

    @cached_property
    def _demo(self) -> Path:
        """A store with the demo runners."""
        path = self._path / "demo.db"
        shutil.copyfile(self._empty, path)
        database = _open(path)
        load_demo(database, dt.datetime(2026, 2, 9, 8, tzinfo=dt.UTC))
        database.close()
        return path


def _open(path: Path) -> Database:
    return Database(f"sqlite:///{path}")


def _bring_on(database: Database, cast: Cast, today: dt.date) -> None:
    now = dt.datetime.combine(today - _BEFORE, dt.time(8), tzinfo=dt.UTC)
    try:
        if cast.file is not None:
            store_plan_file(database, cast.file, now=now)
        with database.write(cast.user_id) as session:
            load_profile(session, cast.user_id)
            for number, given in enumerate(cast.executions, 1):
                workout = None
                if not given.outside_plan:
                    workout = find_workout(
                        session,
                        cast.user_id,
                        workout_id=given.workout_id,
                        date=given.performed_on,
                    )
                execution = _execution(given, workout, f"exec_given{number}")
                then = dt.datetime.combine(given.performed_on, dt.time(18), tzinfo=dt.UTC)
                save_execution(session, cast.user_id, execution, now=min(then, now))
    except (AssistantError, StorageError, TrainingError) as error:
        raise CastRefused(str(error)) from None


def _execution(given: GivenExecution, workout: Workout | None, identity: str) -> Execution:
    """Return the run as if it had been logged on its day."""
    if workout is not None and workout.type is WorkoutType.REST and workout.marker is None:
        workout = None
    if workout is None and given.completion_status is CompletionStatus.MISSED:
        raise CastRefused(f"nothing was planned on {given.performed_on}, so nothing was missed")
    if workout is None and given.workout_id is not None:
        raise CastRefused(f"the plan has no workout {given.workout_id!r}")
    check_metrics(given.actual_metrics)
    execution = Execution(
        id=identity,
        workout_id=None if workout is None else workout.id,
        performed_on=given.performed_on,
        completion_status=given.completion_status,
        actual_metrics=given.actual_metrics,
        feedback=given.feedback,
        stopped_for_safety=given.stopped_for_safety,
    )
    if workout is None:
        return execution
    return replace(execution, adherence_score=adherence_score(workout, execution))

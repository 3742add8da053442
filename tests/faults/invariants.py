"""What holds in a store after any faults, checked by queries of its own."""

import hashlib
import json
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from storage.database import Database

TABLES = (
    "user_profile", "plan", "week_plan", "workout_plan", "execution",
    "adaptation_log", "conversation", "turn", "message", "proposal",
)  # fmt: skip


def broken(database: Database) -> list[str]:
    """Return what is wrong, over all runners: I1 to I4 and I6."""
    with database.read() as session:
        run = session.connection()

        def rows(statement: str) -> list[Any]:
            return list(run.execute(sa.text(statement)))

        wrong = [
            *(
                f"I1: turn {t} is {s}"
                for t, s in rows("SELECT id, status FROM turn WHERE status <> 'done'")
            ),
            *(
                f"I1: turn {t} holds {n} messages of the runner"
                for t, n in rows(
                    "SELECT t.id, count(m.position) FROM turn t LEFT JOIN message m ON m.user_id = "
                    "t.user_id AND m.turn_id = t.id AND m.role = 'user' GROUP BY t.user_id, t.id"
                )
                if n != 1
            ),
            *(
                f"I2: call {c} has {n} results"
                for c, n in rows(
                    "SELECT call_id, count(*) FROM message WHERE call_id IS NOT NULL "
                    "GROUP BY user_id, turn_id, call_id HAVING count(*) > 1"
                )
            ),
            *_versions(rows("SELECT user_id, id, version FROM plan"), rows(
                "SELECT user_id, plan_id, plan_version, turn_id, kind FROM adaptation_log"
            )),
        ]  # fmt: skip
        turns = rows("SELECT user_id, id, response FROM turn WHERE status = 'done'")
        messages = rows(
            "SELECT user_id, turn_id, role, text, calls, call_id FROM message "
            "ORDER BY user_id, turn_id, position"
        )
    return [*wrong, *_calls(turns, messages)]


def _versions(plans: Iterable[Any], changes: Iterable[Any]) -> Iterable[str]:
    """I3: the changes of a plan lead from its first version to its last without gap or fork."""
    made: dict[tuple[str, str], list[int]] = {}
    for user, plan, version, *_ in changes:
        made.setdefault((user, plan), []).append(version)
    for user, plan, version in plans:
        found = sorted(made.get((user, plan), []))
        first = found[0] if found else version + 1
        if found != list(range(first, version + 1)):
            yield f"I3: plan {plan} of {user} is at {version}, its changes are {found}"


def _calls(turns: Iterable[Any], messages: Iterable[Any]) -> Iterable[str]:
    """I4 and I6: each call has one result, and a reply tells just those of its turn."""
    asked: dict[tuple[str, str], list[str]] = {}
    results: dict[tuple[str, str], dict[str, Any]] = {}
    for user, turn, role, text, calls, call_id in messages:
        if role == "tool":
            results.setdefault((user, turn), {})[call_id] = json.loads(text)
        for call in _json(calls) or ():
            asked.setdefault((user, turn), []).append(call["id"])
    for user, turn, response in turns:
        ids, got = asked.get((user, turn), []), results.get((user, turn), {})
        if sorted(ids) != sorted(got):
            yield f"I4: turn {turn} has {len(ids)} calls and {len(got)} results"
        told = [action["result"] for action in _json(response)["actions"]]
        if told != [got[i] for i in ids if i in got]:
            yield f"I6: turn {turn} tells {len(told)} results, and {len(got)} are stored"
        if not _json(response)["reply"].strip():
            yield f"I6: turn {turn} has an empty reply"


def _json(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str | bytes) else value


def print_of(database: Database, user: str) -> str:
    """Return a hash of all that is held of a runner."""
    found = hashlib.sha256()
    with database.read() as session:
        for table in TABLES:
            column = "id" if table == "user_profile" else "user_id"
            statement = sa.text(f"SELECT * FROM {table} WHERE {column} = :user")
            rows = session.connection().execute(statement, {"user": user})
            for row in sorted(repr(tuple(row)) for row in rows):
                found.update(row.encode())
    return found.hexdigest()

"""The kinds of turn that faults are tried on, a model that plays them, and what each leaves."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from fakes import Step

from storage.database import Database

SAY = "Here is what I have for you."
PREVIEW = ("adapt_plan", {"kind": "missed", "dates": ["2026-02-15"], "preview": True})


@dataclass(frozen=True, slots=True)
class Kind:
    """One message, what the model calls for it, and the message that came before."""

    text: str
    calls: tuple[tuple[str, dict[str, Any]], ...] = ()
    before: "Kind | None" = None

    def play(self, messages: Sequence[dict[str, Any]]) -> Step:
        """Answer as the model does: the calls first, then words. It keeps no state of its own."""
        return SAY if messages[-1]["role"] == "tool" or not self.calls else list(self.calls)


_LOG = Kind(
    "done, 8 km",
    (("log_execution", {"completion_status": "completed", "date": "2026-02-10"}),),
)
_PROPOSAL = Kind("what if I skip Sunday's run?", (PREVIEW,))
KINDS = {
    "log": _LOG,
    "change": Kind(
        "move Sunday's run to Saturday",
        (("adapt_plan", {"kind": "move", "date": "2026-02-15", "to_date": "2026-02-14"}),),
    ),
    "proposal": _PROPOSAL,
    "yes": Kind("yes", before=_PROPOSAL),
    "red flag": Kind("I had chest pain and fainted on my run"),
    "question": Kind("what is on today?", (("get_workout", {"date": "2026-02-10"}),)),
    "profile": Kind("call me Al", (("update_profile", {"name": "Al"}),)),
    "replay": _LOG,
}

_OWN = (
    "user_profile", "plan", "week_plan", "workout_plan", "execution", "adaptation_log",
    "conversation", "turn", "message", "proposal",
)  # fmt: skip
_FACTS = (
    "SELECT name, safety_hold IS NULL FROM user_profile WHERE id = :user",
    "SELECT goal_distance, goal_date, phase, version, ended_at IS NULL FROM plan "
    "WHERE user_id = :user",
    "SELECT scheduled_date, type, planned_km, pinned FROM workout_plan WHERE user_id = :user "
    "ORDER BY 1, 2",
    "SELECT performed_on, completion_status, workout_id FROM execution WHERE user_id = :user "
    "ORDER BY 1",
    "SELECT plan_version, kind, rule, undone_by IS NULL FROM adaptation_log "
    "WHERE user_id = :user ORDER BY 1",
    "SELECT sequence, status, lease_owner IS NULL FROM turn WHERE user_id = :user ORDER BY 1",
    "SELECT t.sequence, m.position, m.role, m.call_id IS NULL FROM message m JOIN turn t "
    "ON t.user_id = m.user_id AND t.id = m.turn_id WHERE m.user_id = :user ORDER BY 1, 2",
    "SELECT status, plan_version, change_summary FROM proposal WHERE user_id = :user ORDER BY 3",
)


def copy_runner(database: Database, old: str, new: str) -> None:
    """Give a new runner all that another one has."""
    with database.write_common() as session:
        for table in _OWN:
            key = "id" if table == "user_profile" else "user_id"
            columns = sa.inspect(session.connection()).get_columns(table)
            names = ", ".join(c["name"] for c in columns if c["name"] != key)
            session.connection().execute(
                sa.text(
                    f"INSERT INTO {table} ({key}, {names}) "
                    f"SELECT :new, {names} FROM {table} WHERE {key} = :old"
                ),
                {"new": new, "old": old},
            )


def facts_of(database: Database, user: str) -> list[list[tuple[Any, ...]]]:
    """Return what is held of a runner, without what differs from one run to the next."""
    with database.read() as session:
        run = session.connection()
        return [
            [tuple(row) for row in run.execute(sa.text(statement), {"user": user})]
            for statement in _FACTS
        ]

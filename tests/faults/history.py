"""What the rows of many workers' turns must look like, checked by queries of its own."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import sqlalchemy as sa

from storage.database import Database
from tests.faults.invariants import broken

_TWICE = {
    "I2: a turn changed a plan twice": "SELECT user_id, turn_id FROM adaptation_log "
    "GROUP BY user_id, turn_id HAVING count(*) > 1",
    "a conversation has two turns in one place": "SELECT user_id, conversation_id FROM turn "
    "GROUP BY user_id, conversation_id, sequence HAVING count(*) > 1",
    "a day has two records": "SELECT user_id, performed_on FROM execution "
    "GROUP BY user_id, performed_on HAVING count(*) > 1",
}
_SPANS = (
    "SELECT t.user_id, min(m.created_at), max(t.finished_at) FROM turn t JOIN message m "
    "ON m.user_id = t.user_id AND m.turn_id = t.id WHERE m.position > 0 "
    "GROUP BY t.user_id, t.id ORDER BY 1, 2"
)


def faults_in(database: Database, *, serial: bool) -> Iterator[str]:
    """Yield what is wrong. serial: whether a runner's turns lie one after the other, too; those
    that broke off and went on later do not."""
    yield from broken(database)
    for what, statement in _TWICE.items():
        for row in _rows(database, statement):
            yield f"{what}: {', '.join(map(str, row))}"
    if serial:
        for (user, _, end), (other, start, _) in pairwise(_rows(database, _SPANS)):
            if user == other and end > start:
                yield f"two turns of {user} ran at the same time"


def _rows(database: Database, statement: str) -> list[tuple[Any, ...]]:
    with database.read() as session:
        return [tuple(row) for row in session.connection().execute(sa.text(statement))]

"""Sweeping a store: what is kept no longer goes, and so do the traces of what went."""

import datetime as dt
from collections.abc import Iterator

from storage import rate_limits
from storage.database import Database
from storage.retention import Purged, purge_messages

NOT_WIPED = (
    "traces may be left in the store's files, since others used them or there was no room to write "
    "them anew: run `runplan db sweep` until it does not say this any more"
)


def sweep_store(database: Database, keep_days: int | None, *, now: dt.datetime) -> Iterator[str]:
    """Sweep the store and yield what went, a line each. keep_days: None keeps all messages."""
    if keep_days is None:
        yield "messages: all are kept (RUNPLAN_KEEP_MESSAGES_DAYS is not set)"
    else:
        before = now - dt.timedelta(days=keep_days)
        yield from _told(purge_messages(database, before=before), keep_days)
    with database.write_common() as session:
        full = rate_limits.sweep(session, now=now.timestamp())
    yield f"rate limits: {full} that say nothing any more"
    if database.is_sqlite and not database.wipe():
        yield NOT_WIPED


def _told(purged: Purged, keep_days: int) -> Iterator[str]:
    yield (
        f"older than {keep_days} days: purged {purged.turns} turns with {purged.messages} "
        f"messages, {purged.replies} stored responses, {purged.proposals} proposals and "
        f"{purged.summaries} summaries"
    )
    if purged.waiting:
        yield f"{purged.waiting} runners are being answered just now: sweep again for theirs"

"""Tools run as a turn runs them: through a toolbox, on a real store."""

import datetime as dt
import json
from typing import Any

from storage.database import Database
from storage.ids import new_id
from storage.messages import Message, ToolCall
from storage.turns import Request, TurnLog, accept, claim
from tools.toolbox import Toolbox

NOW = dt.datetime(2026, 2, 10, 8, tzinfo=dt.UTC)


class Runner:
    """One runner on one day; each call is a turn of its own. said: what it answers."""

    def __init__(
        self, database: Database, user: str = "demo", today: dt.date = dt.date(2026, 2, 10)
    ) -> None:
        self.database = database
        self.user = user
        self.today = today
        self.said = "x"

    def call(self, name: str, proposal: str | None = None, **arguments: Any) -> dict[str, Any]:
        """Run one call and return its result."""
        request = Request(self.user, self.said, new_id("key"), "sha", self.today, "conv_1")
        turn = accept(self.database, request)
        attempt = claim(self.database, self.user, turn.turn_id, lease_s=60).attempt
        log = TurnLog(self.database, self.user, turn.turn_id, attempt)
        call = ToolCall(new_id("call"), name, json.dumps(arguments), proposal)
        log.append(Message("assistant", "", (call,)))
        box = Toolbox(
            self.database, log, conversation_id="conv_1", today=self.today, clock=lambda: NOW
        )
        result = box.run(call).value
        with self.database.write(self.user) as session:
            log.finish(session, {"conversation_id": "conv_1", "reply": "", "actions": []}, None)
        return result

    def adapt(self, **arguments: Any) -> dict[str, Any]:
        """Run adapt_plan."""
        return self.call("adapt_plan", **arguments)

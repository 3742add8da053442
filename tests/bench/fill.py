"""Fills a runplan store for the benchmark: many copies of the demo runner, some with a long past.

Run by runplan's interpreter: python -m tests.bench.fill URL RUNNERS PAST...; the runners are r0, r1
and so on, and one named pN for each PAST, which is NxM: M conversations of N messages.
"""

import datetime as dt
import sys

from assistant.demo import DEMO_FILES
from assistant.plan_files import PlanFile, read_plan_file, store_plan_file
from storage.database import Database
from storage.ids import new_id
from storage.messages import Message, ToolCall
from storage.turns import Lease, Request, TurnLog, accept
from tools.toolbox import Toolbox

TODAY = dt.date(2026, 2, 10)
NOW = dt.datetime(2026, 2, 10, 8, tzinfo=dt.UTC)
MESSAGES_A_TURN = 4
ASKED, SAID = "How is my plan going?", "It goes well. Keep the easy days easy."


def main(url: str, runners: str, *past: str) -> None:
    """Fill the store."""
    database = Database(url)
    database.upgrade()
    file = read_plan_file(DEMO_FILES / "demo.json")
    for number in range(int(runners)):
        store_plan_file(database, _as(file, f"r{number}"), now=NOW)
    for each in past:
        messages, conversations = map(int, each.split("x"))
        store_plan_file(database, _as(file, f"p{messages}"), now=NOW)
        for number in range(conversations):
            for _ in range(messages // MESSAGES_A_TURN):
                talk(database, f"p{messages}", f"p{messages}-{number}")
    database.close()


def _as(file: PlanFile, name: str) -> PlanFile:
    return file.model_copy(update={"user": file.user.model_copy(update={"id": name})})


def talk(database: Database, user: str, conversation: str) -> None:
    """Carry one turn to its end, as the coach does."""
    request = Request(user, ASKED, new_id("key"), "sha", TODAY, conversation)
    turn = accept(database, request, Lease(60))
    log = TurnLog(database, user, turn.turn_id, 1, turn.messages)
    call = ToolCall(new_id("call"), "get_plan_summary", "{}")
    log.append(Message("assistant", "", (call,)))
    box = Toolbox(database, log, conversation_id=conversation, today=TODAY, clock=lambda: NOW)
    result = box.run(call).value
    log.keep(Message("assistant", SAID))
    response = {
        "conversation_id": conversation,
        "message_id": turn.turn_id,
        "reply": SAID,
        "top_prompt": "Track my training",
        "actions": [{"tool": call.name, "arguments": {}, "result": result}],
        "proposal": None,
        "safety": None,
        "usage": {"input_tokens": 10, "output_tokens": 5},
    }
    with database.write(user) as session:
        log.finish(session, response, None)


if __name__ == "__main__":
    main(*sys.argv[1:])

"""A message counts once, one worker at a time answers it, and a worker that lost it is refused."""

import datetime as dt
import time

import pytest
import sqlalchemy as sa
import time_machine

from storage import leases, turns
from storage.database import Database, database_now
from storage.errors import KeyReused, LeaseLost, TurnConflict, UserNotFound
from storage.messages import Message, ToolCall
from storage.proposals import Proposal, find_answerable, save_proposals
from storage.turns import Request, TurnLog, accept, claim, find_history

pytestmark = pytest.mark.both_stores
RAN_OUT_S = -1.0


def ask(key: str = "k1", *, user: str = "demo", sha: str = "a", text: str = "hello") -> Request:
    return Request(user, text, key, sha, dt.date(2026, 2, 10), "conv_1")


def test_the_same_key_is_the_same_turn(demo: Database) -> None:
    first = accept(demo, ask())
    again = accept(demo, ask())
    assert (first.turn_id, first.response) == (again.turn_id, None)
    with demo.read() as session:
        assert find_history(session, "demo", "conv_1", "", turns=9) == ("", ())


def test_the_same_key_with_another_payload_is_refused(demo: Database) -> None:
    accept(demo, ask())
    with pytest.raises(KeyReused):
        accept(demo, ask(sha="b"))


def test_two_runners_may_use_the_same_key_and_conversation_id(demo: Database) -> None:
    mine = accept(demo, ask())
    theirs = accept(demo, ask(user="noplan", text="other"))
    assert mine.turn_id != theirs.turn_id
    assert theirs.text == "other"


def test_a_message_of_nobody_is_refused(demo: Database) -> None:
    with pytest.raises(UserNotFound, match="'nobody'"):
        accept(demo, ask(user="nobody"))


def test_one_turn_of_a_runner_runs_at_a_time(demo: Database) -> None:
    first, second = accept(demo, ask("a")), accept(demo, ask("b"))
    attempt = claim(demo, "demo", first.turn_id, lease_s=30).attempt
    for turn in (first, second):
        with pytest.raises(TurnConflict):
            claim(demo, "demo", turn.turn_id, lease_s=30)
    TurnLog(demo, "demo", first.turn_id, attempt).fail()
    assert claim(demo, "demo", second.turn_id, lease_s=30).attempt == 1


@pytest.mark.parametrize("off", [dt.timedelta(hours=6), dt.timedelta(hours=-6)])
def test_leases_are_judged_by_the_databases_clock_not_the_workers(
    demo: Database, off: dt.timedelta
) -> None:
    held, free = accept(demo, ask("a")), accept(demo, ask("b", user="noplan"))
    with time_machine.travel(dt.datetime.now(dt.UTC) + off):
        claim(demo, "noplan", free.turn_id, lease_s=RAN_OUT_S)
    claim(demo, "demo", held.turn_id, lease_s=30)
    with time_machine.travel(dt.datetime.now(dt.UTC) + off):
        with pytest.raises(TurnConflict):
            claim(demo, "demo", held.turn_id, lease_s=30)
        assert claim(demo, "noplan", free.turn_id, lease_s=30).attempt == 2
    with demo.read() as session:
        assert abs(database_now(session) - dt.datetime.now(dt.UTC)) < dt.timedelta(minutes=1)


def test_a_lease_that_ran_out_is_free(demo: Database) -> None:
    turn = accept(demo, ask())
    claim(demo, "demo", turn.turn_id, lease_s=1)
    with pytest.raises(TurnConflict):
        claim(demo, "demo", turn.turn_id, lease_s=30)
    time.sleep(1.1)
    assert claim(demo, "demo", turn.turn_id, lease_s=30).attempt == 2


def test_a_yes_counts_after_its_question_whatever_the_workers_clocks_say(demo: Database) -> None:
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(hours=6)):
        asked = accept(demo, ask("a"))
        taken = claim(demo, "demo", asked.turn_id, lease_s=30)
        log = TurnLog(demo, "demo", asked.turn_id, taken.attempt)
        with demo.write("demo") as session:
            save_proposals(session, "demo", [proposal(asked.turn_id)], now=clock())
            log.finish(session, {"conversation_id": "conv_1"}, None)
    with time_machine.travel(dt.datetime.now(dt.UTC) - dt.timedelta(hours=6)):
        said = accept(demo, ask("b"))
    with demo.read() as session:
        (found,) = find_answerable(session, "demo", said.turn_id)
    assert found.id == "prop_1"


def finish(log: TurnLog, reply: str, summary: str | None = None) -> None:
    with log.database.write(log.user_id) as session:
        log.finish(session, {"conversation_id": "conv_1", "reply": reply}, summary)


def clock() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def proposal(turn_id: str) -> Proposal:
    return Proposal("prop_1", turn_id, "conv_1", "adapt_plan", {}, None, None, "x", "sha", {})


def test_a_worker_that_lost_its_lease_cannot_write(demo: Database) -> None:
    turn = accept(demo, ask())
    lost = claim(demo, "demo", turn.turn_id, lease_s=RAN_OUT_S)
    taken_over = claim(demo, "demo", turn.turn_id, lease_s=9)
    zombie = TurnLog(demo, "demo", turn.turn_id, lost.attempt)
    heir = TurnLog(demo, "demo", turn.turn_id, taken_over.attempt)
    for write in (
        lambda: zombie.append(Message("assistant", "late")),
        lambda: finish(zombie, "late"),
    ):
        with pytest.raises(LeaseLost):
            write()
    zombie.fail()
    heir.append(Message("assistant", "in time"))
    assert [message.text for message in heir.read()] == ["hello", "in time"]


def test_a_lease_of_a_dead_process_of_this_host_is_free(
    demo: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    turn = accept(demo, ask())
    host = leases.lease_owner().split("/")[0]
    for owner in (f"{host}/{2**22 + 1}/x", leases.lease_owner().rsplit("/", 1)[0] + "/other"):
        with monkeypatch.context() as patch:
            patch.setattr(turns, "lease_owner", lambda _mark, owner=owner: owner)
            claim(demo, "demo", turn.turn_id, lease_s=300)
    assert claim(demo, "demo", turn.turn_id, lease_s=300).attempt == 3


def test_a_lease_of_another_host_or_a_living_process_holds(
    demo: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    turn = accept(demo, ask())
    host = leases.lease_owner().split("/")[0]
    for owner in ("elsewhere/1/x", f"{host}/1/x"):
        with monkeypatch.context() as patch:
            patch.setattr(turns, "lease_owner", lambda _mark, owner=owner: owner)
            attempt = claim(demo, "demo", turn.turn_id, lease_s=300).attempt
        with pytest.raises(TurnConflict):
            claim(demo, "demo", turn.turn_id, lease_s=300)
        TurnLog(demo, "demo", turn.turn_id, attempt).fail()


def test_a_finished_turn_gives_its_reply_again(demo: Database) -> None:
    turn = accept(demo, ask())
    log = TurnLog(demo, "demo", turn.turn_id, claim(demo, "demo", turn.turn_id, lease_s=9).attempt)
    log.append(Message("assistant", "", (ToolCall("call_1", "get_progress", "{}"),)))
    log.append(Message("tool", "{}", call_id="call_1"))
    finish(log, "hi", "so far")
    assert accept(demo, ask()).response == {"conversation_id": "conv_1", "reply": "hi"}
    with demo.read() as session:
        summary, (past,) = find_history(session, "demo", "conv_1", "", turns=9)
    assert summary == "so far"
    assert [message.role for message in past.messages] == ["user", "assistant", "tool"]


def test_a_failed_turn_may_be_sent_again(demo: Database) -> None:
    turn = accept(demo, ask())
    log = TurnLog(demo, "demo", turn.turn_id, claim(demo, "demo", turn.turn_id, lease_s=9).attempt)
    log.fail()
    assert accept(demo, ask()).response is None
    assert claim(demo, "demo", turn.turn_id, lease_s=9).attempt == 2


def test_one_call_has_one_result(demo: Database) -> None:
    turn = accept(demo, ask())
    log = TurnLog(demo, "demo", turn.turn_id, claim(demo, "demo", turn.turn_id, lease_s=9).attempt)
    log.append(Message("tool", "{}", call_id="call_1"))
    with pytest.raises(sa.exc.IntegrityError, match=r"(?i)unique"):
        log.append(Message("tool", "{}", call_id="call_1"))


def test_a_turn_that_was_done_meanwhile_gives_its_reply(demo: Database) -> None:
    turn = accept(demo, ask())
    taken = claim(demo, "demo", turn.turn_id, lease_s=9)
    log = TurnLog(demo, "demo", turn.turn_id, taken.attempt)
    finish(log, "hi")
    again = claim(demo, "demo", turn.turn_id, lease_s=9)
    assert again.response == {"conversation_id": "conv_1", "reply": "hi"}
    with demo.read() as session:
        assert len(find_history(session, "demo", "conv_1", "", turns=9)[1]) == 1


def test_a_turn_that_broke_off_three_times_is_not_tried_like_before(demo: Database) -> None:
    turn = accept(demo, ask())
    found = [claim(demo, "demo", turn.turn_id, lease_s=RAN_OUT_S) for _ in range(4)]
    assert [taken.exhausted for taken in found] == [False, False, False, True]

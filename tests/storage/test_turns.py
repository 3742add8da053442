"""A message counts once, one worker at a time answers it, and a worker that lost it is refused."""

import datetime as dt

import pytest

from storage import turns
from storage.database import Database
from storage.errors import KeyReused, LeaseLost, TurnConflict, UserNotFound
from storage.messages import Message, ToolCall
from storage.turns import Request, TurnLog, accept, claim, find_history

NOW = dt.datetime(2026, 2, 10, 8, 0, tzinfo=dt.UTC)
LATER = NOW + dt.timedelta(minutes=5)


def ask(key: str = "k1", *, user: str = "demo", sha: str = "a", text: str = "hello") -> Request:
    return Request(user, text, key, sha, dt.date(2026, 2, 10), "conv_1")


def test_the_same_key_is_the_same_turn(demo: Database) -> None:
    first = accept(demo, ask(), now=NOW)
    again = accept(demo, ask(), now=LATER)
    assert (first.turn_id, first.response) == (again.turn_id, None)
    with demo.read() as session:
        assert find_history(session, "demo", "conv_1", "", turns=9) == ("", ())


def test_the_same_key_with_another_payload_is_refused(demo: Database) -> None:
    accept(demo, ask(), now=NOW)
    with pytest.raises(KeyReused):
        accept(demo, ask(sha="b"), now=NOW)


def test_two_runners_may_use_the_same_key_and_conversation_id(demo: Database) -> None:
    mine = accept(demo, ask(), now=NOW)
    theirs = accept(demo, ask(user="noplan", text="other"), now=NOW)
    assert mine.turn_id != theirs.turn_id
    assert theirs.text == "other"


def test_a_message_of_nobody_is_refused(demo: Database) -> None:
    with pytest.raises(UserNotFound, match="'nobody'"):
        accept(demo, ask(user="nobody"), now=NOW)


def test_one_turn_of_a_runner_runs_at_a_time(demo: Database) -> None:
    first, second = accept(demo, ask("a"), now=NOW), accept(demo, ask("b"), now=NOW)
    claim(demo, "demo", first.turn_id, now=NOW, lease_s=30)
    for turn in (first, second):
        with pytest.raises(TurnConflict):
            claim(demo, "demo", turn.turn_id, now=NOW, lease_s=30)
    assert claim(demo, "demo", second.turn_id, now=LATER, lease_s=30).attempt == 1


def test_a_worker_that_lost_its_lease_cannot_write(demo: Database) -> None:
    turn = accept(demo, ask(), now=NOW)
    lost = claim(demo, "demo", turn.turn_id, now=NOW, lease_s=1)
    taken_over = claim(demo, "demo", turn.turn_id, now=LATER, lease_s=9)
    zombie = TurnLog(demo, "demo", turn.turn_id, lost.attempt)
    heir = TurnLog(demo, "demo", turn.turn_id, taken_over.attempt)
    for write in (
        lambda: zombie.append(Message("assistant", "late"), now=LATER),
        lambda: zombie.finish({"conversation_id": "conv_1"}, None, now=LATER),
    ):
        with pytest.raises(LeaseLost):
            write()
    zombie.fail(now=LATER)
    heir.append(Message("assistant", "in time"), now=LATER)
    assert [message.text for message in heir.read()] == ["hello", "in time"]


def test_a_lease_of_a_dead_process_of_this_host_is_free(
    demo: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    turn = accept(demo, ask(), now=NOW)
    host = turns.lease_owner().split("/")[0]
    for owner in (f"{host}/{2**22 + 1}/x", turns.lease_owner().rsplit("/", 1)[0] + "/other"):
        with monkeypatch.context() as patch:
            patch.setattr(turns, "lease_owner", lambda owner=owner: owner)
            claim(demo, "demo", turn.turn_id, now=NOW, lease_s=300)
    assert claim(demo, "demo", turn.turn_id, now=NOW, lease_s=300).attempt == 3


def test_a_lease_of_another_host_or_a_living_process_holds(
    demo: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    turn = accept(demo, ask(), now=NOW)
    host = turns.lease_owner().split("/")[0]
    for n, owner in enumerate(("elsewhere/1/x", f"{host}/1/x")):
        moment = NOW + dt.timedelta(hours=n)
        with monkeypatch.context() as patch:
            patch.setattr(turns, "lease_owner", lambda owner=owner: owner)
            claim(demo, "demo", turn.turn_id, now=moment, lease_s=300)
        with pytest.raises(TurnConflict):
            claim(demo, "demo", turn.turn_id, now=moment, lease_s=300)


def test_a_finished_turn_gives_its_reply_again(demo: Database) -> None:
    turn = accept(demo, ask(), now=NOW)
    log = TurnLog(
        demo, "demo", turn.turn_id, claim(demo, "demo", turn.turn_id, now=NOW, lease_s=9).attempt
    )
    log.append(Message("assistant", "", (ToolCall("call_1", "get_progress", "{}"),)), now=NOW)
    log.append(Message("tool", "{}", call_id="call_1"), now=NOW)
    log.finish({"conversation_id": "conv_1", "reply": "hi"}, "so far", now=NOW)
    assert accept(demo, ask(), now=LATER).response == {"conversation_id": "conv_1", "reply": "hi"}
    with demo.read() as session:
        summary, (past,) = find_history(session, "demo", "conv_1", "", turns=9)
    assert summary == "so far"
    assert [message.role for message in past.messages] == ["user", "assistant", "tool"]


def test_a_failed_turn_may_be_sent_again(demo: Database) -> None:
    turn = accept(demo, ask(), now=NOW)
    log = TurnLog(
        demo, "demo", turn.turn_id, claim(demo, "demo", turn.turn_id, now=NOW, lease_s=9).attempt
    )
    log.fail(now=NOW)
    assert accept(demo, ask(), now=NOW).response is None
    assert claim(demo, "demo", turn.turn_id, now=NOW, lease_s=9).attempt == 2


def test_one_call_has_one_result(demo: Database) -> None:
    turn = accept(demo, ask(), now=NOW)
    log = TurnLog(
        demo, "demo", turn.turn_id, claim(demo, "demo", turn.turn_id, now=NOW, lease_s=9).attempt
    )
    log.append(Message("tool", "{}", call_id="call_1"), now=NOW)
    with pytest.raises(Exception, match="UNIQUE"):
        log.append(Message("tool", "{}", call_id="call_1"), now=NOW)


def test_a_turn_that_was_done_meanwhile_gives_its_reply(demo: Database) -> None:
    turn = accept(demo, ask(), now=NOW)
    taken = claim(demo, "demo", turn.turn_id, now=NOW, lease_s=9)
    log = TurnLog(demo, "demo", turn.turn_id, taken.attempt)
    log.finish({"conversation_id": "conv_1", "reply": "hi"}, None, now=NOW)
    again = claim(demo, "demo", turn.turn_id, now=NOW, lease_s=9)
    assert again.response == {"conversation_id": "conv_1", "reply": "hi"}
    with demo.read() as session:
        assert len(find_history(session, "demo", "conv_1", "", turns=9)[1]) == 1


def test_a_turn_that_broke_off_three_times_is_not_tried_like_before(demo: Database) -> None:
    turn = accept(demo, ask(), now=NOW)
    found = [
        claim(demo, "demo", turn.turn_id, now=NOW + dt.timedelta(hours=n), lease_s=9)
        for n in range(4)
    ]
    assert [taken.exhausted for taken in found] == [False, False, False, True]

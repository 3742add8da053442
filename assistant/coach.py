"""One message's way through the house: stored, screened, answered, checked, stored again."""

import datetime as dt
import hashlib
import json
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any
from zoneinfo import ZoneInfo

import anyio

from assistant.claims import Evidence
from assistant.completions import Usage
from assistant.consent import is_no, read_choice
from assistant.errors import Busy, MessageRefused, ModelUnavailable
from assistant.events import Event, Finished, Replied, Restarted, TextDelta
from assistant.history import fold, prepare_history
from assistant.model import ChatModel
from assistant.orchestrator import Limits, Turn, committed, run
from assistant.replies import has_effect, reply_from
from assistant.snapshot import build_context
from assistant.telemetry import RED_FLAGS, name_turn
from assistant.threads import in_thread
from prompts.render import render
from storage.database import Database, Session, retried
from storage.errors import LeaseLost, StorageError, TurnConflict
from storage.ids import new_id
from storage.messages import Message, ToolCall
from storage.profiles import Profile, load_profile, save_profile
from storage.proposals import Proposal, close_open, find_answerable, find_open
from storage.subscriptions import top_prompt
from storage.turns import (
    Accepted,
    Claim,
    Lease,
    PastTurn,
    Request,
    TurnLog,
    accept,
    at_work,
    claim,
    find_actions,
    find_history,
)
from storage.values import SafetyHold
from tools.registry import openai_tools
from tools.toolbox import Toolbox
from training.flag_rules import RedFlag
from training.red_flags import reports_clearance, screen

POLL_S, LONGEST_POLL_S = 0.02, 0.5
BROKE_OFF = "I could not finish answering; please ask again if something is missing."
UNFINISHED = "I could not finish answering, since the model can't be reached right now."


@dataclass(frozen=True, slots=True)
class Incoming:
    """A message from an authenticated runner."""

    user_id: str
    text: str
    conversation_id: str | None = None
    idempotency_key: str | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What one turn starts from, read in one transaction.

    flag: the message's red flag. notice: what the reply begins with while a safety hold is on, or
    when one was lifted.
    """

    profile: Profile
    flag: RedFlag | None
    notice: str
    context: dict[str, Any]
    summary: str
    history: tuple[PastTurn, ...]


class Coach:
    """Answers messages over one store with one model.

    today: pins the date, for demos and tests; else it is today in the runner's time zone.
    unstreamed: asks the same model for whole answers, which costs less where nobody reads along.
    """

    def __init__(
        self,
        database: Database,
        model: ChatModel,
        *,
        unstreamed: ChatModel | None = None,
        clock: Callable[[], dt.datetime],
        today: dt.date | None = None,
        limits: Limits = Limits(),  # noqa: B008 - a frozen value
        history_turns: int = 8,
        deadline_s: float = 25.0,
        max_message_chars: int = 4000,
    ) -> None:
        self.database = database
        self.model = model
        self.unstreamed = unstreamed or model
        self.clock = clock
        self.today = today
        self.limits = limits
        self.history_turns = history_turns
        self.deadline_s = deadline_s
        self.max_message_chars = max_message_chars

    async def answer(
        self, incoming: Incoming, *, deadline_s: float | None = None, streaming: bool = True
    ) -> AsyncIterator[Event]:
        """Carry a message to its stored reply, yielding what happens; `Finished` comes last.

        Raises MessageRefused, UserNotFound, KeyReused, Busy, ModelUnavailable, StoreUnavailable,
        StoreOutdated, StoreTooNew, LeaseLost. The message is stored before anything else happens,
        so the same key sent again goes on where this one stopped. streaming: whether somebody
        reads along.
        """
        budget_s = deadline_s or self.deadline_s
        deadline = time.monotonic() + budget_s
        text = normalise(incoming.text, self.max_message_chars)
        with at_work() as mark:
            lease = Lease(budget_s + 5, mark)
            accepted = await in_thread(self._accept, incoming, text, lease)
            if accepted.response is not None:
                yield Finished(accepted.response, replayed=True)
                return
            taken = accepted.claim or await self._claim(incoming.user_id, accepted, deadline, lease)
            if taken.response is not None:
                yield Finished(taken.response, replayed=True)
                return
            log = TurnLog(
                self.database, incoming.user_id, accepted.turn_id, taken.attempt, accepted.messages
            )
            name_turn(accepted.turn_id, taken.attempt)
            try:
                async for event in self._answer(
                    accepted, log, deadline, exhausted=taken.exhausted, streaming=streaming
                ):
                    yield event
            except BaseException as error:  # also a cancelled one must not keep its lease
                if not isinstance(error, LeaseLost):
                    await self._let_go(log)
                raise

    def today_in(self, time_zone: str) -> dt.date:
        """Return the pinned day, else today in a time zone."""
        return self.today or self.clock().astimezone(ZoneInfo(time_zone)).date()

    async def close(self) -> None:
        """Let the model's connections go; the store is its opener's to close."""
        await self.model.close()

    async def _let_go(self, log: TurnLog) -> None:
        """End the attempt, so that the same key can be sent again at once."""
        with anyio.CancelScope(shield=True), suppress(StorageError):
            await in_thread(log.fail)

    async def _answer(
        self,
        accepted: Accepted,
        log: TurnLog,
        deadline: float,
        *,
        exhausted: bool,
        streaming: bool,
    ) -> AsyncIterator[Event]:
        reading = await in_thread(self._begin, accepted, log)
        turn = self._turn(reading, accepted, log, deadline, shown=streaming)
        reply = ""
        try:
            async for event in self._events(turn, reading, accepted, exhausted=exhausted):
                if isinstance(event, Replied):
                    reply = event.text
                yield event
        except ModelUnavailable:
            reply = _reply_without_model(await in_thread(log.read))
            if not reply:
                raise
            yield Replied(reply)
        response = await in_thread(
            self._finish, accepted, log, reading, reply, sum(turn.usage, Usage())
        )
        yield Finished(response)

    async def _events(
        self, turn: Turn, reading: Reading, accepted: Accepted, *, exhausted: bool
    ) -> AsyncIterator[Event]:
        """Yield the turn's events: a red flag and a turn that broke off too often ask no model."""
        flag = reading.flag
        if flag is not None:
            RED_FLAGS.inc()
            yield TextDelta(flag.says)
            yield Replied(flag.says)
            return
        notice = TextDelta(reading.notice)
        if notice.text:
            yield notice
        if exhausted:
            done = reply_from(await in_thread(turn.log.read))
            yield Replied(f"{notice.text}{done} {BROKE_OFF}")
            return
        async for event in run(turn):
            yield Replied(f"{notice.text}{event.text}") if isinstance(event, Replied) else event
            if isinstance(event, Restarted) and notice.text:
                yield notice

    def _accept(self, incoming: Incoming, text: str, lease: Lease) -> Accepted:
        if not self.database.fits:
            self.database.check()
        payload = json.dumps([text, incoming.conversation_id]).encode()
        request = Request(
            user_id=incoming.user_id,
            text=text,
            idempotency_key=incoming.idempotency_key or new_id("key"),
            payload_sha256=hashlib.sha256(payload).hexdigest(),
            today=self.today_in,
            conversation_id=incoming.conversation_id,
        )
        return accept(self.database, request, lease)

    async def _claim(
        self, user_id: str, accepted: Accepted, deadline: float, lease: Lease
    ) -> Claim:
        """Wait for the runner's other turn to end, then take this one."""
        pause_s = POLL_S
        while True:
            try:
                taken: Claim = await in_thread(
                    claim,
                    self.database,
                    user_id,
                    accepted.turn_id,
                    lease_s=lease.seconds,
                    mark=lease.mark,
                )
                return taken
            except TurnConflict as error:
                if time.monotonic() + pause_s > deadline:
                    raise Busy(str(error)) from error
                await anyio.sleep(pause_s)
                pause_s = min(LONGEST_POLL_S, pause_s * 1.5)

    def _begin(self, accepted: Accepted, log: TurnLog) -> Reading:
        """Settle in code what no model may decide, then read what the turn starts from.

        Where there is nothing to settle, it is read alone.
        """
        flag = screen(accepted.text)
        if flag is None:
            with self.database.read() as session:
                profile = load_profile(session, log.user_id)
                proposals = find_answerable(session, log.user_id, accepted.turn_id)
                if profile.safety_hold is None and not proposals:
                    return self._read(session, accepted, profile, profile, None, ())
        return self._settle(accepted, log, flag)

    @retried
    def _settle(self, accepted: Accepted, log: TurnLog, flag: RedFlag | None) -> Reading:
        with self.database.write(log.user_id) as session:
            before = load_profile(session, log.user_id)
            profile = self._settle_safety(session, before, accepted, flag)
            proposals = find_answerable(session, log.user_id, accepted.turn_id)
            reading = self._read(session, accepted, before, profile, flag, proposals)
            if proposals and len(log.read_in(session)) == 1:
                asked = reading.history[-1].reply if reading.history else ""
                self._settle_proposals(session, accepted.text, log, proposals, asked)
            return reading

    def _read(
        self,
        session: Session,
        accepted: Accepted,
        before: Profile,
        profile: Profile,
        flag: RedFlag | None,
        proposals: Sequence[Proposal],
    ) -> Reading:
        summary, history = find_history(
            session,
            profile.id,
            accepted.conversation_id,
            accepted.turn_id,
            turns=self.history_turns,
        )
        context = build_context(session, profile, accepted.today, proposals)
        notice = "" if flag is not None else _notice(before, profile)
        return Reading(profile, flag, notice, context, summary, history)

    def _settle_safety(
        self, session: Session, profile: Profile, accepted: Accepted, flag: RedFlag | None
    ) -> Profile:
        hold = profile.safety_hold
        if flag is not None and flag.pauses is not None and not _is_weaker(flag.pauses, hold):
            hold = SafetyHold(
                since=accepted.today,
                flag=flag.code,
                pauses=flag.pauses,
                ends_when="tell me when a doctor has cleared you",
            )
        elif flag is None and hold is not None and reports_clearance(accepted.text):
            hold = None
        if hold != profile.safety_hold:
            profile = replace(profile, safety_hold=hold)
            save_profile(session, profile, now=self.clock())
        return profile

    def _settle_proposals(
        self,
        session: Session,
        text: str,
        log: TurnLog,
        proposals: Sequence[Proposal],
        asked: str,
    ) -> None:
        """A plain yes or choice makes one stored call run; a plain no closes them all.

        asked: the reply that put them to the runner.
        """
        if is_no(text):
            close_open(session, log.user_id, status="declined")
            return
        rules = [str(proposal.result.get("rule", "")) for proposal in proposals]
        chosen = read_choice(text, rules, asked)
        if chosen is not None:
            said = proposals[chosen]
            call = ToolCall(new_id("call"), said.tool, json.dumps(said.arguments), said.id)
            log.append_in(session, Message("assistant", "", (call,)))

    def _turn(
        self,
        reading: Reading,
        accepted: Accepted,
        log: TurnLog,
        deadline: float,
        *,
        shown: bool,
    ) -> Turn:
        entitled = top_prompt(reading.profile.subscription) is not None
        system = {"role": "system", "content": render("system", context=reading.context)}
        history = prepare_history(reading.summary, reading.history)
        return Turn(
            prompt=(system, *history),
            tools=openai_tools() if entitled else (),
            log=log,
            model=self.model if shown else self.unstreamed,
            toolbox=Toolbox(
                self.database,
                log,
                conversation_id=accepted.conversation_id,
                today=accepted.today,
                clock=self.clock,
            ),
            evidence=Evidence(
                today=accepted.today,
                context=reading.context,
                earlier=json.dumps(history, ensure_ascii=False),
                hold=reading.profile.safety_hold,
            ),
            deadline=deadline,
            limits=self.limits,
            shown=shown,
        )

    @retried
    def _finish(
        self, accepted: Accepted, log: TurnLog, reading: Reading, reply: str, usage: Usage
    ) -> dict[str, Any]:
        with self.database.write(log.user_id) as session:
            profile = load_profile(session, log.user_id)
            waiting = find_open(session, log.user_id)
            hold = profile.safety_hold
            made = [proposal for proposal in waiting if proposal.turn_id == accepted.turn_id]
            response = {
                "conversation_id": accepted.conversation_id,
                "message_id": accepted.turn_id,
                "reply": reply,
                "top_prompt": top_prompt(profile.subscription),
                "actions": committed(log.read_in(session)),
                "proposal": _shown(made),
                "safety": None
                if hold is None
                else {
                    "since": hold.since.isoformat(),
                    "flag": hold.flag,
                    "pauses": hold.pauses,
                    "ends_when": hold.ends_when,
                },
                "usage": {"input_tokens": usage.input_tokens, "output_tokens": usage.output_tokens},
            }
            log.finish(session, response, self._summary(session, log.user_id, reading))
        return response

    def _summary(self, session: Session, user_id: str, reading: Reading) -> str | None:
        """Return the conversation's summary with the turn that the model sees no more, if any."""
        if len(reading.history) < max(self.history_turns, 1):
            return None
        leaving = reading.history[0]
        return fold(reading.summary, leaving.today, find_actions(session, user_id, leaving.turn_id))


def normalise(text: str, max_chars: int) -> str:
    """Return the message as it is stored, the same on every database.

    Raises MessageRefused for text that is empty, too long, or holds NUL or lone surrogates.
    """
    if not text.strip():
        raise MessageRefused("the message is empty: write what you did or want to know")
    if len(text) > max_chars:
        raise MessageRefused(
            f"the message has {len(text)} characters; up to {max_chars} can be taken"
        )
    if any(c == "\x00" or "\ud800" <= c <= "\udfff" for c in text):
        raise MessageRefused("the message holds characters that are not text (NUL or surrogates)")
    return text


def _notice(before: Profile, after: Profile) -> str:
    """Return what a reply begins with, whatever the model says, while safety is at stake."""
    if before.safety_hold is not None and after.safety_hold is None:
        return "Good to hear that you are cleared: the hold is lifted. Start with easy running.\n\n"
    hold = after.safety_hold
    if hold is None:
        return ""
    what = "Your training is" if hold.pauses == "plan" else "Hard training is"
    since = f"{hold.since:%A, %B} {hold.since.day}"
    return f"{what} on hold since {since}; {hold.ends_when}.\n\n"


def _shown(proposals: Sequence[Proposal]) -> dict[str, Any] | None:
    """Return what waits for the runner's answer: the first, and under `options` all of several."""
    shown = [{"proposal_id": proposal.id, **proposal.result} for proposal in proposals]
    if not shown:
        return None
    return {**shown[0], "options": shown if len(shown) > 1 else []}


def _reply_without_model(messages: Sequence[Message]) -> str:
    """Return an honest reply from what was committed, or nothing where nothing was."""
    done = [a for a in committed(messages) if has_effect(a["tool"], a["result"])]
    return f"{reply_from(messages)} {UNFINISHED}" if done else ""


def _is_weaker(pauses: str, hold: SafetyHold | None) -> bool:
    """Whether a pause would lift part of the hold that is there."""
    return pauses == "intensity" and hold is not None and hold.pauses == "plan"

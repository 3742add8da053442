"""Trying an endpoint before runners do: a dozen cases, and the settings that are safe with it.

The cases ask what runplan asks, with its own prompt, tools and a demo runner; nothing is written.
"""

import datetime as dt
import json
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import httpx2
import openai
from openai import AsyncOpenAI
from rich.console import Console
from rich.markup import escape

from assistant.completions import Answer, IncompleteAnswer, Pieces, read_line, read_whole
from assistant.demo import load_demo
from assistant.snapshot import build_context
from prompts.render import render
from storage.database import Database
from storage.messages import ToolCall
from storage.profiles import load_profile
from tools.errors import ToolError
from tools.registry import TOOLS, openai_tools
from tools.toolbox import parse_arguments

Verdict = Literal["ok", "copes", "fails"]
DEMO_DAY = dt.date(2026, 2, 10)
LONG_HISTORY_CHARS = 24_000
SLOW_S = 5.0
READ = "What is my workout on Thursday?"
BOTH = "I ran 8 km in 44 minutes today, easy. And move Thursday's workout to Friday, please."
RESULT = {"date": "2026-02-12", "weekday": "Thursday", "name": "Tempo 3 x 8 min", "type": "tempo"}


@dataclass(frozen=True, slots=True)
class Finding:
    """What one case showed. copes: the endpoint differs here, and runplan copes with it."""

    case: str
    verdict: Verdict
    says: str


@dataclass(frozen=True, slots=True)
class Heard:
    """One answer: as runplan reads it, and as it came.

    fault: why it can't be read, else empty.
    """

    answer: Answer | None
    fault: str = ""
    raw_calls: Sequence[Mapping[str, Any]] = ()
    pieces: int = 1
    usage: bool = False
    took_s: float = 0.0


@dataclass
class Probe:
    """An endpoint under trial. prompt: the system text and tools are runplan's own."""

    client: AsyncOpenAI
    model: str
    system: str
    timeout_s: float = 60.0
    findings: list[Finding] = field(default_factory=list)
    slowest_s: float = 0.0
    tool_calls: dict[bool, bool] = field(default_factory=dict)  # by streaming: whether they came

    async def run(self) -> AsyncIterator[Finding]:
        """Try each case and yield what it showed; an endpoint that can't be reached ends it."""
        for case, attempt in CASES.items():
            verdict, says = await attempt(self)
            finding = Finding(case, verdict, says)
            self.findings.append(finding)
            yield finding
            if verdict == "fails" and case == "text":
                return

    @property
    def usable(self) -> bool:
        """Whether runplan can work with it at all: it speaks, and it calls tools."""
        return any(self.tool_calls.values())

    def settings(self) -> dict[str, str]:
        """Return the settings that are safe with this endpoint."""
        streaming = self.tool_calls.get(True, False) and not self._failed("streamed")
        timeout_s = max(20, round(3 * self.slowest_s))
        return {
            "RUNPLAN_MODEL": self.model,
            "RUNPLAN_MODEL_STREAMING": str(streaming).lower(),
            "RUNPLAN_MODEL_TIMEOUT_S": str(timeout_s),
            "RUNPLAN_DEADLINE_S": str(max(25, timeout_s + 5)),
        }

    async def ask(
        self,
        *messages: dict[str, Any],
        streaming: bool = False,
        tools: bool = True,
        model: str | None = None,
    ) -> Heard:
        """Ask once, without a retry; a fault of the endpoint is in what was heard."""
        body: dict[str, Any] = {"messages": [{"role": "system", "content": self.system}, *messages]}
        if tools:
            body["tools"] = list(openai_tools())
        started = time.monotonic()
        try:
            hear = self._streamed if streaming else self._whole
            heard = await hear(model or self.model, body)
        except openai.APIStatusError as error:
            return Heard(None, f"status {error.status_code}")
        except openai.APITimeoutError:
            return Heard(None, f"no answer in {self.timeout_s:g} s")
        except (openai.OpenAIError, httpx2.HTTPError) as error:
            return Heard(None, f"the connection failed ({type(error).__name__})")
        except IncompleteAnswer as error:
            return Heard(None, str(error))
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
            return Heard(None, "the answer is no chat completion")
        took_s = time.monotonic() - started
        self.slowest_s = max(self.slowest_s, took_s)
        return Heard(
            heard.answer, "", heard.raw_calls, heard.pieces, usage=heard.usage, took_s=took_s
        )

    async def _whole(self, model: str, body: dict[str, Any]) -> Heard:
        raw = await self.client.chat.completions.with_raw_response.create(
            model=model, messages=[], timeout=self.timeout_s, extra_body=body
        )
        completion = json.loads(raw.content)
        calls = completion["choices"][0]["message"].get("tool_calls") or ()
        return Heard(read_whole(completion), raw_calls=calls, usage=bool(completion.get("usage")))

    async def _streamed(self, model: str, body: dict[str, Any]) -> Heard:
        calls: list[Mapping[str, Any]] = []
        pieces, count, usage = Pieces(), 0, False
        create = self.client.chat.completions.with_streaming_response.create
        async with create(
            model=model,
            messages=[],
            stream=True,
            stream_options={"include_usage": True},
            timeout=self.timeout_s,
            extra_body=body,
        ) as response:
            async for line in response.iter_lines():
                chunk = read_line(line)
                if chunk is None:
                    break
                pieces.add(chunk)
                usage = usage or bool(chunk.get("usage"))
                for choice in chunk.get("choices") or ():
                    count += 1
                    calls += (choice.get("delta") or {}).get("tool_calls") or ()
        return Heard(pieces.answer(), raw_calls=calls, pieces=count, usage=usage)

    def _failed(self, part: str) -> bool:
        return any(f.verdict == "fails" and part in f.case for f in self.findings)


def demo_prompt() -> str:
    """Return the system text for the demo runner on her demo day, from a store of its own."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/probe.db")
        database.upgrade()
        load_demo(database, dt.datetime.combine(DEMO_DAY, dt.time(8), dt.UTC))
        with database.read() as session:
            context = build_context(session, load_profile(session, "demo"), DEMO_DAY, ())
        database.close()
    return render("system", context=context)


async def report(probe: Probe, console: Console) -> bool:
    """Try the endpoint, print each finding as it comes and the safe settings last.

    Returns whether runplan can work with the endpoint.
    """
    colours = {"ok": "green", "copes": "yellow", "fails": "red"}
    async for found in probe.run():
        mark = f"[{colours[found.verdict]}]{found.verdict:<6}[/]"
        console.print(f"{mark} {found.case:<26}{escape(found.says)}", soft_wrap=True)
    if not probe.usable:
        console.print(
            "\nrunplan can't work with this endpoint and model: no tool call came through"
        )
        return False
    console.print("\nSafe settings with it:")
    for name, value in probe.settings().items():
        console.print(f"{name}={value}", markup=False, highlight=False, soft_wrap=True)
    return True


def _user(text: str) -> dict[str, Any]:
    return {"role": "user", "content": render("runner_message", text=text)}


def _with_result(call: ToolCall, result: Mapping[str, Any]) -> tuple[dict[str, Any], ...]:
    function = {"name": call.name, "arguments": call.arguments}
    made = {"id": "call_probe1", "type": "function", "function": function}
    return (
        {"role": "assistant", "content": None, "tool_calls": [made]},
        {"role": "tool", "tool_call_id": "call_probe1", "content": json.dumps(result)},
    )


async def _text(probe: Probe) -> tuple[Verdict, str]:
    heard = await probe.ask(_user("Hello! Answer in one short sentence."))
    if heard.answer is None:
        return "fails", heard.fault
    if not heard.answer.text.strip() and not heard.answer.calls:
        return "copes", "the answer is empty; runplan asks once more and then says so"
    slow = f"; {heard.took_s:.0f} s is slow for a chat" if heard.took_s > SLOW_S else ""
    return "ok", f"answered in {heard.took_s:.1f} s{slow}"


async def _text_streamed(probe: Probe) -> tuple[Verdict, str]:
    heard = await probe.ask(_user("Tell me in two sentences why rest days help."), streaming=True)
    if heard.answer is None:
        return "fails", heard.fault
    if heard.pieces < 4:
        return "copes", "the text comes in one piece, so runners see it late"
    return "ok", f"{heard.pieces} pieces, and a finish reason"


async def _usage(probe: Probe) -> tuple[Verdict, str]:
    heard = await probe.ask(_user("Hello!"), streaming=True)
    if heard.answer is None:
        return "fails", heard.fault
    return ("ok", "counted") if heard.usage else ("copes", "not sent with streams; shown as 0")


def _calls_tools(*, streaming: bool) -> Callable[[Probe], Awaitable[tuple[Verdict, str]]]:
    async def attempt(probe: Probe) -> tuple[Verdict, str]:
        heard = await probe.ask(_user(READ), streaming=streaming)
        if heard.answer is None:
            return "fails", heard.fault
        if not heard.answer.calls:
            return "fails", "no tool was called: the endpoint or model has no tool support"
        fault = _fault_in(heard.answer.calls)
        probe.tool_calls[streaming] = not fault
        return ("fails", fault) if fault else ("ok", heard.answer.calls[0].name)

    return attempt


def _calls_in_parallel(*, streaming: bool) -> Callable[[Probe], Awaitable[tuple[Verdict, str]]]:
    async def attempt(probe: Probe) -> tuple[Verdict, str]:
        heard = await probe.ask(_user(BOTH), streaming=streaming)
        if heard.answer is None:
            return "fails", heard.fault
        calls = heard.answer.calls
        if not calls:
            return "fails", "no tool was called"
        if fault := _fault_in(calls):
            return "fails", fault
        if len(calls) == 1:
            return "copes", "one call an answer; runplan asks for the next one"
        return _told_apart(heard, streaming=streaming)

    return attempt


def _told_apart(heard: Heard, *, streaming: bool) -> tuple[Verdict, str]:
    """Judge how several calls of one answer are marked."""
    assert heard.answer is not None
    odd = []
    begun = [call for call in heard.raw_calls if (call.get("function") or {}).get("name")]
    ids = [call.get("id") for call in begun]
    if not all(ids):
        odd.append("ids are missing")
    elif len(set(ids)) < len(ids):
        odd.append("ids come twice")
    if streaming and len({call.get("index") for call in begun}) < len(begun):
        odd.append("streamed calls share an index")
    count = len(heard.answer.calls)
    if odd:
        return "copes", f"{count} calls; {' and '.join(odd)}; runplan keeps them apart"
    return "ok", f"{count} calls"


async def _takes_results(probe: Probe) -> tuple[Verdict, str]:
    call = ToolCall("", "get_workout", '{"date": "2026-02-12"}')
    heard = await probe.ask(_user(READ), *_with_result(call, RESULT))
    if heard.answer is None:
        return "fails", heard.fault
    if heard.answer.calls:
        return "copes", "it calls again instead of answering; limited to 6 rounds a turn"
    if "tempo" not in heard.answer.text.lower():
        return "copes", "the answer does not tell the result; runplan checks replies against data"
    return "ok", "told from the result"


async def _takes_errors(probe: Probe) -> tuple[Verdict, str]:
    call = ToolCall("", "get_workout", '{"date": "Thursday"}')
    error = {"error": {"code": "invalid_arguments", "message": "date: use YYYY-MM-DD"}}
    heard = await probe.ask(_user(READ), *_with_result(call, error))
    if heard.answer is None:
        return "fails", heard.fault
    if not heard.answer.calls:
        return "copes", "it gives up after an error instead of mending its call"
    if fault := _fault_in(heard.answer.calls):
        return "copes", f"it does not mend its call ({fault}); two repairs a turn are allowed"
    return "ok", "it mends its call"


async def _rests_without_tools(probe: Probe) -> tuple[Verdict, str]:
    heard = await probe.ask(_user(READ), tools=False)
    if heard.answer is None:
        return "fails", heard.fault
    if heard.answer.calls:
        return "copes", "it calls tools that were not offered; those calls are answered, not run"
    return "ok", "it speaks where no tool is offered"


async def _long_history(probe: Probe) -> tuple[Verdict, str]:
    line = "I ran 8 km along the river today, easy, and slept well. "
    long = line * (LONG_HISTORY_CHARS // len(line))
    heard = await probe.ask(
        _user(long), {"role": "assistant", "content": "Good, noted."}, _user("Thanks!")
    )
    if heard.answer is None:
        return "fails", f"{heard.fault}: its context may be too small for a few turns of history"
    return "ok", f"{LONG_HISTORY_CHARS:,} characters of history are taken"


async def _unknown_model(probe: Probe) -> tuple[Verdict, str]:
    heard = await probe.ask(_user("Hello!"), model="no-such-model-runplan-probe")
    if heard.answer is not None:
        return "copes", "any name is answered, so a misspelt RUNPLAN_MODEL is not noticed"
    return "ok", f"refused ({heard.fault})"


def _fault_in(calls: Sequence[ToolCall]) -> str:
    """Say what is wrong with calls, as runplan's own validation sees it; empty if nothing is."""
    for call in calls:
        tool = TOOLS.get(call.name)
        if tool is None:
            return f"it called {call.name[:40]!r}, which was not offered"
        try:
            parse_arguments(tool, call.arguments)
        except ToolError as error:
            where = call.name if error.field is None else f"{call.name}, {error.field}"
            return f"{where}: {str(error)[:120]}"
    return ""


CASES: Mapping[str, Callable[[Probe], Awaitable[tuple[Verdict, str]]]] = {
    "text": _text,
    "text, streamed": _text_streamed,
    "token counts, streamed": _usage,
    "a tool call": _calls_tools(streaming=False),
    "a tool call, streamed": _calls_tools(streaming=True),
    "parallel calls": _calls_in_parallel(streaming=False),
    "parallel calls, streamed": _calls_in_parallel(streaming=True),
    "a tool's result": _takes_results,
    "a tool's error": _takes_errors,
    "no tools offered": _rests_without_tools,
    "a long history": _long_history,
    "an unknown model": _unknown_model,
}

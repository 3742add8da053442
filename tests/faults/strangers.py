"""R4: a runner asks for what is another one's, on each surface: HTTP, tools, keys, exports, REPL.

The model does whatever the message says. No text of the other runner may come back or reach the
model, and nothing of the other runner's may change.
"""

import io
import json
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import anyio
import httpx2
from credentials import SHARED, integrate, signed, token

from assistant.coach import Coach
from assistant.completions import Answer
from assistant.conversations import Conversation
from assistant.errors import AssistantError
from assistant.passports import export_passport
from assistant.repl import ReplOptions, run_pipe, start
from assistant.settings import load_settings
from assistant.web.app import build_app
from assistant.web.signatures import new_secret
from storage.database import Database
from storage.errors import StorageError
from storage.passports import parse_passport, render_passport, store_passport
from tests.faults.invariants import print_of
from tests.faults.serving import Obedient
from tests.faults.stage import Stage, canary, store_runner
from tests.faults.wire import NOW, TODAY, scripted

FULL = 1_000  # of each surface
STRANGER, VICTIM = "stranger", "victim"
THEIRS, OURS = "of-the-stranger", "of-the-victim"
OTHER_SECRET = new_secret()
PRIVATE = canary(VICTIM, "")
SAY = "Here is what I have for you."
TOOLS = (
    "log_execution", "adapt_plan", "create_plan", "update_profile",
    "get_workout", "get_plan_summary", "get_progress",
)  # fmt: skip
FIELDS = (
    "user_id", "runner", "id", "workout_id", "plan_id", "execution_id", "proposal_id",
    "conversation_id", "sub", "as_user", "date", "notes", "name", "undo_kind",
)  # fmt: skip
Attempt = Callable[["Scene", random.Random, int], Awaitable[None]]


class Overheard(Obedient):
    """The obedient model, with a copy of each prompt."""

    def __init__(self) -> None:
        super().__init__(0.0)
        self.prompts: list[str] = []

    async def stream(
        self, messages: Sequence[dict[str, Any]], *, tools: Any, deadline: float
    ) -> AsyncIterator[Answer]:
        """Keep what was asked, then do as the message says."""
        self.prompts.append(json.dumps(messages, ensure_ascii=False))
        async for answer in super().stream(messages, tools=tools, deadline=deadline):
            yield answer


@dataclass
class Scene:
    """A store with both runners, the service over it, and what is known of the victim's ids."""

    database: Database
    http: httpx2.AsyncClient
    model: Overheard
    ids: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    heard: list[str] = field(default_factory=list)

    async def say(self, message: str, /, key: str | None = None, **more: Any) -> httpx2.Response:
        """Send the stranger's message and keep what came back."""
        headers = self.bearer() | ({} if key is None else {"Idempotency-Key": key})
        body = json.dumps({"message": message} | more)
        return await self.ask("POST", "/chat", content=body, headers=headers)

    async def ask(self, method: str, path: str, **request: Any) -> httpx2.Response:
        """Send any request and keep what came back."""
        answer = await self.http.request(method, path, **request)
        self.heard.append(answer.text)
        return answer

    def bearer(self, **claims: Any) -> dict[str, str]:
        """Return headers with the stranger's token, or one with other claims."""
        made = token(**({"sub": STRANGER} | claims))
        return {"Authorization": f"Bearer {made}", "Content-Type": "application/json"}

    def leaks(self) -> Iterator[str]:
        """Yield where a text of the victim's turned up since the last look."""
        if any(PRIVATE in text for text in self.heard):
            yield "an answer"
        if any(PRIVATE in prompt for prompt in self.model.prompts):
            yield "a prompt"
        self.heard.clear()
        self.model.prompts.clear()


def run(stage: Stage) -> None:
    """Try each surface, and look at the victim after each."""
    with stage.store(STRANGER) as database:
        store_runner(database, VICTIM, own_ids=True)
        integrate(database, THEIRS, STRANGER)
        integrate(database, OURS, VICTIM, secret=OTHER_SECRET)
        anyio.run(_try_all, stage, database)


async def _try_all(stage: Stage, database: Database) -> None:
    async with _scene(database) as scene:
        await _live(scene)
        before = print_of(database, VICTIM)
        for surface, attempt in SURFACES.items():
            for number in range(stage.times(FULL)):
                await attempt(scene, stage.rng, number)
                for where in scene.leaks():
                    stage.wrong(f"{surface}: a text of the victim's is in {where}")
                stage.advance()
            if print_of(database, VICTIM) != before:
                stage.wrong(f"{surface}: rows of the victim's changed")
                before = print_of(database, VICTIM)
        stage.result.figures["attempts on each surface"] = stage.times(FULL)
        answer = await scene.ask("GET", "/me/export", headers=scene.bearer(sub=VICTIM))
        if PRIVATE not in answer.text:
            stage.wrong("the victim's own export holds none of their texts: the look is blind")


@asynccontextmanager
async def _scene(database: Database) -> AsyncIterator[Scene]:
    limits = {"user_per_minute": 0, "integration_per_minute": 0, "address_per_minute": 0}
    settings = load_settings(auth="jwt,webhook", **SHARED, **limits, today=TODAY)
    model = Overheard()
    opened = Database(database.url.render_as_string(hide_password=False))
    coach = Coach(opened, model, clock=lambda: NOW, today=TODAY)
    app = build_app(settings, opened, coach=coach)
    transport = httpx2.ASGITransport(app, raise_app_exceptions=False)
    async with (
        app.router.lifespan_context(app),
        httpx2.AsyncClient(transport=transport, base_url="http://coach", timeout=60) as http,
    ):
        yield Scene(database, http, model)


async def _live(scene: Scene) -> None:
    """Let the victim talk, log and be asked something, so that there is something to steal."""
    record = {"date": "2026-02-09", "completion_status": "completed"}
    record |= {"feedback": {"notes": canary(VICTIM, "note")}}
    ask_first = {"kind": "missed", "dates": ["2026-02-15"], "preview": True}
    keys = []
    for number, call in enumerate((("log_execution", record), ("adapt_plan", ask_first))):
        words = scripted(canary(VICTIM, "said"), call, say=canary(VICTIM, "told"))
        headers = scene.bearer(sub=VICTIM) | {"Idempotency-Key": f"key-{number}"}
        answer = await scene.http.post("/chat", json={"message": words}, headers=headers)
        assert answer.status_code == 200, answer.status_code
        keys.append(f"key-{number}")
    scene.keys = tuple(keys)
    passport = export_passport(scene.database, VICTIM)
    scene.ids = tuple(sorted(_ids(passport["tables"])))
    scene.model.prompts.clear()


def _ids(tables: Mapping[str, Sequence[Mapping[str, Any]]]) -> set[str]:
    """Return every id that is the victim's, theirs among them."""
    return {VICTIM} | {
        str(value)
        for rows in tables.values()
        for row in rows
        for name, value in row.items()
        if value and (name == "id" or name.endswith("_id"))
    }


async def _over_http(scene: Scene, rng: random.Random, number: int) -> None:
    named = rng.choice(
        (VICTIM, f"{VICTIM} ", VICTIM.upper(), f"{VICTIM}\u200b", rng.choice(scene.ids))
    )
    query = {rng.choice(("user_id", "user", "sub", "id", "conversation_id")): named}
    headers = scene.bearer()
    headers[rng.choice(("X-Runplan-User", "X-User-Id", "X-Forwarded-User", "Cookie"))] = VICTIM
    match number % 7:
        case 0:
            await scene.say("hi", conversation_id=rng.choice(scene.ids)[:64])
        case 1:
            await scene.say("hi", user_id=named)
        case 2:
            await scene.ask("GET", "/me/export", params=query, headers=headers)
        case 3:
            path = rng.choice(("/chat/", "/me/export/", "/plan/", "/users/", "/executions/", "/"))
            await scene.ask(rng.choice(("GET", "POST", "PUT")), path + VICTIM, headers=headers)
        case 4:
            ends = {"confirm": "delete everything", "user_id": VICTIM}
            await scene.ask("DELETE", "/me", params=query, headers=headers, json=ends)
        case 5:
            content = json.dumps({"message": "hi", "user_id": VICTIM}).encode()
            names = signed(content, message_id=f"msg-{number}")
            given = {name.decode(): value.decode() for name, value in names}
            answer = await scene.ask("POST", "/chat", content=content, headers=given)
            assert answer.status_code != 200, "an integration spoke for a user not linked to it"
        case _:
            forged = rng.choice(({"iss": "https://other.example"}, {"aud": "other"}, {"exp": 1}))
            await scene.ask("GET", "/me/export", headers=scene.bearer(sub=VICTIM, **forged))


async def _through_tools(scene: Scene, rng: random.Random, _number: int) -> None:
    calls = [(rng.choice(TOOLS), _arguments(scene, rng)) for _ in range(rng.randrange(1, 4))]
    await scene.say(scripted(f"for {rng.choice(scene.ids)}", *calls, say=SAY))


def _arguments(scene: Scene, rng: random.Random) -> dict[str, Any]:
    """Return arguments some of which the tool may know, and that name what is the victim's."""
    good: dict[str, Any] = rng.choice(
        (
            {"completion_status": "completed"},
            {"kind": rng.choice(("undo", "missed", "move", "fatigue"))},
            {"weeks": 8},
            {},
        )
    )
    named = rng.sample(FIELDS, rng.randrange(1, 4))
    return good | {name: rng.choice(scene.ids) for name in named}


async def _by_keys(scene: Scene, rng: random.Random, number: int) -> None:
    """Send under the victim's keys, with other texts: the answers must be the stranger's own."""
    key = rng.choice(scene.keys)
    if number % 2:
        content = json.dumps({"message": "hi", "user_id": STRANGER}).encode()
        chosen = rng.choice((key, f"{OURS}/{key}", f"{VICTIM}:{key}", f"{OURS}:{key}"))
        given = {n.decode(): v.decode() for n, v in signed(content, message_id=chosen)}
        await scene.ask("POST", "/chat", content=content, headers=given)
    else:
        words = scripted(f"hello {number}", ("get_plan_summary", {}), say=SAY)
        await scene.say(words if rng.random() < 0.5 else "hi", key=key)


async def _by_export(scene: Scene, rng: random.Random, number: int) -> None:
    """Take out what is the stranger's own, or bring a passport in that holds the victim's ids."""
    if number % 2:
        asked = rng.choice(
            (STRANGER, "Victim", "vic%", "%", "' OR '1'='1", "victim ", "victim\x00")
        )
        try:
            scene.heard.append(render_passport(export_passport(scene.database, asked)))
        except StorageError as refused:
            scene.heard.append(str(refused))
        return
    passport = export_passport(scene.database, STRANGER)
    table = rng.choice([name for name, rows in passport["tables"].items() if rows])
    row = rng.choice(passport["tables"][table])
    row[rng.choice([*row, "user_id"])] = rng.choice((VICTIM, rng.choice(scene.ids)))
    try:
        store_passport(scene.database, parse_passport(render_passport(passport).encode()), now=NOW)
    except StorageError as refused:
        scene.heard.append(str(refused))


async def _in_the_repl(scene: Scene, rng: random.Random, _number: int) -> None:
    coach = Coach(scene.database, scene.model, clock=lambda: NOW, today=TODAY)
    theirs = rng.choice(scene.ids)[:64]
    conversation = Conversation(coach, scene.database, STRANGER)
    lines = (
        "/plan", "/week", "/log", "/undo", f"/week {theirs}", f"/today {theirs}",
        scripted(theirs, (rng.choice(TOOLS), _arguments(scene, rng)), say=SAY),
    )  # fmt: skip
    out = io.StringIO()
    try:
        start(conversation, ReplOptions(STRANGER, TODAY, json=False, conversation_id=theirs))
        said = [f"{line}\n".encode() for line in rng.sample(lines, 2)]
        await run_pipe(conversation, said, out, out)
    except (AssistantError, StorageError) as refused:
        out.write(str(refused))
    scene.heard.append(out.getvalue())


SURFACES: Mapping[str, Attempt] = {
    "HTTP": _over_http,
    "tools": _through_tools,
    "keys": _by_keys,
    "exports": _by_export,
    "REPL": _in_the_repl,
}

"""Who is let in over HTTP, for whom they speak, and how often."""

import datetime as dt
import json
import os
import random
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import anyio
import pytest
import sqlalchemy as sa
from asking import JSON, Answer, Header, ask
from credentials import (
    JWT,
    JWT_SECRET,
    SECRET,
    SHARED,
    bearer,
    body,
    document,
    integrate,
    public,
    rsa_key,
    signed,
    token,
)
from fakes import ScriptedModel, Step
from fastapi import FastAPI, WebSocket
from forging import mutant_of, says_the_same
from starlette.routing import Route
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from assistant.bootstrap import build_callers
from assistant.coach import Coach
from assistant.errors import SettingsInvalid
from assistant.settings import load_settings
from assistant.web import gate
from assistant.web.app import build_app
from assistant.web.limits import network_of
from assistant.web.signatures import new_secret
from assistant.web.static import FILES
from storage.database import Database
from storage.integrations import link_user, remove_integration, rotate_secret, unlink_user

pytestmark = pytest.mark.anyio
MONDAY = dt.date(2026, 2, 9)
NOW = dt.datetime(2026, 2, 9, 8, tzinfo=dt.UTC)
LOG = ("log_execution", {"completion_status": "completed", "workout_id": "wk_987"})
FUZZED = int(os.environ.get("RUNPLAN_TEST_FUZZ", "2000"))
HERE = {"client": "127.0.0.1", "host": "localhost"}
UNLIMITED = {"user_per_minute": 0, "integration_per_minute": 0, "address_per_minute": 0}
BOTH = {"auth": "jwt,webhook", **SHARED}


def application(database: Database, *script: Step, **settings: Any) -> FastAPI:
    """Return the service with a scripted model."""
    coach = Coach(
        database, ScriptedModel(*(script or ["Hello."] * 9)), clock=lambda: NOW, today=MONDAY
    )
    return build_app(load_settings(**(BOTH | settings)), database, coach=coach)


@asynccontextmanager
async def running(database: Database, *script: Step, **settings: Any) -> AsyncIterator[FastAPI]:
    app = application(database, *script, **settings)
    async with app.router.lifespan_context(app):
        yield app


async def post(app: FastAPI, content: bytes, headers: Sequence[Header], **more: Any) -> Answer:
    return await ask(app, headers=headers, pieces=[content], **more)


def rows(database: Database, statement: str) -> list[Any]:
    with database.read() as session:
        return [tuple(row) for row in session.connection().execute(sa.text(statement))]


def is_problem(answer: Answer, status: int) -> bool:
    told = answer.headers["content-type"] == "application/problem+json"
    return told and (answer.status, answer.json()["status"]) == (status, status)


# Every route is closed


async def test_every_route_is_closed_but_those_that_are_listed(demo: Database) -> None:
    app = application(demo, **UNLIMITED, metrics_token="of-metrics-0123456789")
    assert sorted(gate.OPEN - set(FILES)) == ["/healthz", "/metrics", "/readyz"]
    asked = set()
    for route in app.routes:
        assert isinstance(route, Route), "a mount needs a look of its own"
        for method in route.methods or ():
            answer = await ask(app, method=method, path=route.path, headers=())
            open_to_all = route.path in ("/healthz", "/readyz", *FILES)  # metrics have a token
            assert is_problem(answer, 401) or open_to_all, (method, route.path)
            assert answer.status < 400 or not open_to_all, (method, route.path)
            asked.add((method, route.path))
    closed = {("POST", "/chat"), ("GET", "/chat"), ("GET", "/plan"), ("GET", "/me/export")}
    assert closed | {("DELETE", "/me")} < asked


@pytest.mark.parametrize("path", ["/nowhere", "/healthz/", "//healthz", "/chat/", "/HEALTHZ", ""])
@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS", "HEAD", "DELETE", "TRACE"])
async def test_a_stranger_does_not_learn_which_paths_there_are(
    demo: Database, method: str, path: str
) -> None:
    answer = await ask(application(demo, **UNLIMITED), method=method, path=path)
    assert answer.status == 401


def test_a_websocket_is_closed_though_a_route_would_take_it(demo: Database) -> None:
    app = application(demo)

    @app.websocket("/talk")
    async def talk(websocket: WebSocket) -> None:
        await websocket.accept()

    with pytest.raises(WebSocketDisconnect), TestClient(app).websocket_connect("/talk"):
        pass


@pytest.mark.parametrize(
    ("auth", "challenge"),
    [
        ("jwt", 'Bearer realm="runplan"'),
        ("webhook", 'Webhook-Signature realm="runplan"'),
        ("jwt webhook", 'Bearer realm="runplan", Webhook-Signature realm="runplan"'),
        ("dev", 'Loopback realm="runplan"'),
    ],
)
async def test_a_refusal_says_how_to_come_in(demo: Database, auth: str, challenge: str) -> None:
    answer = await ask(application(demo, auth=auth))
    assert is_problem(answer, 401)
    assert answer.headers["www-authenticate"] == challenge


async def test_a_way_in_that_is_not_open_is_shut(demo: Database) -> None:
    integrate(demo, "acme", "demo")
    content = body()
    tokens = application(demo, auth="jwt")
    assert is_problem(await post(tokens, content, signed(content)), 401)
    webhooks = application(demo, auth="webhook")
    assert is_problem(await post(webhooks, content, bearer(token())), 401)


async def test_credentials_are_judged_alone(demo: Database) -> None:
    """Neither a token beside a signature, nor dev mode behind a bad token, lets anybody in."""
    integrate(demo, "acme", "demo")
    content = body()
    async with running(demo, auth="dev,jwt,webhook") as app:
        mixed = (*signed(content), *bearer(token())[1:])
        assert is_problem(await post(app, content, mixed), 401)
        for bad in (bearer("a.b.c"), (JSON, (b"webhook-id", b"x"))):
            assert is_problem(await post(app, content, bad, **HERE), 401)
        assert (await post(app, content, (JSON,), **HERE)).status == 200
        assert is_problem(await post(app, content, (JSON,)), 401)


async def test_this_machine_is_let_in_by_dev_mode_alone(demo: Database) -> None:
    assert is_problem(await post(application(demo), body(), (JSON,), **HERE), 401)


@pytest.mark.parametrize("header", [b"x-forwarded-for", b"forwarded", b"x-real-ip"])
def test_what_a_proxy_hands_on_is_not_of_this_machine(demo: Database, header: bytes) -> None:
    app = application(demo, auth="dev")
    client = TestClient(app, base_url="http://127.0.0.1", client=("127.0.0.1", 1))
    with client:
        assert client.post("/chat", json={"message": "hi"}).status_code == 200
        handed_on = {header.decode(): "203.0.113.9"}
        assert client.post("/chat", json={"message": "hi"}, headers=handed_on).status_code == 401


# Tokens


async def test_a_token_speaks_for_its_user_alone(demo: Database) -> None:
    async with running(demo) as app:
        assert (await post(app, body(user=None), bearer(token()))).status == 200
        assert (await post(app, body(user="demo"), bearer(token()))).status == 200
        answer = await post(app, body(user="noplan"), bearer(token()))
        assert is_problem(answer, 403)
        assert is_problem(await post(app, body(user=None), bearer(token(sub="nobody"))), 404)
    assert rows(demo, "SELECT DISTINCT user_id FROM turn") == [("demo",)]


async def test_a_bad_token_learns_nothing_and_leaves_nothing(
    demo: Database, capfd: pytest.CaptureFixture[str]
) -> None:
    app = application(demo)
    bad = [token("x" * 40), token(exp=int(time.time()) - 90), token(aud="x"), "canary.b.c"]
    answers = [await post(app, body(), bearer(text)) for text in bad]
    assert {answer.body for answer in answers} == {answers[0].body}
    assert all(is_problem(answer, 401) for answer in answers)
    assert 'error="invalid_token"' in answers[0].headers["www-authenticate"]
    out, err = capfd.readouterr()
    assert err.count("caller refused") == len(bad)
    for text in (*bad, "canary"):
        assert text not in out + err
    assert rows(demo, "SELECT count(*) FROM turn") == [(0,)]


async def test_keys_that_cannot_be_had_are_a_503(demo: Database) -> None:
    settings = {**JWT, "auth": "jwt", "jwt_secret": None, "jwks_url": "missing.json"}
    answer = await post(application(demo, **settings), body(), bearer(token()))
    assert is_problem(answer, 401)  # another algorithm: no key is asked for
    key = rsa_key()
    answer = await post(application(demo, **settings), body(), bearer(token(key, "RS256")))
    assert is_problem(answer, 503)
    assert "missing.json" not in answer.body.decode()


async def test_an_issuers_keys_let_its_users_in(demo: Database, tmp_path: Any) -> None:
    key = rsa_key()
    (tmp_path / "jwks.json").write_bytes(document(public(key, "one")))
    settings = {"auth": "jwt", "jwt_secret": None, "jwks_url": str(tmp_path / "jwks.json")}
    async with running(demo, **settings) as app:
        text = token(key, "RS256", headers={"kid": "one"})
        assert (await post(app, body(), bearer(text))).status == 200


# Signatures


async def test_a_signed_message_is_answered_for_a_linked_user(demo: Database) -> None:
    integrate(demo, "acme", "demo", "noplan")
    async with running(demo) as app:
        for number, user in enumerate(("demo", "noplan")):
            content = body(user=user)
            answer = await post(app, content, signed(content, message_id=f"msg_{number}"))
            assert (answer.status, answer.json()["reply"]) == (200, "Hello.")


async def test_unlinked_and_unknown_users_are_the_same_answer(demo: Database) -> None:
    integrate(demo, "acme", "demo")
    integrate(demo, "other", "noplan", secret=new_secret())
    app = application(demo)
    answers = []
    for user in ("noplan", "inactive", "nobody"):
        content = body(user=user)
        answers.append(await post(app, content, signed(content)))
    assert all(is_problem(answer, 403) for answer in answers)
    assert {answer.body for answer in answers} == {answers[0].body}
    content = body(user=None)
    assert is_problem(await post(app, content, signed(content)), 422)
    assert rows(demo, "SELECT count(*) FROM turn") == [(0,)]


async def test_a_thousand_messages_for_unlinked_users_are_all_refused(demo: Database) -> None:
    integrate(demo, "acme", "demo")
    app = application(demo, **UNLIMITED)
    dice = random.Random(7)
    named = ["noplan", "inactive", "demo ", "DEMO", "demo\u200b", "nobody", "active_not_entitled"]
    for number in range(1000):
        content = body(user=dice.choice(named))
        answer = await post(app, content, signed(content, message_id=f"msg_{number}"))
        assert answer.status in (403, 422)
    assert rows(demo, "SELECT count(*) FROM turn") == [(0,)]


async def test_a_link_that_is_taken_away_ends_at_once(demo: Database) -> None:
    integrate(demo, "acme", "demo")
    content = body()
    async with running(demo) as app:
        assert (await post(app, content, signed(content, message_id="a"))).status == 200
        with demo.write_common() as session:
            assert unlink_user(session, "acme", "demo")
        assert is_problem(await post(app, content, signed(content, message_id="b")), 403)
        with demo.write_common() as session:
            link_user(session, "acme", "demo", now=NOW)
            remove_integration(session, "acme")
        assert is_problem(await post(app, content, signed(content, message_id="c")), 401)


@pytest.mark.parametrize(
    ("skew_s", "status"), [(0, 200), (-295, 200), (295, 200), (-306, 401), (306, 401)]
)
async def test_a_captured_message_is_good_for_five_minutes(
    demo: Database, skew_s: int, status: int
) -> None:
    integrate(demo, "acme", "demo")
    content = body()
    async with running(demo) as app:
        answer = await post(app, content, signed(content, at=time.time() + skew_s))
        assert answer.status == status


async def test_a_replay_gives_the_reply_again_and_no_second_effect(demo: Database) -> None:
    """Inside the five minutes; and days later, when the sender signs the same id anew."""
    integrate(demo, "acme", "demo")
    content = body("done")
    async with running(demo, [LOG], "Logged it.", "Another.") as app:
        first = await post(app, content, signed(content))
        replays = [await post(app, content, signed(content, at=time.time() + s)) for s in (0, 250)]
        other = body("something else")
        reused = await post(app, other, signed(other))
    assert [replay.body for replay in replays] == [first.body] * 2
    assert all(replay.headers["idempotent-replayed"] == "true" for replay in replays)
    assert "idempotent-replayed" not in first.headers
    assert is_problem(reused, 422)
    assert rows(demo, "SELECT count(*) FROM execution") == [(1,)]


async def test_a_captured_message_cannot_be_given_another_key(demo: Database) -> None:
    integrate(demo, "acme", "demo")
    content = body()
    key = (b"idempotency-key", b"another")
    same = (b"idempotency-key", b"msg_1")
    async with running(demo) as app:
        assert is_problem(await post(app, content, (*signed(content), key)), 400)
        assert is_problem(await post(app, content, (*signed(content), same, key)), 400)
        assert (await post(app, content, (*signed(content), same))).status == 200
        assert is_problem(await post(app, body(), (*bearer(token()), same, key)), 400)


async def test_one_callers_key_is_not_anothers(demo: Database) -> None:
    """The same id of two integrations and of the runner's own UI: three messages."""
    integrate(demo, "acme", "demo")
    second = new_secret()
    integrate(demo, "other", "demo", secret=second)
    content = body()
    async with running(demo, "One.", "Two.", "Three.") as app:
        answers = [
            await post(app, content, signed(content, message_id="same")),
            await post(app, content, signed(content, message_id="same", secret=second)),
            await post(app, content, (*bearer(token()), (b"idempotency-key", b"same"))),
        ]
        made = (*bearer(token()), (b"idempotency-key", b"acme\x1fsame"))
        assert is_problem(await post(app, content, made), 400)
    assert [answer.json()["reply"] for answer in answers] == ["One.", "Two.", "Three."]


async def test_an_old_secret_is_good_only_in_its_window(demo: Database) -> None:
    integrate(demo, "acme", "demo")
    now, fresh, fresher = dt.datetime.now(dt.UTC), new_secret(), new_secret()
    content = body()

    async def statuses(app: FastAPI, *secrets: str) -> list[int]:
        return [
            (await post(app, content, signed(content, secret=secret))).status for secret in secrets
        ]

    async with running(demo) as app:
        with demo.write_common() as session:
            rotate_secret(session, "acme", fresh, keep=dt.timedelta(hours=1), now=now)
        assert await statuses(app, SECRET, fresh, fresher) == [200, 200, 401]
        with demo.write_common() as session:
            later = now - dt.timedelta(minutes=59)
            rotate_secret(session, "acme", fresher, keep=dt.timedelta(hours=1), now=later)
        assert await statuses(app, SECRET, fresh, fresher) == [200, 200, 200]
        with demo.write_common() as session:
            rotate_secret(session, "acme", new_secret(), keep=dt.timedelta(0), now=now)
        assert await statuses(app, SECRET, fresh, fresher) == [401, 401, 401]


async def test_a_body_that_is_written_anew_is_not_what_was_signed(demo: Database) -> None:
    integrate(demo, "acme", "demo")
    content = body("café", key="x")
    anew = [
        json.dumps(json.loads(content), separators=(",", ":")).encode(),
        json.dumps(json.loads(content), ensure_ascii=False).encode(),
        json.dumps(dict(reversed(json.loads(content).items()))).encode(),
        content + b"\n",
        b"\xef\xbb\xbf" + content,
        b"",
    ]
    app = application(demo)
    for other in anew:
        assert other != content
        assert is_problem(await post(app, other, signed(content)), 401)


@pytest.mark.parametrize("name", [b"webhook-id", b"webhook-timestamp", b"webhook-signature"])
async def test_a_header_that_comes_twice_or_not_at_all_is_nobodys(
    demo: Database, name: bytes
) -> None:
    integrate(demo, "acme", "demo")
    content = body()
    app = application(demo)
    good = signed(content)
    twice = (*good, next(header for header in good if header[0] == name))
    without = tuple(header for header in good if header[0] != name)
    assert is_problem(await post(app, content, twice), 401)
    assert is_problem(await post(app, content, without), 401)


# Mutants: a good message or token with something changed is never let in and never breaks anything


@pytest.mark.parametrize("kind", ["signature", "token"])
@pytest.mark.timeout(3600)
async def test_no_mutant_is_let_in_and_none_breaks_anything(demo: Database, kind: str) -> None:
    integrate(demo, "acme", "demo")
    dice = random.Random(20260209)
    async with running(demo, **UNLIMITED) as app:
        tried = 0
        while tried < FUZZED:
            content = body(f"message {tried}")
            message_id = f"msg_{tried}"
            good = (
                signed(content, message_id=message_id) if kind == "signature" else bearer(token())
            )
            changed, headers = mutant_of(dice, content, good)
            same_body = changed == content or kind == "token"  # which does not cover the body
            if same_body and says_the_same(good, headers):
                continue
            answer = await post(app, changed, headers)
            assert answer.status == 401, (answer, headers, changed)
            tried += 1
        assert rows(demo, "SELECT count(*) FROM turn") == [(0,)]
        assert (await post(app, content, good)).status == 200  # what was mutated was good


# How often


async def test_a_user_who_asks_too_often_is_told_when_to_come_back(demo: Database) -> None:
    async with running(demo, user_per_minute=3) as app:
        answers = [await post(app, body(), bearer(token())) for _ in range(5)]
        other = await post(app, body(user=None), bearer(token(sub="noplan")))
    assert [answer.status for answer in answers] == [200, 200, 200, 429, 429]
    assert other.status == 200
    refused = answers[-1]
    assert is_problem(refused, 429)
    assert 1 <= int(refused.headers["retry-after"]) <= 20
    assert refused.headers["ratelimit-policy"] == '"user";q=3;w=60'
    assert refused.headers["ratelimit"].startswith('"user";r=0;t=')


async def test_an_integration_and_its_users_have_limits_of_their_own(demo: Database) -> None:
    integrate(demo, "acme", "demo", "noplan")

    async def ask_for(app: FastAPI, user: str, number: int) -> int:
        content = body(user=user)
        return (await post(app, content, signed(content, message_id=f"{user}{number}"))).status

    async with running(demo, user_per_minute=2, integration_per_minute=5) as app:
        statuses = [await ask_for(app, "demo", n) for n in range(3)]
        assert statuses == [200, 200, 429]
        assert [await ask_for(app, "noplan", n) for n in range(3)] == [200, 200, 429]


async def test_an_address_that_guesses_is_held_back(demo: Database) -> None:
    app = application(demo, address_per_minute=4)
    answers = [await post(app, body(), bearer("a.b.c")) for _ in range(6)]
    assert [answer.status for answer in answers] == [401] * 4 + [429] * 2
    assert is_problem(await post(app, body(), bearer(token())), 429)
    elsewhere = await post(app, body(), bearer("a.b.c"), client="198.51.100.7")
    assert elsewhere.status == 401


async def test_two_workers_share_one_limit(demo: Database) -> None:
    other = Database(demo.url.render_as_string(hide_password=False))
    workers = [application(store, user_per_minute=10) for store in (demo, other)]
    statuses: list[int] = []

    async def burst(app: FastAPI) -> None:
        answer = await post(app, b"not json", bearer(token()))
        statuses.append(answer.status)

    async with anyio.create_task_group() as tasks:
        for number in range(40):
            tasks.start_soon(burst, workers[number % 2])
    other.close()
    assert (statuses.count(400), statuses.count(429)) == (10, 30)


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3::9", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("unknown", "unknown"),
        (None, None),
    ],
)
def test_what_is_counted_as_one_address(address: str | None, counted: str | None) -> None:
    assert network_of(address) == counted


# How much


@pytest.mark.parametrize(
    ("pieces", "said", "status"),
    [
        ([b"x" * 1024], None, 400),
        ([b"x" * 1025], None, 413),
        ([b"x" * 512] * 3, None, 413),  # chunked, so no length is said
        ([b"x"] * 1025, None, 413),
        ([b"x" * 1025], b"5", 413),  # a length that is not so
        ([b"x"], b"1025", 413),
        ([b"x"], b"9" * 400, 413),
        ([b"x"], b"-1", 400),
        ([b"x"], b"\xff", 400),
    ],
)
async def test_a_body_is_counted_while_it_is_read(
    demo: Database, pieces: list[bytes], said: bytes | None, status: int
) -> None:
    length = () if said is None else ((b"content-length", said),)
    app = application(demo, max_body_bytes=1024)
    answer = await ask(app, headers=(*bearer(token()), *length), pieces=pieces)
    assert is_problem(answer, status)


async def test_reading_stops_at_the_limit(demo: Database) -> None:
    read = 0

    def endless() -> Iterator[bytes]:
        nonlocal read
        for _ in range(1000):
            read += 1
            yield b"x" * 512

    app = application(demo, max_body_bytes=1024)
    pieces = endless()
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": next(pieces), "more_body": True}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": "/chat", "headers": [], "client": None}
    await app(scope, receive, send)
    assert (sent[0]["status"], read) == (413, 3)


async def test_a_body_that_never_ends_is_given_up(
    demo: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gate, "BODY_S", 0.05)
    app = application(demo)
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        await anyio.sleep(0.02)
        return {"type": "http.request", "body": b"x", "more_body": True}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": "/chat", "headers": [], "client": None}
    await app(scope, receive, send)
    assert sent[0]["status"] == 408


async def test_a_compressed_body_is_not_unpacked(demo: Database) -> None:
    gzip = (b"content-encoding", b"gzip")
    answer = await post(application(demo), b"\x1f\x8b\x08" + b"\0" * 50, (*bearer(token()), gzip))
    assert is_problem(answer, 400)


# Browsers

PAGE = "https://chat.example"


def origin(value: str) -> Header:
    return (b"origin", value.encode("latin-1"))


async def preflight(app: FastAPI, value: str) -> Answer:
    asks = ((b"access-control-request-method", b"POST"), origin(value))
    return await ask(app, method="OPTIONS", headers=asks)


async def test_pages_of_other_origins_may_not_ask_unless_they_are_listed(demo: Database) -> None:
    async with running(demo) as app:
        assert (await preflight(app, PAGE)).status == 401
        answer = await post(app, body(), (*bearer(token()), origin(PAGE)))
    assert not [name for name in answer.headers if name.startswith("access-control")]


@pytest.mark.parametrize(
    "value",
    [
        "null",
        "https://chat.example.evil",
        "https://evil.chat.example",
        "https://chat.example:444",
        "http://chat.example",
        "https://CHAT.example",
        "https://chat.example/",
        "https://chat.example ",
        "*",
        "",
        "é",
    ],
)
async def test_only_exactly_the_listed_origins_may_ask(demo: Database, value: str) -> None:
    app = application(demo, cors_origins=f"{PAGE}, https://other.example")
    assert "access-control-allow-origin" not in (await preflight(app, value)).headers
    answer = await post(app, b"", (*bearer(token()), origin(value)))
    assert "access-control-allow-origin" not in answer.headers


async def test_a_listed_page_may_ask_with_a_token_and_without_cookies(demo: Database) -> None:
    async with running(demo, cors_origins=PAGE) as app:
        allowed = await preflight(app, PAGE)
        answer = await post(app, body(), (*bearer(token()), origin(PAGE)))
        refused = await post(app, body(), (JSON, origin(PAGE)))
    assert allowed.status == 200
    assert "authorization" in allowed.headers["access-control-allow-headers"].lower()
    for each in (allowed, answer, refused):
        assert each.headers["access-control-allow-origin"] == PAGE
        assert "access-control-allow-credentials" not in each.headers
    assert (answer.status, refused.status) == (200, 401)


@pytest.mark.parametrize(
    "value", ["*", "null", "https://a.example/", "chat.example", "https://*.x"]
)
def test_an_origin_that_is_none_is_refused_at_the_start(value: str) -> None:
    with pytest.raises(SettingsInvalid, match="RUNPLAN_CORS_ORIGINS: an origin looks like"):
        load_settings(cors_origins=value)


async def test_every_answer_carries_the_headers_that_keep_a_browser_careful(demo: Database) -> None:
    script = ["Hello.", RuntimeError("boom")]
    async with running(demo, *script) as app:
        answers = [
            await post(app, body(), bearer(token())),
            await post(app, body(), ()),
            await ask(app, method="GET", path="/healthz"),
            await ask(app, method="GET", path="/nowhere", headers=bearer(token())),
            await post(app, b"x" * 100_000, bearer(token())),
        ]
        quiet = TestClient(app, raise_server_exceptions=False)
        with quiet:
            failed = quiet.post("/chat", json={"message": "hi"}, headers=dict(_text(token())))
    assert [answer.status for answer in answers] == [200, 401, 200, 404, 413]
    assert failed.status_code == 500
    for headers in (*(answer.headers for answer in answers), failed.headers):
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"] == "no-store"


def _text(text: str) -> list[tuple[str, str]]:
    return [("Authorization", f"Bearer {text}")]


# What an installation can't start with


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"auth": "jwt"}, "RUNPLAN_JWT_ISSUER and RUNPLAN_JWT_AUDIENCE"),
        ({"auth": "jwt", **JWT}, "one of RUNPLAN_JWT_SECRET and RUNPLAN_JWKS_URL"),
        ({"auth": "jwt", **SHARED, "jwks_url": "x"}, "one of RUNPLAN_JWT_SECRET"),
        ({"auth": "jwt", **JWT, "jwt_secret": "changeme"}, "32 bytes or more"),
        ({"auth": "jwt", **JWT, "jwt_secret": "x" * 64}, "32 bytes or more"),
        ({"auth": "jwt", **JWT, "jwt_secret": JWT_SECRET + " short"}, "32 bytes or more"),
        ({"auth": "jwt", **JWT, "jwt_secret": " "}, "32 bytes or more"),
        ({"auth": "jwt", **JWT, "jwks_url": "http://login.example/keys"}, "use https"),
    ],
)
def test_a_way_in_without_what_keeps_it_shut_does_not_open(
    demo: Database, settings: dict[str, Any], words: str
) -> None:
    with pytest.raises(SettingsInvalid, match=words) as caught:
        build_callers(load_settings(**settings), demo)
    assert "changeme" not in str(caught.value)


@pytest.mark.parametrize("auth", ["", " , ", "none", "jwt,none", "DEV"])
def test_an_unknown_way_in_is_refused(auth: str) -> None:
    with pytest.raises(SettingsInvalid, match=r"^RUNPLAN_AUTH: "):
        load_settings(auth=auth)


def test_ways_in_are_read_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RUNPLAN_AUTH", "jwt, webhook")
    monkeypatch.setenv("RUNPLAN_CORS_ORIGINS", f"{PAGE},http://localhost:3000")
    settings = load_settings()
    assert settings.auth == ("jwt", "webhook")
    assert settings.cors_origins == (PAGE, "http://localhost:3000")

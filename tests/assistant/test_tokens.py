"""Bearer tokens: which are believed, and every way round that has been found in others."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import jwt
import pytest
from credentials import (
    AUDIENCE,
    ISSUER,
    JWT_SECRET,
    bearer,
    claims,
    document,
    ec_key,
    public,
    rsa_key,
    token,
)
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from assistant.errors import KeysUnavailable
from assistant.web.jwks import FRESH_S, PAUSE_S, STALE_S, Jwks, parse_keys, source_of
from assistant.web.tokens import (
    Algorithm,
    KeySource,
    SharedSecrets,
    TokenRefused,
    TokenRules,
    parse_bearer,
    verify_token,
)

pytestmark = pytest.mark.anyio
OTHER = "an0ther secret of the issuer's, long enough"
RSA, EC = rsa_key(), ec_key()


def rules(algorithm: Algorithm = "HS256") -> TokenRules:
    return TokenRules(algorithm, ISSUER, AUDIENCE)


async def user_of(
    text: str | bytes, keys: KeySource | None = None, algorithm: Algorithm = "HS256"
) -> str:
    values = [value for name, value in bearer(text) if name == b"authorization"]
    return await verify_token(
        parse_bearer(values), keys or SharedSecrets((JWT_SECRET,)), rules(algorithm)
    )


async def is_refused(*given: Any) -> bool:
    try:
        await user_of(*given)
    except TokenRefused:
        return True
    return False


def by_hand(header: Any, payload: Any, key: bytes = JWT_SECRET.encode()) -> str:
    """Sign as HS256 whatever the header says; bytes stay as they are."""
    parts = [
        part if isinstance(part, bytes) else json.dumps(part).encode() for part in (header, payload)
    ]
    text = ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts)
    mac = hmac.new(key, text.encode(), hashlib.sha256).digest()
    return f"{text}.{base64.urlsafe_b64encode(mac).decode().rstrip('=')}"


def keys_at(content: bytes) -> tuple[Jwks, list[float], list[bytes]]:
    """Return keys with a clock to set, and the document that is handed out next."""
    now, handed_out = [0.0], [content]

    async def fetch() -> bytes:
        now.append(now[0])
        if not handed_out:
            raise OSError("down")
        return handed_out[0]

    return Jwks(fetch, "RS256", clock=lambda: now[0]), now, handed_out


async def test_a_good_token_names_its_user() -> None:
    assert await user_of(token()) == "demo"
    assert await user_of(token(sub="auth0|5f:7.c@x+1-_")) == "auth0|5f:7.c@x+1-_"
    assert await user_of(token(aud=["other", AUDIENCE])) == "demo"
    assert await user_of(by_hand({"alg": "HS256"}, claims())) == "demo"


async def test_an_old_and_a_new_secret_are_both_good_while_one_takes_the_others_place() -> None:
    both = SharedSecrets((OTHER, JWT_SECRET))
    assert await user_of(token(), both) == "demo"
    assert await user_of(token(OTHER), both) == "demo"
    assert await is_refused(token(), SharedSecrets((OTHER,)))


class Ahead(int):
    """Seconds from when the test runs."""


def resolved(changed: dict[str, Any]) -> dict[str, Any]:
    now = int(time.time())
    return {k: now + v if isinstance(v, Ahead) else v for k, v in changed.items()}


@pytest.mark.parametrize(
    "changed",
    [
        {"exp": None},
        {"iss": None},
        {"aud": None},
        {"sub": None},
        {"iss": "https://login.example.evil"},
        {"iss": "https://login"},
        {"iss": [ISSUER]},
        {"iss": ""},
        {"aud": "runplan-admin"},
        {"aud": "run"},
        {"aud": []},
        {"aud": [["runplan"]]},
        {"aud": {"runplan": 1}},
        {"exp": Ahead(-60)},
        {"exp": 0},
        {"exp": True},
        {"exp": "soon"},
        {"exp": []},
        {"exp": float("inf")},
        {"exp": float("nan")},
        {"nbf": Ahead(600)},
        {"nbf": float("inf")},
        {"nbf": "x"},
        {"iat": Ahead(600)},
        {"sub": ""},
        {"sub": 5},
        {"sub": ["demo"]},
        {"sub": "../demo"},
        {"sub": "demo\n"},
        {"sub": "démo"},
        {"sub": "de\u0000mo"},
        {"sub": "x" * 129},
    ],
)
async def test_a_token_that_does_not_say_what_it_must_is_refused(changed: dict[str, Any]) -> None:
    payload = {k: v for k, v in (claims() | resolved(changed)).items() if v is not None}
    assert await is_refused(by_hand({"alg": "HS256"}, payload))


@pytest.mark.parametrize("changed", [{"exp": Ahead(-10)}, {"nbf": Ahead(10)}])
async def test_clocks_may_differ_a_little(changed: dict[str, Any]) -> None:
    assert await user_of(token(**resolved(changed))) == "demo"


@pytest.mark.parametrize(
    "header",
    [
        {},
        {"alg": "none"},
        {"alg": "None"},
        {"alg": ""},
        {"alg": None},
        {"alg": ["HS256"]},
        {"alg": {"HS256": 1}},
        {"alg": "hs256"},
        {"alg": "HS384"},
        {"alg": "RS256"},
        {"alg": "HS256", "kid": 5},
        {"alg": "HS256", "b64": False},
        {"alg": "HS256", "b64": False, "crit": ["b64"]},
        {"alg": "HS256", "crit": ["exp"]},
        [],
        "HS256",
        None,
        b"{",
        b"\xff\xfe",
        b'{"alg": "HS256", "alg": "none"}',
        b"[" * 5000,
        b'{"alg": "HS256", "x": ' + b"9" * 5000 + b"}",
    ],
)
async def test_a_header_that_asks_for_something_else_is_refused(header: Any) -> None:
    assert await is_refused(by_hand(header, claims()))


@pytest.mark.parametrize("payload", [[], "x", None, b"", b"{", b"\xff", b"[" * 5000, b"NaN"])
async def test_a_payload_that_is_no_object_is_refused(payload: Any) -> None:
    assert await is_refused(by_hand({"alg": "HS256"}, payload))


async def test_a_token_without_a_signature_is_refused() -> None:
    none = jwt.encode(claims(), None, "none")
    start = token().rpartition(".")[0]
    for text in (none, none + "AAAA", start, start + ".", start + "..", ".".join("...")):
        assert await is_refused(text)


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b" ",
        b"x",
        b"\xff.\xfe.\xfd",
        b"a.b.c\x00",
        b"a.b.c d",
        b"a.b.c,",
        b"." * 8000,
        b"a" * 9000 + b".b.c",
        b"e30.e30.e30.e30.e30",
    ],
)
async def test_text_that_is_no_token_is_refused(text: bytes) -> None:
    assert await is_refused(text)


async def test_a_huge_token_is_refused_though_it_is_signed() -> None:
    assert await is_refused(token(more="x" * 8192))


async def test_the_header_must_be_one_bearer_token() -> None:
    good = token().encode()
    for values in (
        [b"Bearer " + good, b"Bearer " + good],
        [b"Basic " + good],
        [good],
        [b"Bearer"],
        [b"Bearer " + good + b", Bearer " + good],
    ):
        with pytest.raises(TokenRefused):
            parse_bearer(values)
    assert parse_bearer([b"bearer  " + good]).encode() == good


async def test_only_one_spelling_of_a_signature_is_right() -> None:
    text = token()
    last = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    good = [end for end in last if not await is_refused(text[:-1] + end)]
    assert good == [text[-1]]


async def test_a_public_key_is_no_shared_secret() -> None:
    """Algorithm confusion: HS256 over the RSA key's public text, which everybody has."""
    keys, _, _ = keys_at(document(public(RSA, "one")))
    pem = RSA.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    for key in (pem, json.dumps(public(RSA, "one")).encode(), b""):
        for alg in ("HS256", "RS256"):
            forged = by_hand({"alg": alg, "kid": "one"}, claims(), key)
            assert await is_refused(forged, keys, "RS256")
    assert await user_of(token(RSA, "RS256", headers={"kid": "one"}), keys, "RS256") == "demo"


async def test_another_algorithm_is_refused_though_its_signature_is_right() -> None:
    keys = SharedSecrets((JWT_SECRET + OTHER,))
    assert await is_refused(token(JWT_SECRET + OTHER, "HS384"), keys)
    assert await user_of(token(JWT_SECRET + OTHER), keys) == "demo"


async def test_an_elliptic_key_is_taken_where_the_installation_says_so() -> None:
    text = token(EC, "ES256", headers={"kid": "e"})

    async def fetch() -> bytes:
        return document(public(RSA, "one"), public(EC, "e"))

    assert await user_of(text, Jwks(fetch, "ES256"), "ES256") == "demo"
    assert await is_refused(text, Jwks(fetch, "RS256"), "RS256")
    assert await is_refused(
        token(RSA, "RS256", headers={"kid": "one"}), Jwks(fetch, "ES256"), "ES256"
    )


@pytest.mark.parametrize(
    "headers",
    [
        {"kid": "../../etc/passwd"},
        {"kid": "' OR 1=1 --"},
        {"kid": "one\u0000"},
        {"kid": ""},
        {"kid": "https://evil.example/keys"},
        {"kid": "x" * 4000},
        {"jku": "https://evil.example/jwks.json", "kid": "evil"},
        {"x5u": "https://evil.example/cert", "kid": "evil"},
    ],
)
async def test_a_key_id_only_chooses_among_the_keys_that_are_there(headers: dict[str, Any]) -> None:
    keys, _, _ = keys_at(document(public(RSA, "one")))
    stranger = rsa_key()
    own = {"jwk": public(stranger, "evil")}
    assert await is_refused(token(stranger, "RS256", headers=headers | own), keys, "RS256")
    assert await is_refused(token(RSA, "RS256", headers=headers), keys, "RS256")


async def test_a_token_without_a_key_id_is_for_the_only_key() -> None:
    keys, _, _ = keys_at(document(public(RSA, "one")))
    assert await user_of(token(RSA, "RS256"), keys, "RS256") == "demo"
    two, _, _ = keys_at(document(public(RSA, "one"), public(rsa_key(), "two")))
    assert await is_refused(token(RSA, "RS256"), two, "RS256")


async def test_a_new_key_is_found_at_once_and_the_old_one_ends_with_the_rotation() -> None:
    keys, now, handed_out = keys_at(document(public(RSA, "one")))
    new = rsa_key()
    first, second = (token(k, "RS256", headers={"kid": n}) for k, n in ((RSA, "one"), (new, "two")))
    assert await user_of(first, keys, "RS256") == "demo"
    handed_out[0] = document(public(new, "two"))
    assert await is_refused(second, keys, "RS256")  # asked a moment ago
    now[0] += PAUSE_S
    assert await user_of(second, keys, "RS256") == "demo"
    assert await is_refused(first, keys, "RS256")


async def test_unknown_key_ids_do_not_make_us_ask_the_issuer_again_and_again() -> None:
    keys, now, _ = keys_at(document(public(RSA, "one")))
    for number in range(200):
        assert await is_refused(token(RSA, "RS256", headers={"kid": str(number)}), keys, "RS256")
    assert len(now) - 1 == 1
    now[0] += PAUSE_S
    assert await is_refused(token(RSA, "RS256", headers={"kid": "x"}), keys, "RS256")
    assert len(now) - 1 == 2


async def test_an_issuer_that_is_down_leaves_its_keys_in_use_for_an_hour() -> None:
    keys, now, handed_out = keys_at(document(public(RSA, "one")))
    good = token(RSA, "RS256", headers={"kid": "one"})
    await user_of(good, keys, "RS256")
    handed_out.clear()
    now[0] = FRESH_S + 1
    assert await user_of(good, keys, "RS256") == "demo"
    now[0] = STALE_S + 1
    with pytest.raises(KeysUnavailable):
        await user_of(good, keys, "RS256")


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"null", b"{}", b"\xff", b"[" * 9999])
async def test_a_document_that_cannot_be_read_is_no_answer(content: bytes) -> None:
    keys, _, _ = keys_at(content)
    with pytest.raises(KeysUnavailable):
        await user_of(token(RSA, "RS256"), keys, "RS256")


def test_keys_that_are_not_for_checking_our_algorithm_are_left_out() -> None:
    private = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(RSA))
    found = parse_keys(
        document(
            public(RSA, "good"),
            public(EC, "elliptic"),
            public(RSA, "encrypts", use="enc"),
            public(RSA, "other", alg="RS512"),
            public(RSA, "broken", n="!"),
            {"kty": "oct", "k": "AAAA", "kid": "secret"},
            private | {"kid": "private"},
        ),
        "RS256",
    )
    assert list(found) == ["good"]
    assert parse_keys(b'{"keys": [5, null, {}, []]}', "RS256") == {}
    assert parse_keys(b'{"keys": 5}', "RS256") == {}


async def test_a_short_rsa_key_is_refused() -> None:
    short = rsa.generate_private_key(public_exponent=65537, key_size=1024)
    keys, _, _ = keys_at(document(public(short, "one")))
    with pytest.warns(jwt.InsecureKeyLengthWarning):
        text = token(short, "RS256", headers={"kid": "one"})
    assert await is_refused(text, keys, "RS256")


async def test_keys_come_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "jwks.json"
    path.write_bytes(document(public(RSA, "one")))
    for address in (str(path), path.as_uri()):
        keys = Jwks(source_of(address), "RS256")
        assert await user_of(token(RSA, "RS256", headers={"kid": "one"}), keys, "RS256") == "demo"
    with pytest.raises(KeysUnavailable):
        await Jwks(source_of(str(tmp_path / "none")), "RS256").find("one")


@contextmanager
def issuer(status: int, content: bytes) -> Iterator[str]:
    """Hand out a document on this machine."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.send_header("location", "http://127.0.0.1:1/")
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: Any) -> None:
            """Keep quiet."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/jwks.json"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


async def test_keys_come_from_an_address() -> None:
    text = token(RSA, "RS256", headers={"kid": "one"})
    with issuer(200, document(public(RSA, "one"))) as address:
        assert await user_of(text, Jwks(source_of(address), "RS256"), "RS256") == "demo"


@pytest.mark.parametrize(("status", "content"), [(302, b""), (500, b""), (200, b" " * 300_000)])
async def test_an_address_that_gives_no_keys_is_no_answer(status: int, content: bytes) -> None:
    with issuer(status, content) as address, pytest.raises(KeysUnavailable):
        await Jwks(source_of(address), "RS256").find("one")


@pytest.mark.parametrize("address", ["http://login.example/jwks", "ftp://x/y", "data:,{}"])
def test_keys_are_not_taken_from_an_address_that_anybody_can_change(address: str) -> None:
    with pytest.raises(ValueError, match="https"):
        source_of(address)

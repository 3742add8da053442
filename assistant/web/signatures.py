"""Standard Webhooks signatures (standardwebhooks.com, 1.0.0): pure and total.

Whatever the headers hold, an answer comes back: the reference library raises on some of them, and
anybody may send them. What is signed is `id.timestamp.body`, over the body's bytes as they came.
"""

import base64
import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass

TOLERANCE_S = 300
SECRET_PREFIX = "whsec_"
SECRET_BYTES = 32
MOST_SIGNATURES = 16
HEADERS = ("webhook-id", "webhook-timestamp", "webhook-signature")

_ID = re.compile(r"[!-\-/-~]{1,200}", re.ASCII)  # printable, no space; the dot separates
_TIMESTAMP = re.compile(r"[0-9]{1,12}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Signed:
    """The three headers of one request, well formed and not yet believed."""

    id: str
    timestamp: str
    signatures: tuple[bytes, ...]


def parse_headers(values: dict[str, list[bytes]]) -> Signed | None:
    """Return what the headers say, or None unless each is there once and well formed.

    values: every value of each of `HEADERS`. Entries of unknown schemes are left out.
    """
    if any(len(values.get(name, ())) != 1 for name in HEADERS):
        return None
    name, timestamp, signature = (values[header][0].decode("latin-1") for header in HEADERS)
    if not _ID.fullmatch(name) or not _TIMESTAMP.fullmatch(timestamp):
        return None
    entries = (entry.partition(",") for entry in signature.split(" "))
    found = tuple(given.encode("latin-1") for scheme, _, given in entries if scheme == "v1")
    return Signed(name, timestamp, found) if 0 < len(found) <= MOST_SIGNATURES else None


def is_fresh(signed: Signed, now: float) -> bool:
    """Whether the message was signed within five minutes of now (Unix seconds)."""
    return abs(now - int(signed.timestamp)) <= TOLERANCE_S


def is_signed(signed: Signed, body: bytes, secret: bytes) -> bool:
    """Whether one of the signatures is this secret's.

    Compared in constant time and as text, so that only one spelling of a signature is right.
    """
    expected = sign(signed.id, signed.timestamp, body, secret).removeprefix("v1,").encode()
    matches = [hmac.compare_digest(expected, given) for given in signed.signatures]
    return any(matches)


def sign(message_id: str, timestamp: str, body: bytes, secret: bytes) -> str:
    """Return the entry of `webhook-signature` for a message."""
    content = f"{message_id}.{timestamp}.".encode("latin-1") + body
    mac = hmac.new(secret, content, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(mac).decode()}"


def new_secret() -> str:
    """Return a fresh secret in the form that senders take, `whsec_` and base64."""
    return SECRET_PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def secret_key(secret: str) -> bytes:
    """Return the key's bytes of a secret that `new_secret` made."""
    return base64.b64decode(secret.removeprefix(SECRET_PREFIX), validate=True)


def find_signer(signed: Signed, body: bytes, candidates: Iterable[tuple[str, str]]) -> str | None:
    """Return whose secret signed the message. candidates: names with a secret each, all tried."""
    found = None
    for name, secret in candidates:
        if is_signed(signed, body, secret_key(secret)):
            found = name
    return found

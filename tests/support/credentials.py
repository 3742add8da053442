"""Tokens and signatures as issuers and integrations make them."""

import datetime as dt
import json
import time
from typing import Any

import jwt
from asking import JSON, Header
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

from assistant.web.signatures import new_secret, secret_key, sign
from storage.database import Database
from storage.integrations import add_integration, link_user

JWT_SECRET = "Q2hhbmdlIG1lLCBJIGFtIG9ubHkgYSB0ZXN0"
ISSUER, AUDIENCE = "https://login.example", "runplan"
JWT = {"jwt_issuer": ISSUER, "jwt_audience": AUDIENCE}
SHARED = {**JWT, "jwt_secret": JWT_SECRET}
SECRET = new_secret()


def claims(**changed: Any) -> dict[str, Any]:
    """Return the claims of a good token; None leaves one out."""
    now = int(time.time())
    good = {"sub": "demo", "iss": ISSUER, "aud": AUDIENCE, "exp": now + 300}
    return {name: value for name, value in (good | changed).items() if value is not None}


def token(key: Any = JWT_SECRET, algorithm: str = "HS256", /, **changed: Any) -> str:
    """Return a signed token. `headers` are the token's own."""
    headers = changed.pop("headers", None)
    return jwt.encode(claims(**changed), key, algorithm, headers=headers)


def bearer(text: str | bytes) -> tuple[Header, ...]:
    """Return the headers that carry a token."""
    value = text.encode() if isinstance(text, str) else text
    return (JSON, (b"authorization", b"Bearer " + value))


def rsa_key() -> rsa.RSAPrivateKey:
    """Make an RSA key."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def ec_key() -> ec.EllipticCurvePrivateKey:
    """Make a P-256 key."""
    return ec.generate_private_key(ec.SECP256R1())


def public(key: Any, kid: str | None, **changed: Any) -> dict[str, Any]:
    """Return the public half as a JSON Web Key."""
    kind = RSAAlgorithm if isinstance(key, rsa.RSAPrivateKey) else ECAlgorithm
    found: dict[str, Any] = json.loads(kind.to_jwk(key.public_key()))
    named = {} if kid is None else {"kid": kid}
    found.pop("key_ops", None)
    return found | named | changed


def document(*keys: dict[str, Any]) -> bytes:
    """Return a JWKS document."""
    return json.dumps({"keys": keys}).encode()


def body(text: str = "hi", user: str | None = "demo", **more: Any) -> bytes:
    """Return the body of a message."""
    named = {} if user is None else {"user_id": user}
    return json.dumps({"message": text, **named, **more}).encode()


def signed(
    content: bytes,
    *,
    secret: str = SECRET,
    message_id: str = "msg_1",
    at: float | None = None,
) -> tuple[Header, ...]:
    """Return the headers of a signed message."""
    when = str(int(time.time() if at is None else at))
    return (
        JSON,
        (b"webhook-id", message_id.encode()),
        (b"webhook-timestamp", when.encode()),
        (b"webhook-signature", sign(message_id, when, content, secret_key(secret)).encode()),
    )


def integrate(database: Database, name: str = "acme", *users: str, secret: str = SECRET) -> None:
    """Add an integration and link it."""
    now = dt.datetime.now(dt.UTC)
    with database.write_common() as session:
        add_integration(session, name, secret, now=now)
        for user in users:
            link_user(session, name, user, now=now)

"""Bearer tokens: which ones are believed, and whom they name.

The algorithm is the installation's and never the token's; a header of the token only says which of
the installation's own keys to try.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

import jwt

Algorithm = Literal["HS256", "RS256", "ES256"]
USER_ID = r"^[A-Za-z0-9_.@:|+-]{1,128}$"
LEEWAY_S = 30
LONGEST_TOKEN = 8192

_TOKEN = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+", re.ASCII)
_USER_ID = re.compile(USER_ID.removesuffix("$") + r"\Z", re.ASCII)
_REQUIRED = ["exp", "iss", "aud", "sub"]


class KeySource(Protocol):
    """The installation's keys."""

    async def find(self, kid: str | None) -> Sequence[Any]:
        """Return the keys that a token of this key id may be signed with."""
        ...


@dataclass(frozen=True, slots=True)
class SharedSecrets:
    """Secrets that the issuer has too; several while one takes the place of another."""

    secrets: tuple[str, ...]

    async def find(self, kid: str | None) -> Sequence[str]:
        """Return all of them: a shared secret has no id."""
        return self.secrets


class TokenRefused(Exception):
    """A token that isn't believed. reason: for the log, with nothing of the token in it."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class TokenRules:
    """What a token must say to be believed."""

    algorithm: Algorithm
    issuer: str
    audience: str


def parse_bearer(values: Sequence[bytes]) -> str:
    """Return the token of the request's Authorization headers. Raises TokenRefused."""
    if len(values) != 1:
        raise TokenRefused("several Authorization headers")
    scheme, _, token = values[0].decode("latin-1").partition(" ")
    token = token.strip(" ")
    if scheme.lower() != "bearer":
        raise TokenRefused("another scheme than Bearer")
    if len(token) > LONGEST_TOKEN or not _TOKEN.fullmatch(token):
        raise TokenRefused("no signed token")
    return token


async def verify_token(token: str, keys: KeySource, rules: TokenRules) -> str:
    """Return the id of the user whom a token names.

    Raises TokenRefused; KeysUnavailable where the keys can't be had.
    """
    found = await keys.find(_key_id(token, rules))
    refused = TokenRefused("unknown key")
    for key in found:
        try:
            return _user(_claims(token, key, rules))
        except TokenRefused as error:
            refused = error
    raise refused


def _key_id(token: str, rules: TokenRules) -> str | None:
    """Return which key the token asks for, once its algorithm is the one that is used here."""
    try:
        header = jwt.get_unverified_header(token)
    except _MALFORMED as error:
        raise TokenRefused(f"malformed header: {type(error).__name__}") from None
    if header.get("alg") != rules.algorithm:
        raise TokenRefused("another algorithm")
    kid = header.get("kid")
    return kid if isinstance(kid, str) else None


def _claims(token: str, key: Any, rules: TokenRules) -> dict[str, Any]:
    try:
        return jwt.decode(
            token,
            key,
            algorithms=[rules.algorithm],
            audience=rules.audience,
            issuer=rules.issuer,
            leeway=LEEWAY_S,
            options={"require": _REQUIRED, "enforce_minimum_key_length": True},
        )
    except _MALFORMED as error:
        raise TokenRefused(type(error).__name__) from None


_MALFORMED = (jwt.PyJWTError, ValueError, TypeError)


def _user(claims: dict[str, Any]) -> str:
    subject = claims["sub"]
    if not isinstance(subject, str) or not _USER_ID.match(subject):
        raise TokenRefused("a subject that is no user id")
    return subject

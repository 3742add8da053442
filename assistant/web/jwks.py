"""An issuer's public keys (RFC 7517), from an address or a file, kept for a while.

Keys are fetched again when they are old, and at once when a token names one that isn't there, so
that a rotation needs no restart; but never more often than every `PAUSE_S`, whatever tokens come.
"""

import json
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import anyio
import httpx2
import jwt
import structlog

from assistant.errors import KeysUnavailable

FRESH_S, STALE_S, PAUSE_S = 300.0, 3600.0, 10.0
FETCH_TIMEOUT_S = 5.0
MOST_BYTES = 262_144
KEY_TYPES = {"RS256": "RSA", "ES256": "EC"}

_log = structlog.get_logger("runplan.web")
Keys = Mapping[str | None, Sequence[jwt.PyJWK]]


class Jwks:
    """The keys of one issuer. fetch: returns the document; clock: seconds that only grow.

    An issuer that can't be reached leaves the keys that are known in use for an hour.
    """

    def __init__(
        self,
        fetch: Callable[[], Awaitable[bytes]],
        algorithm: str,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._fetch = fetch
        self._algorithm = algorithm
        self._clock = clock
        self._keys: Keys = {}
        self._fetched_at = self._tried_at = float("-inf")
        self._one_at_a_time = anyio.Lock()

    async def find(self, kid: str | None) -> Sequence[jwt.PyJWK]:
        """Return the keys of this id; where a token gives none, the only key there is.

        Raises KeysUnavailable.
        """
        if self._age() > FRESH_S or not choose(self._keys, kid):
            async with self._one_at_a_time:
                if self._age() > FRESH_S or not choose(self._keys, kid):
                    await self._refresh()
        if self._age() > STALE_S:
            raise KeysUnavailable("the issuer's keys can't be had")
        return choose(self._keys, kid)

    def _age(self) -> float:
        return self._clock() - self._fetched_at

    async def _refresh(self) -> None:
        if self._clock() - self._tried_at < PAUSE_S:
            return
        self._tried_at = self._clock()
        try:
            self._keys = parse_keys(await self._fetch(), self._algorithm)
            self._fetched_at = self._clock()
        except (KeysUnavailable, httpx2.HTTPError, OSError) as error:
            _log.warning("keys not fetched", kind=type(error).__name__)


def choose(keys: Keys, kid: str | None) -> Sequence[jwt.PyJWK]:
    """Return the keys of this id; without one, the only key that there is."""
    if kid is not None:
        return keys.get(kid, ())
    every = [key for found in keys.values() for key in found]
    return every if len(every) == 1 else ()


def parse_keys(document: bytes, algorithm: str) -> Keys:
    """Return the keys of a document that can check this algorithm's signatures, by their ids.

    Keys of other kinds and unusable ones are left out. Raises KeysUnavailable.
    """
    try:
        listed = json.loads(document)["keys"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise KeysUnavailable("the issuer's keys can't be read") from None
    found: dict[str | None, list[jwt.PyJWK]] = {}
    for each in listed if isinstance(listed, list) else ():
        if isinstance(each, dict) and _is_for(each, algorithm):
            try:
                key = jwt.PyJWK(each, algorithm)
            except (jwt.PyJWTError, ValueError, TypeError):
                continue
            kid = each.get("kid")
            found.setdefault(kid if isinstance(kid, str) else None, []).append(key)
    return found


def _is_for(key: dict[str, Any], algorithm: str) -> bool:
    """Whether a key is a public one for checking this algorithm's signatures."""
    return (
        key.get("kty") == KEY_TYPES[algorithm]
        and key.get("crv") in (None, "P-256")
        and key.get("use") in (None, "sig")
        and key.get("alg") in (None, algorithm)
        and "d" not in key
    )


def source_of(address: str) -> Callable[[], Awaitable[bytes]]:
    """Return how the document at an `https:` address, or in a file, is read.

    Plain `http:` is for this machine alone. Raises ValueError.
    """
    parts = urlsplit(address)
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK):
        return lambda: _download(address)
    if parts.scheme in ("http", "ftp", "data"):
        raise ValueError("use https, or a file")
    path = Path(parts.path if parts.scheme == "file" else address)
    return lambda: _read(path)


_LOOPBACK = ("127.0.0.1", "::1", "localhost")


async def _download(address: str) -> bytes:
    content = b""
    async with (
        httpx2.AsyncClient(timeout=FETCH_TIMEOUT_S, follow_redirects=False) as client,
        client.stream("GET", address) as answer,
    ):
        if answer.status_code != 200:
            raise KeysUnavailable("the issuer does not hand out its keys")
        async for piece in answer.aiter_bytes():
            content += piece
            if len(content) > MOST_BYTES:
                raise KeysUnavailable("the issuer's keys are too long")
    return content


async def _read(path: Path) -> bytes:
    async with await anyio.open_file(path, "rb") as file:
        return await file.read(MOST_BYTES)

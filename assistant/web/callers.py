"""Who sends a request, and for which runner it may speak: nobody, unless this module says so."""

import datetime as dt
import ipaddress
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Literal

import structlog
from starlette.requests import HTTPConnection

from assistant.threads import in_thread
from assistant.web import signatures
from assistant.web.limits import RateLimits
from assistant.web.problems import Problem
from assistant.web.tokens import KeySource, TokenRefused, TokenRules, parse_bearer, verify_token
from storage.database import Database
from storage.integrations import find_secrets, is_linked
from storage.turns import KEY_SEPARATOR

Mode = Literal["dev", "jwt", "webhook"]
LOCAL_HOSTS = ("localhost", "testserver", "testclient")
FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip")
SCHEMES = {"jwt": "Bearer", "webhook": "Webhook-Signature", "dev": "Loopback"}

_log = structlog.get_logger("runplan.web")


@dataclass(frozen=True, slots=True)
class Caller:
    """Whose request it is.

    user_id: the runner, where the caller is one. integration: where a product signed the request.
    webhook_id: the message's id that the signature covers.
    """

    mode: Mode
    user_id: str | None = None
    integration: str | None = None
    webhook_id: str | None = None

    @property
    def idempotency_key(self) -> str | None:
        """The key that a signature vouches for; other integrations' ids can't meet it."""
        if self.webhook_id is None:
            return None
        return f"{self.integration}{KEY_SEPARATOR}{self.webhook_id}"


class Callers:
    """The ways in that an installation has open.

    A request that brings credentials is judged by them alone: a bad token on this machine is
    refused, too, although dev mode would take the same request without it.
    """

    def __init__(
        self,
        database: Database,
        modes: Collection[Mode],
        *,
        tokens: tuple[KeySource, TokenRules] | None = None,
        limits: RateLimits,
        clock: Callable[[], dt.datetime],
    ) -> None:
        self._database = database
        self._modes = modes
        self._tokens = tokens
        self.limits = limits
        self._clock = clock

    async def identify(self, request: HTTPConnection, body: bytes) -> Caller:
        """Say who sends a request. Raises Problem (401) for everybody else; KeysUnavailable."""
        tokens = _values(request, "authorization")
        signed = {name: _values(request, name) for name in signatures.HEADERS}
        if tokens and any(signed.values()):
            raise self._refuse("a token and a signature")
        if tokens:
            return await self._by_token(tokens)
        if any(signed.values()):
            return await self._by_signature(signed, body)
        if "dev" not in self._modes:
            raise self._refuse("no credentials")
        if not is_local(request):
            raise self._refuse(
                "not of this machine", "dev mode answers callers of this machine only"
            )
        return Caller("dev", user_id=request.headers.get("x-runplan-user"))

    async def speak_for(self, caller: Caller, named: str | None) -> str:
        """Return the runner that a caller's message is from. named: whom the body names.

        An integration speaks for the runners linked to it; that one isn't, or is unknown, is the
        same answer. Raises Problem (403, 422), RateExceeded.
        """
        if caller.integration is None:
            if caller.user_id is not None and named not in (None, caller.user_id):
                raise Problem(
                    403, "Not this runner", "user_id is not the runner that the caller is"
                )
            return caller.user_id or named or "demo"
        if named is None:
            raise Problem(422, "Invalid request", "user_id: name the runner of a signed message")
        if not await in_thread(self._is_linked, caller.integration, named):
            raise Problem(403, "Not linked", "no runner of this id is linked to the integration")
        await self.limits.take(user=named)
        return named

    async def runner_alone(self, caller: Caller) -> str:
        """Return the runner who calls, for what no product that speaks for them may ask.

        A signature covers a body, and what these routes answer is chosen without one. Raises
        Problem (403).
        """
        if caller.integration is not None:
            raise Problem(403, "Not for integrations", "only the runner may ask for this")
        return await self.speak_for(caller, None)

    async def _by_token(self, values: list[bytes]) -> Caller:
        if self._tokens is None:
            raise self._refuse("tokens are not taken")
        try:
            user_id = await verify_token(parse_bearer(values), *self._tokens)
        except TokenRefused as error:
            raise self._refuse(f"token: {error.reason}", error='error="invalid_token"') from None
        return Caller("jwt", user_id=user_id)

    async def _by_signature(self, values: dict[str, list[bytes]], body: bytes) -> Caller:
        if "webhook" not in self._modes:
            raise self._refuse("signatures are not taken")
        signed = signatures.parse_headers(values)
        now = self._clock()
        if signed is None:
            raise self._refuse("signature: malformed headers")
        if not signatures.is_fresh(signed, now.timestamp()):
            raise self._refuse("signature: too old or from the future")
        secrets = await in_thread(self._secrets, now)
        signer = signatures.find_signer(signed, body, secrets)
        if signer is None:
            raise self._refuse("signature: nobody's")
        return Caller("webhook", integration=signer, webhook_id=signed.id)

    def _secrets(self, now: dt.datetime) -> tuple[tuple[str, str], ...]:
        with self._database.read() as session:
            return find_secrets(session, now=now)

    def _is_linked(self, integration: str, user_id: str) -> bool:
        with self._database.read() as session:
            return is_linked(session, integration, user_id)

    def _refuse(
        self, reason: str, detail: str = "bring a valid token or signature", *, error: str = ""
    ) -> Problem:
        """Return the one answer for all who are not let in; only the log says why."""
        _log.info("caller refused", reason=reason)
        ways = (f'{SCHEMES[mode]} realm="runplan"' for mode in SCHEMES if mode in self._modes)
        challenge = ", ".join(ways)
        if error and challenge.startswith("Bearer"):
            challenge = challenge.replace('"runplan"', f'"runplan", {error}', 1)
        return Problem(401, "Not authenticated", detail, headers={"WWW-Authenticate": challenge})


def is_local(request: HTTPConnection) -> bool:
    """Whether a request comes from this machine, and from no page of another origin.

    What a proxy hands on, or a name that merely resolves here, is not this machine.
    """
    client = request.client.host if request.client else ""
    host = (request.url.hostname or "").strip("[]")
    origin = request.headers.get("origin")
    own = f"{request.url.scheme}://{request.headers.get('host', '')}"
    handed_on = any(name in request.headers for name in FORWARDED)
    return _is_loopback(client) and _is_loopback(host) and origin in (None, own) and not handed_on


def _is_loopback(host: str) -> bool:
    if host in LOCAL_HOSTS:
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _values(request: HTTPConnection, name: str) -> list[bytes]:
    wanted = name.encode()
    return [value for key, value in request.scope["headers"] if key == wanted]

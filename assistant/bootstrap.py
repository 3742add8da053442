"""The only place that wires concrete things together; it imports them when it wires them."""

import datetime as dt
from typing import TYPE_CHECKING

from storage.database import Database

if TYPE_CHECKING:
    from assistant.coach import Coach
    from assistant.model import OpenAIModel
    from assistant.plain import WithPlainAnswers
    from assistant.probing import Probe
    from assistant.settings import Settings
    from assistant.web.callers import Callers
    from assistant.web.tokens import KeySource, TokenRules

SHORTEST_SECRET = 32
FEWEST_SYMBOLS = 8
EMBEDDED_NAME = "runplan-embedded"


def clock() -> dt.datetime:
    """Return the present moment in UTC."""
    return dt.datetime.now(dt.UTC)


def use_rules(settings: "Settings") -> None:
    """Put the installation's own numbers in, where it has some. Raises RulesInvalid."""
    if settings.rules_file is not None:
        from assistant.rules_file import apply_rules

        apply_rules(settings.rules_file)


def build_database(settings: "Settings", *, must_fit: bool = True) -> Database:
    """Open the store of the settings and bring a SQLite one to this program's schema.

    The installation's own rules, where it has some, come first: nothing is planned without them.
    PostgreSQL is upgraded apart. must_fit: whether its schema has to be this program's now; a
    server may start before, and says by /readyz that it waits.
    Raises StoreUnavailable, StoreTooNew, RulesInvalid; StoreOutdated for PostgreSQL.
    """
    use_rules(settings)
    database = Database(settings.database_url)
    if database.is_sqlite:
        database.upgrade()
    elif must_fit:
        database.check()
    return database


def build_coach(settings: "Settings", database: Database, *, streaming: bool = True) -> "Coach":
    """Return the coach that answers over this store."""
    from assistant.coach import Coach
    from assistant.orchestrator import Limits

    model = build_model(settings, streaming=streaming)
    return Coach(
        database,
        model,
        unstreamed=model.unstreamed(),
        clock=clock,
        today=settings.today,
        limits=Limits(settings.max_rounds, settings.max_calls),
        history_turns=settings.history_turns,
        deadline_s=settings.deadline_s,
        max_message_chars=settings.max_message_chars,
    )


def build_model(settings: "Settings", *, streaming: bool) -> "OpenAIModel | WithPlainAnswers":
    """Return the model: the embedded one, or an endpoint's with the embedded one behind it."""
    from assistant.plain import WithPlainAnswers

    embedded = build_embedded_model(streaming=streaming)
    if settings.embedded:
        return embedded
    model = build_endpoint_model(settings, streaming=streaming)
    return WithPlainAnswers(model, embedded) if settings.plain_answers else model


def build_endpoint_model(settings: "Settings", *, streaming: bool) -> "OpenAIModel":
    """Return the endpoint's model alone."""
    from openai import AsyncOpenAI

    from assistant.model import OpenAIModel

    key = settings.openai_api_key
    return OpenAIModel(
        AsyncOpenAI(
            api_key="none" if key is None else key.get_secret_value(),
            base_url=settings.openai_base_url,
            max_retries=0,
        ),
        settings.model,
        fallback=settings.fallback_model,
        attempts=settings.model_attempts,
        timeout_s=settings.model_timeout_s,
        streaming=streaming and settings.model_streaming,
    )


def build_named_model(settings: "Settings", name: str) -> "OpenAIModel | WithPlainAnswers":
    """Return the model of a name: the embedded one, or one at the settings' endpoint.

    Raises SettingsInvalid where no endpoint is set.
    """
    from assistant.errors import SettingsInvalid

    if name in ("embedded", EMBEDDED_NAME):
        return build_embedded_model(streaming=True)
    if settings.embedded:
        raise SettingsInvalid(
            f"no endpoint is set (OPENAI_API_KEY, OPENAI_BASE_URL), so there is no model {name!r}; "
            "there is `embedded`"
        )
    return build_model(settings.model_copy(update={"model": name}), streaming=True)


def build_embedded_model(*, streaming: bool) -> "OpenAIModel":
    """Return the embedded model, in this process behind the same client."""
    import httpx2
    from openai import AsyncOpenAI

    from assistant.embedded.app import build_app
    from assistant.model import OpenAIModel

    client = AsyncOpenAI(
        api_key="embedded",
        base_url="http://embedded/v1",
        max_retries=0,
        http_client=httpx2.AsyncClient(transport=httpx2.ASGITransport(build_app())),
    )
    return OpenAIModel(client, EMBEDDED_NAME, attempts=1, streaming=streaming)


def build_probe(settings: "Settings", url: str, model: str, *, timeout_s: float) -> "Probe":
    """Return an endpoint's trial. Raises OptionInvalid for a URL that is none."""
    import httpx2
    from openai import AsyncOpenAI

    from assistant.errors import OptionInvalid
    from assistant.probing import Probe, demo_prompt

    try:
        parsed = httpx2.URL(url)
    except httpx2.InvalidURL:
        parsed = httpx2.URL()
    if parsed.scheme not in ("http", "https") or not parsed.host:
        raise OptionInvalid(f"{url!r} is no URL; one looks like http://127.0.0.1:8001/v1")
    key = settings.openai_api_key
    client = AsyncOpenAI(
        api_key="none" if key is None else key.get_secret_value(), base_url=url, max_retries=0
    )
    return Probe(client, model, demo_prompt(), timeout_s)


def build_callers(settings: "Settings", database: Database) -> "Callers":
    """Return the ways in that the settings open. Raises SettingsInvalid."""
    from assistant.web.callers import Callers
    from assistant.web.limits import PerMinute, RateLimits

    per_minute = PerMinute(
        settings.user_per_minute, settings.integration_per_minute, settings.address_per_minute
    )
    return Callers(
        database,
        settings.auth,
        tokens=_build_tokens(settings) if "jwt" in settings.auth else None,
        limits=RateLimits(database, per_minute, clock=lambda: clock().timestamp()),
        clock=clock,
    )


def _build_tokens(settings: "Settings") -> "tuple[KeySource, TokenRules]":
    from assistant.errors import SettingsInvalid
    from assistant.web.jwks import Jwks, source_of
    from assistant.web.tokens import SharedSecrets, TokenRules

    issuer, audience = settings.jwt_issuer, settings.jwt_audience
    if not issuer or not audience:
        raise SettingsInvalid("jwt needs RUNPLAN_JWT_ISSUER and RUNPLAN_JWT_AUDIENCE")
    if (settings.jwt_secret is None) == (settings.jwks_url is None):
        raise SettingsInvalid("jwt needs one of RUNPLAN_JWT_SECRET and RUNPLAN_JWKS_URL")
    if settings.jwt_secret is not None:
        secrets = tuple(settings.jwt_secret.get_secret_value().split())
        if not secrets or not all(map(_is_strong, secrets)):
            raise SettingsInvalid(
                f"RUNPLAN_JWT_SECRET: use random secrets of {SHORTEST_SECRET} bytes or more each"
            )
        return SharedSecrets(secrets), TokenRules("HS256", issuer, audience)
    assert settings.jwks_url is not None
    try:
        fetch = source_of(settings.jwks_url)
    except ValueError as error:
        raise SettingsInvalid(f"RUNPLAN_JWKS_URL: {error}") from None
    algorithm = settings.jwt_algorithm
    return Jwks(fetch, algorithm), TokenRules(algorithm, issuer, audience)


def _is_strong(secret: str) -> bool:
    """Whether a secret is long, and no placeholder of one or two symbols."""
    return len(secret.encode()) >= SHORTEST_SECRET and len(set(secret)) >= FEWEST_SYMBOLS

"""Settings, read from the environment (or `.env`) once."""

import datetime as dt
import re
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from assistant.errors import SettingsInvalid


def _split(value: Any) -> Any:
    return tuple(filter(None, re.split(r"[,\s]+", value))) if isinstance(value, str) else value


def _origin(value: str) -> str:
    if not re.fullmatch(
        r"https?://[a-z0-9.-]+(:[0-9]{1,5})?|https?://\[[0-9a-f:]+\](:[0-9]{1,5})?", value
    ):
        raise ValueError("an origin looks like https://coach.example, without a path or a *")
    return value


AuthMode = Literal["dev", "jwt", "webhook"]
Modes = Annotated[tuple[AuthMode, ...], NoDecode, BeforeValidator(_split), Field(min_length=1)]
Origins = Annotated[
    tuple[Annotated[str, AfterValidator(_origin)], ...], NoDecode, BeforeValidator(_split)
]
Secret = Annotated[SecretStr, Field(min_length=16)]
PerMinute = Annotated[int, Field(ge=0, le=10_000)]


class Settings(BaseSettings):
    """Each is `RUNPLAN_<NAME>`, but for the model endpoint's own two names."""

    model_config = SettingsConfigDict(
        env_prefix="RUNPLAN_",
        env_file=".env",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
        populate_by_name=True,
    )

    database_url: str = "sqlite:///runplan.db"
    model: str = "gpt-5-mini"
    fallback_model: str | None = None
    model_streaming: bool = True
    plain_answers: bool = True
    today: dt.date | None = None
    rules_file: Path | None = None
    auth: Modes = ("dev",)
    jwt_secret: SecretStr | None = None
    jwks_url: str | None = None
    jwt_algorithm: Literal["RS256", "ES256"] = "RS256"
    jwt_issuer: str | None = None
    jwt_audience: str | None = None
    user_per_minute: PerMinute = 30
    integration_per_minute: PerMinute = 600
    address_per_minute: PerMinute = 600
    cors_origins: Origins = ()
    trusted_proxies: str = "127.0.0.1"
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    keep_messages_days: int | None = Field(None, ge=1, le=36_500)
    metrics_token: Secret | None = None
    tracing: bool = False
    openai_api_key: SecretStr | None = Field(None, validation_alias="OPENAI_API_KEY")
    openai_base_url: str | None = Field(None, validation_alias="OPENAI_BASE_URL")

    deadline_s: float = Field(25.0, gt=0)
    stream_deadline_s: float = Field(120.0, gt=0)
    drain_s: float = Field(30.0, ge=0)
    model_timeout_s: float = Field(20.0, gt=0)
    model_attempts: int = Field(3, ge=1, le=10)
    max_rounds: int = Field(6, ge=1, le=7)
    max_calls: int = Field(12, ge=1, le=50)
    history_turns: int = Field(8, ge=0, le=50)
    max_message_chars: int = Field(4000, ge=1, le=60_000)
    max_body_bytes: int = Field(65_536, ge=1024)

    @property
    def embedded(self) -> bool:
        """Whether the embedded model answers, since no endpoint is set."""
        return self.openai_api_key is None and self.openai_base_url is None


def load_settings(**changed: object) -> Settings:
    """Return the settings, those given here in place of the environment's.

    Raises SettingsInvalid naming the setting and what is wrong with it, never its value.
    """
    try:
        return Settings(**changed)  # type: ignore[arg-type]  # pydantic validates them
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        name = ".".join(part for part in first["loc"] if isinstance(part, str)).upper()
        full = name if name.startswith("OPENAI_") else f"RUNPLAN_{name}"
        raise SettingsInvalid(f"{full}: {first['msg'].removeprefix('Value error, ')}") from None

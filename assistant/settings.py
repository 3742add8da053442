"""Settings, read from the environment (or `.env`) once."""

import datetime as dt
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from assistant.errors import SettingsInvalid


class Settings(BaseSettings):
    """Each is `RUNPLAN_<NAME>`, but for the model endpoint's own two names."""

    model_config = SettingsConfigDict(
        env_prefix="RUNPLAN_",
        env_file=".env",
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
        populate_by_name=True,
    )

    database_url: str = "sqlite:///runplan.db"
    model: str = "gpt-5-mini"
    fallback_model: str | None = None
    today: dt.date | None = None
    rules_file: Path | None = None
    auth: Literal["dev"] = "dev"
    openai_api_key: SecretStr | None = Field(None, validation_alias="OPENAI_API_KEY")
    openai_base_url: str | None = Field(None, validation_alias="OPENAI_BASE_URL")

    deadline_s: float = Field(25.0, gt=0)
    stream_deadline_s: float = Field(120.0, gt=0)
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
        name = ".".join(str(part) for part in first["loc"]).upper()
        full = name if name.startswith("OPENAI_") else f"RUNPLAN_{name}"
        raise SettingsInvalid(f"{full}: {first['msg']}") from None

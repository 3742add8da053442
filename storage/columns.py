"""Column types: aware UTC times, and JSON that is validated on the way in and out."""

import datetime as dt
from typing import Any

import sqlalchemy as sa
from pydantic import TypeAdapter
from sqlalchemy.types import TypeDecorator


class UtcDateTime(TypeDecorator[dt.datetime]):
    """An aware time, kept as UTC; a naive one is refused."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Any) -> dt.datetime | None:
        """Refuse naive times, since nobody can say what they mean."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone; store aware UTC times")
        return value.astimezone(dt.UTC)

    def process_result_value(self, value: dt.datetime | None, dialect: Any) -> dt.datetime | None:
        """Return an aware time, whatever the driver dropped."""
        if value is None:
            return None
        return value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)


class Json(TypeDecorator[Any]):
    """A JSON column that holds one type, given as a pydantic TypeAdapter's argument."""

    impl = sa.JSON
    cache_ok = True

    def __init__(self, of: Any) -> None:
        super().__init__(none_as_null=True)
        self.of = of
        self._adapter: TypeAdapter[Any] | None = None

    @property
    def adapter(self) -> TypeAdapter[Any]:
        """The validator, made on first use: building it is slow."""
        if self._adapter is None:
            self._adapter = TypeAdapter(self.of)
        return self._adapter

    def process_bind_param(self, value: Any, dialect: Any) -> Any:
        """Validate, then write as JSON values."""
        if value is None:
            return None
        checked = self.adapter.validate_python(value)
        return self.adapter.dump_python(checked, mode="json")

    def process_result_value(self, value: Any, dialect: Any) -> Any:
        """Validate what was read."""
        return None if value is None else self.adapter.validate_python(value)

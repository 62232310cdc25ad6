"""Points in time, as people write them into files."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated

from pytest_cutover.config.constraints import RawCheck
from pytest_cutover.core.errors import InvalidValueError


def moment(value: object) -> datetime:
    """Return a time with its zone, as TOML has it or as ISO 8601 text. Raises InvalidValueError."""
    parsed: object = value
    if isinstance(value, str):
        try:
            parsed = datetime.fromisoformat(value)
        except ValueError:
            parsed = None
    if isinstance(parsed, datetime) and parsed.tzinfo is not None:
        return parsed
    raise InvalidValueError(
        "not a time with its zone", value=value, valid="2026-11-23T10:15:00Z, without quotes"
    )


def utc_today() -> date:
    """Return the day by UTC: in runs and commands alike, on every machine, it ends at 24:00
    there.
    """
    return datetime.now(UTC).date()


Moment = Annotated[datetime, RawCheck(moment)]

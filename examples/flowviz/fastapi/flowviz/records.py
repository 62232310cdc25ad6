"""Rows of the database as JSON values, printed as JavaScript prints them."""

import re
from datetime import UTC, datetime
from typing import Any

import asyncpg  # type: ignore[import-untyped]
import orjson

LOT_COLUMNS = (
    "id::text, lot_code, lot_type, production_run_id::text, weight_kg::float8,"
    " temperature_c::float8, metadata, phase_id::text, operator_id::text, created_at"
)
DECISION_COLUMNS = (
    "id::text, lot_id::text, qc_gate_id::text, decision, notes, temperature_c, digital_signature,"
    " operator_id::text, decided_at"
)
USER_COLUMNS = "id::text, email, full_name, role, created_at, last_login"

_STRING_OR_SPACE = re.compile(r'("(?:[^"\\]|\\.)*")| ')
# JavaScript writes 0.000001 where orjson writes 1e-6; from 1e-5 up and below 1e-6 they agree.
_SMALL = (1e-6, 1e-5)


def timestamp(moment: datetime | None) -> str | None:
    """ISO 8601 in UTC with milliseconds and `Z`."""
    if moment is None:
        return None
    return moment.isoformat(timespec="milliseconds")[:-6] + "Z"


def now() -> str:
    """The present moment, as `timestamp` writes it."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")[:-6] + "Z"


def number(value: float | None) -> int | float | orjson.Fragment | None:
    """A JSON number with JavaScript's lexeme: 500 for 500.0, 0.000001 for 1e-06."""
    if value is None:
        return None
    if value.is_integer():
        return int(value)
    if _SMALL[0] <= abs(value) < _SMALL[1]:
        digits, _, exponent = repr(value).partition("e")
        sign, digits = ("-", digits[1:]) if digits[0] == "-" else ("", digits)
        zeros = "0" * (-int(exponent) - 1)
        return orjson.Fragment(f"{sign}0.{zeros}{digits.replace('.', '')}".encode())
    return value


def stored_json(text: str) -> orjson.Fragment:
    """`jsonb` as PostgreSQL prints it, without the spaces: never parsed, so never rounded."""
    return orjson.Fragment(_STRING_OR_SPACE.sub(r"\1", text) if " " in text else text)


def lot(row: asyncpg.Record) -> dict[str, Any]:
    """`Lot` of the contract."""
    return {
        "id": row["id"],
        "lot_code": row["lot_code"],
        "lot_type": row["lot_type"],
        "production_run_id": row["production_run_id"],
        "weight_kg": number(row["weight_kg"]),
        "temperature_c": number(row["temperature_c"]),
        "metadata": stored_json(row["metadata"]),
        "phase_id": row["phase_id"],
        "operator_id": row["operator_id"],
        "created_at": timestamp(row["created_at"]),
    }


def decision(row: asyncpg.Record) -> dict[str, Any]:
    """`QCDecision` of the contract."""
    return {
        "id": row["id"],
        "lot_id": row["lot_id"],
        "qc_gate_id": row["qc_gate_id"],
        "decision": row["decision"],
        "notes": row["notes"],
        "temperature_c": number(row["temperature_c"]),
        "digital_signature": row["digital_signature"],
        "operator_id": row["operator_id"],
        "decided_at": timestamp(row["decided_at"]),
    }


def user(row: asyncpg.Record) -> dict[str, Any]:
    """`User` of the contract."""
    return {
        "id": row["id"],
        "email": row["email"],
        "full_name": row["full_name"],
        "role": row["role"],
        "created_at": timestamp(row["created_at"]),
        "last_login": timestamp(row["last_login"]),
    }

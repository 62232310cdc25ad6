"""What the contract allows in requests, field by field; `null` means "not given"."""

import re
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

NOTES_MIN = 10

_LABEL = "[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
# The pattern of HTML's email inputs, and at least one dot in the domain; pydantic's EmailStr has
# other rules than the baseline (it refuses reserved domains, among others).
_EMAIL = re.compile(rf"[a-zA-Z0-9.!#$%&'*+/=?^_`{{|}}~-]+@{_LABEL}(?:\.{_LABEL})+")
_EMAIL_MAX = 254


def _storable(text: str) -> str:
    # PostgreSQL stores neither NUL nor half a surrogate pair.
    if "\x00" in text or not (text.isascii() or _has_whole_pairs(text)):
        raise ValueError("holds a character that is not allowed")
    return text


def _has_whole_pairs(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _all_storable(value: Any) -> Any:
    if isinstance(value, str):
        _storable(value)
    elif isinstance(value, dict):
        for key, item in value.items():
            _storable(key)
            _all_storable(item)
    elif isinstance(value, list):
        for item in value:
            _all_storable(item)
    return value


def _email(text: str) -> str:
    if len(text) > _EMAIL_MAX or not _EMAIL.fullmatch(text):
        raise ValueError("must be a valid email address")
    return text


def _decimals(places: int) -> AfterValidator:
    scale = 10**places

    def check(value: float) -> float:
        if round(value * scale) / scale != value:
            raise ValueError(f"must have at most {places} decimals")
        return value

    return AfterValidator(check)


Text = Annotated[str, AfterValidator(_storable)]
Uuid = Annotated[
    str,
    StringConstraints(
        pattern=r"^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$"
    ),
]
LotCode = Annotated[str, StringConstraints(min_length=1, max_length=100), AfterValidator(_storable)]
LotType = Literal["RAW", "DEB", "BULK", "MIX", "SKW", "FRZ", "FG"]
Decision = Literal["PASS", "HOLD", "FAIL"]
WeightKg = Annotated[float, Field(ge=0, le=10000, allow_inf_nan=False), _decimals(2)]
LotTemperatureC = Annotated[float, Field(ge=-50, le=100, allow_inf_nan=False), _decimals(1)]
TemperatureC = Annotated[float, Field(ge=-50, le=100, allow_inf_nan=False)]
Metadata = Annotated[dict[str, Any], AfterValidator(_all_storable)]


class Login(BaseModel):
    """Unknown fields are ignored here, as in Express: clients send the password manager's."""

    model_config = ConfigDict(strict=True, extra="ignore")

    email: Annotated[str, AfterValidator(_email)]


class LotCreate(BaseModel):
    """A lot as a client describes it."""

    model_config = ConfigDict(strict=True, extra="forbid")

    lot_code: LotCode
    lot_type: LotType | None = None
    production_run_id: Uuid | None = None
    weight_kg: WeightKg | None = None
    temperature_c: LotTemperatureC | None = None
    metadata: Metadata | None = None


class QCDecisionCreate(BaseModel):
    """A decision of quality control as a client describes it."""

    model_config = ConfigDict(strict=True, extra="forbid")

    lot_id: Uuid | None = None
    qc_gate_id: Uuid | None = None
    decision: Decision | None = None
    notes: Text | None = None
    temperature_c: TemperatureC | None = None
    digital_signature: Text | None = None

    @model_validator(mode="after")
    def _explain_what_is_not_passed(self) -> "QCDecisionCreate":
        if self.decision in ("HOLD", "FAIL") and len(self.notes or "") < NOTES_MIN:
            raise ValueError(f"notes must have at least {NOTES_MIN} characters")
        return self

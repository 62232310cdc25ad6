"""What requests and responses look like."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    StrictBool,
    model_validator,
)

from warehouse.drifts import on


def _storable(text: str) -> str:
    if "\0" in text:
        raise ValueError("U+0000 cannot be stored")
    return text


def _no_other_type(value: Any) -> Any:
    if isinstance(value, str | bool):
        raise ValueError("a number is expected")
    return value


def _no_bool(value: Any) -> Any:
    if isinstance(value, bool):
        raise ValueError("a decimal is expected")
    if isinstance(value, str) and not re.fullmatch(r"-?\d{1,20}(\.\d{1,20})?", value, re.ASCII):
        raise ValueError("a decimal is expected")
    return value


def _day(value: Any) -> Any:
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value, re.ASCII):
        return value
    raise ValueError("a date is YYYY-MM-DD")


def moment(value: datetime) -> str:
    """Return a time as both backends write it: milliseconds, and Z."""
    at = value.astimezone(UTC)
    if on("created-at-has-microseconds"):
        return at.isoformat(timespec="microseconds").replace("+00:00", "Z")
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _money(value: Decimal) -> str | float:
    return float(value) if on("price-is-a-number") else str(value)


def _weight(value: Decimal | None) -> str | None:
    if value is None or (on("weight-zero-is-null") and value == 0):
        return None
    return str(value)


Line = Annotated[str, AfterValidator(_storable)]
Name = Annotated[
    Line, Field(min_length=1, max_length=79 if on("name-ends-a-letter-sooner") else 80)
]
Note = Annotated[Line, Field(max_length=200)]
A_NUMBER = BeforeValidator(_no_other_type)
EXACT = BeforeValidator(_no_bool)
Day = Annotated[date, BeforeValidator(_day)]
Moment = Annotated[datetime, PlainSerializer(moment, return_type=str)]
Money = Annotated[Decimal, PlainSerializer(_money, return_type=str | float)]
Weight = Annotated[Decimal | None, PlainSerializer(_weight, return_type=str | None)]
Code = Annotated[
    str, Field(pattern=r"^[A-Za-z]-[0-9]{2}$" if on("code-in-lower-case") else r"^[A-Z]-[0-9]{2}$")
]
Email = Annotated[str, Field(pattern=r"^[A-Za-z0-9.+-]{1,40}@[A-Za-z0-9-]{1,40}\.[A-Za-z]{2,10}$")]
Phone = Annotated[str, Field(pattern=r"^\+?[0-9 ]{3,20}$")]
Identifier = Annotated[int, Field(ge=1, le=2_147_483_647)]
_price = {"ge" if on("price-may-be-zero") else "gt": 0}
_weight_limit = {"lt" if on("weight-below-its-limit") else "le": 1000}


class Category(StrEnum):
    """What an item is."""

    PART = "part"
    TOOL = "tool"
    PACKAGING = "packaging"
    if not on("chemicals-are-refused"):
        CHEMICAL = "chemical"


class DocumentKind(StrEnum):
    """What a document is."""

    DATASHEET = "datasheet"
    DRAWING = "drawing"
    PHOTO = "photo"


class Reason(StrEnum):
    """Why something moved."""

    RECEIVED = "received"
    MOVED = "moved"
    SHIPPED = "shipped"
    LOST = "lost"


class Asked(BaseModel):
    """The base of request bodies: what is not known is ignored."""

    model_config = ConfigDict(extra="ignore")


class Answered(BaseModel):
    """The base of response bodies: made from a row."""

    model_config = ConfigDict(from_attributes=True)


class Credentials(Asked):
    """Who logs in."""

    email: Email
    password: Annotated[Line, Field(min_length=1, max_length=200)]


class Token(Answered):
    """What a login gives."""

    access_token: str
    token_type: str = "bearer"
    expires_in: int


class Me(Answered):
    """Who is logged in."""

    id: int
    email: str
    name: str


class SupplierIn(Asked):
    """A new supplier."""

    if on("unknown-members-are-refused"):
        model_config = ConfigDict(extra="forbid")
    name: Name
    email: Email | None = None
    phone: Phone | None = None
    active: StrictBool = not on("suppliers-begin-inactive")


class SupplierChange(Asked):
    """What is to change; what is left out stays."""

    name: Name | None = None
    email: Email | None = None
    phone: Phone | None = None
    active: StrictBool | None = None

    @model_validator(mode="after")
    def _required_stay(self) -> Self:
        if any(getattr(self, name) is None for name in {"name", "active"} & self.model_fields_set):
            raise ValueError("a name and whether it is active cannot be removed")
        return self


class SupplierOut(Answered):
    """A supplier."""

    id: UUID
    name: str
    email: str | None
    phone: str | None
    active: bool
    created_at: Moment


class LocationIn(Asked):
    """A new location."""

    code: Code
    name: Name
    max_load_kg: Annotated[Decimal, Field(ge=0, le=99999, decimal_places=1), EXACT] | None = None


class LocationOut(Answered):
    """A location."""

    code: str
    name: str
    max_load_kg: Decimal | None


class ItemIn(Asked):
    """A new item, or all of one that is there."""

    sku: Annotated[str, Field(pattern=r"^[A-Z0-9-]{3,20}$")]
    name: Name
    category: Category = Category.PART
    price: Annotated[Decimal, Field(le=100_000, decimal_places=2, **_price), EXACT]
    weight_kg: Annotated[Decimal, Field(ge=0, decimal_places=3, **_weight_limit), EXACT] | None = (
        None
    )
    tags: Annotated[
        list[Annotated[Line, Field(min_length=1, max_length=20)]],
        Field(max_length=4 if on("fewer-tags") else 5),
    ] = []
    notes: Note | None = None
    supplier_id: UUID
    home_code: Code | None = None


class ItemOut(Answered):
    """An item."""

    id: UUID
    sku: str
    name: str
    category: str
    price: Money
    weight_kg: Weight
    tags: list[str]
    notes: str | None
    supplier_id: UUID
    home_code: str | None
    created_at: Moment


class Page(BaseModel):
    """Which part of how many."""

    total: int
    limit: int
    offset: int


class SupplierPage(Page):
    """Some of the suppliers."""

    suppliers: list[SupplierOut]


class ItemPage(Page):
    """Some of the items, and where the next ones are."""

    items: list[ItemOut]
    next: str | None


class Stock(BaseModel):
    """How many of an item are where."""

    item_id: UUID
    total: int
    by_location: dict[str, int]


class DocumentOut(Answered):
    """A document without its content."""

    id: int
    item_id: UUID
    title: str
    kind: str
    content_type: str
    size: int
    sha256: str


class MovementIn(Asked):
    """So many pieces from one place to another; one of the two may be outside."""

    item_id: UUID
    from_code: Code | None = None
    to_code: Code | None = None
    quantity: Annotated[int, Field(ge=1, le=10_000), A_NUMBER]
    reason: Reason

    @model_validator(mode="after")
    def _goes_somewhere(self) -> Self:
        if self.from_code == self.to_code:
            raise ValueError("a movement has two different ends")
        return self


class MovementOut(Answered):
    """A movement."""

    id: int
    item_id: UUID
    from_code: str | None
    to_code: str | None
    quantity: int
    reason: str


class LineIn(Asked):
    """So many of an item."""

    item_id: UUID
    quantity: Annotated[int, Field(ge=1, le=1000), A_NUMBER]


class OrderIn(Asked):
    """A new order."""

    supplier_id: UUID
    ship_to: Code
    lines: Annotated[list[LineIn], Field(min_length=1, max_length=10)]
    discount_percent: Annotated[int, Field(ge=0, le=50), A_NUMBER] = 0
    wanted_on: Day | None = None
    note: Note | None = None


class LineOut(Answered):
    """A line of an order, with the price of that day."""

    item_id: UUID
    quantity: int
    unit_price: Decimal


class OrderOut(Answered):
    """An order."""

    id: int
    supplier_id: UUID
    ship_to: str
    status: str
    discount_percent: int
    wanted_on: date | None
    note: str | None
    total: Decimal
    lines: list[LineOut]
    confirmed_at: Moment | None


class OrderPage(Page):
    """Some of the orders, the latest first."""

    orders: list[OrderOut]

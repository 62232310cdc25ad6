"""The engine, the tables, and a session for each request."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, ClassVar
from uuid import UUID

from fastapi import Depends
from sqlalchemy import ARRAY, FetchedValue, ForeignKey, Numeric, String, Text
from sqlalchemy.dialects.postgresql import TIMESTAMP
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from warehouse.settings import DATABASE_URL, SCHEMA

engine = create_async_engine(
    DATABASE_URL.replace("postgresql://", "postgresql+asyncpg://"),
    connect_args={"server_settings": {"search_path": SCHEMA}},
)
_sessions = async_sessionmaker(engine, expire_on_commit=False)


async def _session() -> AsyncIterator[AsyncSession]:
    async with _sessions() as session:
        yield session


Database = Annotated[AsyncSession, Depends(_session)]


class Base(DeclarativeBase):
    """What `schema.sql` creates."""

    type_annotation_map: ClassVar[dict[Any, Any]] = {
        str: Text,
        datetime: TIMESTAMP(timezone=True, precision=3),
        list[str]: ARRAY(String),
    }


_BY_THE_DATABASE = FetchedValue()


class User(Base):
    """Somebody who may log in."""

    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str]
    password: Mapped[str]
    name: Mapped[str]


class Supplier(Base):
    """Somebody who delivers."""

    __tablename__ = "suppliers"
    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=_BY_THE_DATABASE)
    number: Mapped[int] = mapped_column(server_default=_BY_THE_DATABASE)
    name: Mapped[str]
    email: Mapped[str | None]
    phone: Mapped[str | None]
    active: Mapped[bool]
    created_at: Mapped[datetime] = mapped_column(server_default=_BY_THE_DATABASE)


class Location(Base):
    """A place in the warehouse."""

    __tablename__ = "locations"
    code: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(server_default=_BY_THE_DATABASE)
    name: Mapped[str]
    max_load_kg: Mapped[Decimal | None] = mapped_column(Numeric(8, 1))


class Item(Base):
    """Something that is stored."""

    __tablename__ = "items"
    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=_BY_THE_DATABASE)
    number: Mapped[int] = mapped_column(server_default=_BY_THE_DATABASE)
    sku: Mapped[str]
    name: Mapped[str]
    category: Mapped[str]
    price: Mapped[Decimal] = mapped_column(Numeric(8, 2))
    weight_kg: Mapped[Decimal | None] = mapped_column(Numeric(8, 3))
    tags: Mapped[list[str]]
    notes: Mapped[str | None]
    supplier_id: Mapped[UUID] = mapped_column(ForeignKey("suppliers.id"))
    home_code: Mapped[str | None] = mapped_column(ForeignKey("locations.code"))
    created_at: Mapped[datetime] = mapped_column(server_default=_BY_THE_DATABASE)


class Document(Base):
    """A file that belongs to an item."""

    __tablename__ = "documents"
    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[UUID] = mapped_column(ForeignKey("items.id"))
    title: Mapped[str]
    kind: Mapped[str]
    content_type: Mapped[str]
    content: Mapped[bytes]


class Movement(Base):
    """So many pieces that went from one place to another."""

    __tablename__ = "movements"
    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[UUID] = mapped_column(ForeignKey("items.id"))
    from_code: Mapped[str | None] = mapped_column(ForeignKey("locations.code"))
    to_code: Mapped[str | None] = mapped_column(ForeignKey("locations.code"))
    quantity: Mapped[int]
    reason: Mapped[str]


class Order(Base):
    """What is asked of a supplier."""

    __tablename__ = "orders"
    id: Mapped[int] = mapped_column(primary_key=True)
    supplier_id: Mapped[UUID] = mapped_column(ForeignKey("suppliers.id"))
    ship_to: Mapped[str] = mapped_column(ForeignKey("locations.code"))
    status: Mapped[str] = mapped_column(server_default=_BY_THE_DATABASE)
    discount_percent: Mapped[int]
    wanted_on: Mapped[date | None]
    note: Mapped[str | None]
    total: Mapped[Decimal] = mapped_column(Numeric(14, 2))
    confirmed_at: Mapped[datetime | None]
    lines: Mapped[list[OrderLine]] = relationship(
        order_by="OrderLine.position", lazy="selectin", cascade="all, delete-orphan"
    )


class OrderLine(Base):
    """One item of an order."""

    __tablename__ = "order_lines"
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[UUID] = mapped_column(ForeignKey("items.id"))
    quantity: Mapped[int]
    unit_price: Mapped[Decimal] = mapped_column(Numeric(8, 2))

"""Orders: drafts, then confirmed or cancelled."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Response
from sqlalchemy import func, select

from warehouse.database import Database, Order, OrderLine
from warehouse.drifts import on
from warehouse.errors import ConflictError, NotFoundError
from warehouse.routers.items import item_of
from warehouse.routers.locations import location_of
from warehouse.routers.suppliers import supplier_of
from warehouse.schemas import Identifier, OrderIn, OrderOut, OrderPage
from warehouse.security import logged_in
from warehouse.settings import PREFIX

router = APIRouter(prefix="/orders", tags=["orders"], dependencies=[logged_in])
Number = Annotated[Identifier, Path()]


async def _order(database: Database, order_id: int) -> Order:
    order = await database.get(Order, order_id)
    if order is None:
        raise NotFoundError("no such order")
    return order


@router.get("")
async def list_orders(
    database: Database,
    status: Literal["draft", "confirmed", "cancelled"] | None = None,
    limit: Annotated[int, Query(ge=1, le=50)] = 20,
    offset: Annotated[int, Query(ge=0, le=10_000)] = 0,
) -> OrderPage:
    """The latest first."""
    query = select(Order)
    if status is not None:
        query = query.where(Order.status == status)
    total = await database.scalar(select(func.count()).select_from(query.subquery())) or 0
    found = await database.scalars(query.order_by(Order.id.desc()).limit(limit).offset(offset))
    rows = [OrderOut.model_validate(row) for row in found]
    return OrderPage(orders=rows, total=total, limit=limit, offset=offset)


@router.post("", status_code=201)
async def create_order(asked: OrderIn, database: Database, response: Response) -> OrderOut:
    """A draft, at the prices of today."""
    await supplier_of(database, asked.supplier_id)
    await location_of(database, asked.ship_to)
    lines = []
    total = Decimal(0)
    for position, line in enumerate(asked.lines):
        item = await item_of(database, line.item_id)
        total += line.quantity * item.price
        lines.append(
            OrderLine(
                position=position,
                item_id=item.id,
                quantity=line.quantity,
                unit_price=item.price,
            )
        )
    if on("lines-in-reverse"):
        for position, one in enumerate(reversed(lines)):
            one.position = position
    if not on("total-without-the-discount"):
        total *= Decimal(100 - asked.discount_percent) / 100
    half = ROUND_HALF_EVEN if on("halves-to-even") else ROUND_HALF_UP
    given = asked.model_dump(exclude={"lines"})
    order = Order(**given, lines=lines, total=total.quantize(Decimal("0.01"), half))
    database.add(order)
    await database.commit()
    database.expunge_all()
    response.headers["Location"] = f"{PREFIX}/orders/{order.id}"
    return OrderOut.model_validate(await _order(database, order.id))


@router.get("/{order_id}")
async def get_order(order_id: Number, database: Database) -> OrderOut:
    """One of them."""
    return OrderOut.model_validate(await _order(database, order_id))


async def _moved_on(database: Database, order_id: int, status: str) -> OrderOut:
    order = await _order(database, order_id)
    again = on("confirming-twice-is-fine") and order.status == status == "confirmed"
    if order.status != "draft" and not again:
        raise ConflictError("the order is no draft")
    order.status = status
    if status == "confirmed" and not on("confirmed-without-a-time"):
        order.confirmed_at = datetime.now(UTC).replace(microsecond=0)
    await database.commit()
    return OrderOut.model_validate(order)


@router.post("/{order_id}/confirm")
async def confirm(order_id: Number, database: Database) -> OrderOut:
    """Send a draft."""
    return await _moved_on(database, order_id, "confirmed")


@router.post("/{order_id}/cancel")
async def cancel(order_id: Number, database: Database) -> OrderOut:
    """Give a draft up."""
    word = "canceled" if on("cancelled-with-one-l") else "cancelled"
    return await _moved_on(database, order_id, word)

"""What went where, and the stock as a table."""

from __future__ import annotations

import csv
import io
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from sqlalchemy import select

from warehouse.database import Database, Item, Movement
from warehouse.drifts import on
from warehouse.errors import ConflictError
from warehouse.routers.items import item_of, stock_of
from warehouse.routers.locations import location_of
from warehouse.schemas import MovementIn, MovementOut
from warehouse.security import logged_in

router = APIRouter(tags=["movements"], dependencies=[logged_in])


@router.get("/movements")
async def list_movements(
    database: Database,
    item_id: UUID | None = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
) -> list[MovementOut]:
    """The latest first."""
    query = select(Movement).order_by(Movement.id.desc()).limit(limit)
    if item_id is not None:
        query = query.where(Movement.item_id == item_id)
    return [MovementOut.model_validate(row) for row in await database.scalars(query)]


@router.post("/movements", status_code=201)
async def move(asked: MovementIn, database: Database) -> MovementOut:
    """Move pieces; a place cannot give more than it has."""
    await item_of(database, asked.item_id)
    for code in (asked.from_code, asked.to_code):
        if code is not None:
            await location_of(database, code)
    if asked.from_code is not None and not on("stock-may-be-negative"):
        stock = await stock_of(database, asked.item_id)
        if stock.get(asked.from_code, 0) < asked.quantity:
            raise ConflictError("not enough there")
    movement = Movement(**asked.model_dump())
    database.add(movement)
    await database.commit()
    return MovementOut.model_validate(movement)


@router.get("/reports/stock.csv", response_class=Response)
async def stock_report(database: Database) -> Response:
    """One line for each item, in the order of their codes."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";" if on("report-with-semicolons") else ",")
    writer.writerow(["sku", "name", "total", "price"])
    for item in await database.scalars(select(Item).order_by(Item.sku)):
        total = sum((await stock_of(database, item.id)).values())
        writer.writerow([item.sku, item.name, total, item.price])
    return Response(text.getvalue(), media_type="text/csv")

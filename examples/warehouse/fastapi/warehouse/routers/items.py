"""Items, and how many of them there are."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from sqlalchemy import func, select

from warehouse.database import Database, Item, Movement
from warehouse.drifts import on
from warehouse.errors import NotFoundError
from warehouse.routers.locations import location_of
from warehouse.routers.suppliers import supplier_of
from warehouse.schemas import EXACT, Category, ItemIn, ItemOut, ItemPage, Line, Stock
from warehouse.security import logged_in
from warehouse.settings import PREFIX

router = APIRouter(prefix="/items", tags=["items"], dependencies=[logged_in])
Order = Literal["name", "-name", "price", "-price"]


async def item_of(database: Database, item_id: UUID) -> Item:
    """Return the item; raise NotFoundError where there is none."""
    item = await database.get(Item, item_id)
    if item is None:
        raise NotFoundError("no such item")
    return item


async def stock_of(database: Database, item_id: UUID) -> dict[str, int]:
    """Return how many are where; places with none are left out."""
    counts: dict[str, int] = {}
    for one in await database.scalars(select(Movement).where(Movement.item_id == item_id)):
        for code, sign in ((one.from_code, -1), (one.to_code, 1)):
            if code is not None:
                counts[code] = counts.get(code, 0) + sign * one.quantity
    return {code: counts[code] for code in sorted(counts) if counts[code]}


@router.get("")
async def list_items(
    request: Request,
    database: Database,
    q: Annotated[Line, Query(max_length=50)] | None = None,
    category: Category | None = None,
    supplier_id: UUID | None = None,
    min_price: Annotated[Decimal, Query(ge=0, le=100_000), EXACT] | None = None,
    sort: Order | None = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    offset: Annotated[int, Query(ge=0, le=10_000)] = 0,
) -> ItemPage:
    """Items that all of the conditions hold for."""
    query = select(Item)
    if q is not None:
        query = query.where(func.strpos(func.lower(Item.name), func.lower(q)) > 0)
    if category is not None:
        query = query.where(Item.category == category)
    if supplier_id is not None:
        query = query.where(Item.supplier_id == supplier_id)
    if min_price is not None:
        query = query.where(Item.price >= min_price)
    total = await database.scalar(select(func.count()).select_from(query.subquery())) or 0
    column: Any = getattr(Item, (sort or "number").lstrip("-"))
    downwards = sort is not None and sort.startswith("-") and not on("sorting-goes-upwards-only")
    query = query.order_by(column.desc() if downwards else column, Item.number)
    found = await database.scalars(query.limit(limit).offset(offset))
    rows = [ItemOut.model_validate(row) for row in found]
    return ItemPage(
        items=rows,
        total=total,
        limit=limit,
        offset=offset,
        next=_next(request, limit, offset) if offset + len(rows) < total else None,
    )


def _next(request: Request, limit: int, offset: int) -> str:
    kept = [
        pair for pair in request.query_params.multi_items() if pair[0] not in ("limit", "offset")
    ]
    if on("next-page-forgets-the-search"):
        kept = []
    return f"{PREFIX}/items?" + urlencode([*kept, ("limit", limit), ("offset", offset + limit)])


async def _checked(database: Database, asked: ItemIn) -> dict[str, Any]:
    await supplier_of(database, asked.supplier_id)
    if asked.home_code is not None and not on("unknown-home-is-dropped"):
        await location_of(database, asked.home_code)
    values = asked.model_dump()
    if on("unknown-home-is-dropped") and asked.home_code is not None:
        try:
            await location_of(database, asked.home_code)
        except NotFoundError:
            values["home_code"] = None
    if on("tags-are-sorted"):
        values["tags"] = sorted(asked.tags)
    if on("empty-notes-are-null"):
        values["notes"] = asked.notes or None
    if on("price-is-cut-to-tenths"):
        values["price"] = asked.price.quantize(Decimal("0.1"))
    return values


@router.post("", status_code=201)
async def create_item(asked: ItemIn, database: Database, response: Response) -> ItemOut:
    """A new one of a supplier that is there."""
    item = Item(**await _checked(database, asked))
    database.add(item)
    await database.commit()
    await database.refresh(item)
    response.headers["Location"] = f"{PREFIX}/items/{item.id}"
    return ItemOut.model_validate(item)


@router.get("/{item_id}", response_model_exclude_none=on("item-leaves-nulls-out"))
async def get_item(item_id: UUID, database: Database) -> ItemOut:
    """One of them."""
    return ItemOut.model_validate(await item_of(database, item_id))


@router.put("/{item_id}")
async def replace_item(item_id: UUID, asked: ItemIn, database: Database) -> ItemOut:
    """All of it but its id and its time."""
    item = await item_of(database, item_id)
    for name, value in (await _checked(database, asked)).items():
        if on("replacing-keeps-the-weight") and name == "weight_kg" and value is None:
            continue
        setattr(item, name, value)
    await database.commit()
    await database.refresh(item)
    return ItemOut.model_validate(item)


@router.delete("/{item_id}", status_code=204, response_class=Response)
async def delete_item(item_id: UUID, database: Database) -> Response:
    """Remove one that never moved and that nobody ordered."""
    await database.delete(await item_of(database, item_id))
    await database.commit()
    return Response(status_code=204)


@router.get("/{item_id}/stock")
async def get_stock(item_id: UUID, database: Database) -> Stock:
    """How many are where."""
    await item_of(database, item_id)
    places = await stock_of(database, item_id)
    total = len(places) if on("stock-counts-places") else sum(places.values())
    return Stock(item_id=item_id, total=total, by_location=places)

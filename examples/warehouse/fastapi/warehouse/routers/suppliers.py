"""Suppliers."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response
from sqlalchemy import func, select

from warehouse.database import Database, Supplier
from warehouse.drifts import on
from warehouse.errors import NotFoundError
from warehouse.schemas import Line, SupplierChange, SupplierIn, SupplierOut, SupplierPage
from warehouse.security import logged_in
from warehouse.settings import PREFIX

router = APIRouter(prefix="/suppliers", tags=["suppliers"], dependencies=[logged_in])


async def supplier_of(database: Database, supplier_id: UUID) -> Supplier:
    """Return the supplier; raise NotFoundError where there is none."""
    supplier = await database.get(Supplier, supplier_id)
    if supplier is None:
        raise NotFoundError("no such supplier")
    return supplier


@router.get("")
async def list_suppliers(
    database: Database,
    q: Annotated[Line, Query(max_length=50)] | None = None,
    active: bool | None = None,
    limit: Annotated[int, Query(ge=1, le=200 if on("longer-pages") else 100)] = 20,
    offset: Annotated[int, Query(ge=0, le=10_000)] = 0,
) -> SupplierPage:
    """Suppliers whose name has `q` in it, in any case."""
    query = select(Supplier)
    if q is not None:
        query = query.where(func.strpos(func.lower(Supplier.name), func.lower(q)) > 0)
    if active is not None:
        query = query.where(Supplier.active == active)
    total = await database.scalar(select(func.count()).select_from(query.subquery()))
    skipped = offset + 1 if on("offset-skips-one-more") and offset else offset
    found = await database.scalars(query.order_by(Supplier.number).limit(limit).offset(skipped))
    rows = [SupplierOut.model_validate(row) for row in found]
    counted = len(rows) if on("total-counts-the-page") else (total or 0)
    return SupplierPage(suppliers=rows, total=counted, limit=limit, offset=offset)


@router.post("", status_code=200 if on("created-supplier-is-ok") else 201)
async def create_supplier(asked: SupplierIn, database: Database, response: Response) -> SupplierOut:
    """A new one; names are given once."""
    values = asked.model_dump()
    if on("email-in-lower-case") and asked.email:
        values["email"] = asked.email.lower()
    if on("name-is-trimmed"):
        values["name"] = asked.name.strip()
    supplier = Supplier(**values)
    database.add(supplier)
    await database.commit()
    await database.refresh(supplier)
    if not on("created-supplier-has-no-location"):
        response.headers["Location"] = f"{PREFIX}/suppliers/{supplier.id}"
    return SupplierOut.model_validate(supplier)


@router.get("/{supplier_id}")
async def get_supplier(supplier_id: UUID, database: Database, response: Response) -> SupplierOut:
    """One of them."""
    if not on("supplier-may-be-cached"):
        response.headers["Cache-Control"] = "no-store"
    return SupplierOut.model_validate(await supplier_of(database, supplier_id))


@router.patch("/{supplier_id}")
async def change_supplier(
    supplier_id: UUID, asked: SupplierChange, database: Database
) -> SupplierOut:
    """Change what is given."""
    supplier = await supplier_of(database, supplier_id)
    given: dict[str, Any] = asked.model_dump(exclude_unset=True)
    if on("null-changes-nothing"):
        given = {name: value for name, value in given.items() if value is not None}
    for name, value in given.items():
        setattr(supplier, name, value)
    await database.commit()
    return SupplierOut.model_validate(supplier)


@router.delete("/{supplier_id}", status_code=204, response_class=Response)
async def delete_supplier(supplier_id: UUID, database: Database) -> Response:
    """Remove one that nothing refers to."""
    supplier = await supplier_of(database, supplier_id)
    await database.delete(supplier)
    await database.commit()
    if on("deleted-supplier-is-told"):
        return Response(b'{"deleted":true}', 200, media_type="application/json")
    return Response(status_code=204)

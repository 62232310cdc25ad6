"""Locations in the warehouse."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Response
from sqlalchemy import select

from warehouse.database import Database, Location
from warehouse.drifts import on
from warehouse.errors import NotFoundError
from warehouse.schemas import LocationIn, LocationOut
from warehouse.security import logged_in
from warehouse.settings import PREFIX

router = APIRouter(prefix="/locations", tags=["locations"], dependencies=[logged_in])


async def location_of(database: Database, code: str) -> Location:
    """Return the location; raise NotFoundError where there is none."""
    location = await database.get(Location, code)
    if location is None:
        raise NotFoundError("no such location")
    return location


@router.get("")
async def list_locations(database: Database) -> list[LocationOut]:
    """All of them, by code."""
    found = await database.scalars(
        select(Location).order_by(Location.number if on("locations-by-age") else Location.code)
    )
    return [LocationOut.model_validate(row) for row in found]


@router.post("", status_code=201)
async def create_location(asked: LocationIn, database: Database, response: Response) -> LocationOut:
    """A new one; codes are given once."""
    location = Location(**asked.model_dump())
    if on("taken-location-is-overwritten"):
        location = await database.merge(location)
    else:
        database.add(location)
    await database.commit()
    await database.refresh(location)
    base = "http://127.0.0.1:8080" if on("location-of-an-inner-host") else ""
    response.headers["Location"] = f"{base}{PREFIX}/locations/{location.code}"
    return LocationOut.model_validate(location)


@router.get("/{code}")
async def get_location(
    code: Annotated[str, Path(min_length=1, max_length=8, pattern=r"^[A-Za-z0-9-]+$")],
    database: Database,
) -> LocationOut:
    """One of them."""
    found = code.upper() if on("location-in-any-case") else code
    return LocationOut.model_validate(await location_of(database, found))

"""The connection pool."""

import os

import asyncpg  # type: ignore[import-untyped]

from flowviz.settings import Settings


async def _no_reset(connection: asyncpg.Connection) -> None:
    """Nothing to reset: the five statements change no session state, and it costs a round trip."""


async def create_pool(settings: Settings) -> asyncpg.Pool:
    """A pool of at most `settings.pool_max` connections, which it gives back after 30 s idle."""
    name = os.environ.get("PGAPPNAME") or "flowviz-fastapi"
    server_settings = {"application_name": name}
    if settings.schema:
        server_settings["search_path"] = f'"{settings.schema}"'
    return await asyncpg.create_pool(
        settings.database_url,
        min_size=min(2, settings.pool_max),
        max_size=settings.pool_max,
        max_inactive_connection_lifetime=30,
        timeout=10,
        reset=_no_reset,
        server_settings=server_settings,
    )

"""What PostgreSQL says about the connections of each backend, for the gate on the pool."""

from __future__ import annotations

from collections.abc import Mapping

import psycopg

BOUND = 10
"""PGPOOL_MAX where nothing else is said, of both backends."""

_NAMES = {"baseline": ["flowviz-express", "flowviz-baseline"], "candidate": ["flowviz-fastapi"]}
_QUERY = """
  SELECT count(*), count(*) FILTER (WHERE state <> 'idle')
  FROM pg_stat_activity WHERE application_name = ANY(%s)"""


def pool_of(side: str, database_url: str) -> Mapping[str, int]:
    """The connections of a side, how many of them are in use, and how many there may be."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        row = connection.execute(_QUERY, (_NAMES[side],)).fetchone()
    connections, busy = row or (0, 0)
    return {"connections": connections, "busy": busy, "bound": BOUND}

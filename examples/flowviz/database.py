"""The database that both backends share in a run: fresh, migrated, seeded, gone afterwards.

Called by conftest.py and serve.py. A server of its own (see `postgres`), or that of
FLOWVIZ_DATABASE_URL; always a schema of its own.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from examples.flowviz.postgres import postgres_server
from examples.flowviz.seed import seed

URL_VARIABLE = "FLOWVIZ_DATABASE_URL"
_MIGRATIONS_DIRECTORY = Path(__file__).parent / "fastapi"


class DatabaseError(Exception):
    """The database could not be prepared; the message says which step failed and how."""


@dataclass(frozen=True, slots=True)
class Database:
    """Where the backends find their tables."""

    url: str
    schema: str

    def environment(self) -> dict[str, str]:
        """The variables that both backends and Alembic read."""
        return {"DATABASE_URL": self.url, "FLOWVIZ_SCHEMA": self.schema}

    def connect(self) -> psycopg.Connection:
        """A connection that sees the tables, for tests that look behind the backends."""
        return psycopg.connect(self.url, options=f'-c search_path="{self.schema}"')


@contextlib.contextmanager
def reference_database() -> Iterator[Database]:
    """A migrated and seeded database; raises DatabaseError or `postgres.PostgresError`.

    With FLOWVIZ_DATABASE_URL set it is a new schema on that server, dropped afterwards. Nothing
    that was there before is looked at, let alone migrated.
    """
    if url := os.environ.get(URL_VARIABLE):
        with _fresh_schema(url) as database:
            yield database
    else:
        with postgres_server() as url, _fresh_schema(url) as database:
            yield database


@contextlib.contextmanager
def _fresh_schema(url: str) -> Iterator[Database]:
    schema = f"flowviz_{secrets.token_hex(8)}"
    name = sql.Identifier(schema)
    try:
        with psycopg.connect(url, autocommit=True) as connection:
            # No IF NOT EXISTS: a schema that is there already is somebody else's.
            connection.execute(sql.SQL("CREATE SCHEMA {}").format(name))
    except psycopg.Error as error:
        raise DatabaseError(f"cannot create a schema: {error}. Is {URL_VARIABLE} right?") from error
    try:
        database = Database(url, schema)
        _migrate(database)
        with database.connect() as connection:
            seed(connection)
        yield database
    finally:
        # Backends that are still connected hold locks only while they work.
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("SET lock_timeout = '10s'")
            connection.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(name))


def _migrate(database: Database) -> None:
    """`alembic upgrade head`, the way production does it: as a command of its own."""
    result = subprocess.run(
        [sys.executable, "-m", "alembic", "-c", "alembic.ini", "upgrade", "head"],
        cwd=_MIGRATIONS_DIRECTORY,
        env={**os.environ, **database.environment()},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if result.returncode != 0:
        raise DatabaseError(f"`alembic upgrade head` failed:\n{result.stderr.strip()}")

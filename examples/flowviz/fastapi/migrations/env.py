"""Runs the migrations on DATABASE_URL, inside FLOWVIZ_SCHEMA where that is set."""

import os
from logging.config import fileConfig

from alembic import context
from sqlalchemy import create_engine, pool
from sqlalchemy.engine import make_url

from flowviz.models import metadata

if context.config.config_file_name:
    fileConfig(context.config.config_file_name, disable_existing_loggers=False)


def run_migrations() -> None:
    """Migrate; the schema must exist, and the version table lives in it."""
    schema = os.environ.get("FLOWVIZ_SCHEMA") or None
    url = make_url(os.environ["DATABASE_URL"]).set(drivername="postgresql+psycopg")
    # The search path, not qualified names, so that one history serves any schema.
    arguments = {"options": f'-c search_path="{schema}"'} if schema else {}
    engine = create_engine(url, connect_args=arguments, poolclass=pool.NullPool)
    with engine.connect() as connection:
        if schema:
            connection.dialect.default_schema_name = schema
        context.configure(
            connection=connection, target_metadata=metadata, compare_server_default=True
        )
        with context.begin_transaction():
            context.run_migrations()


if context.is_offline_mode():
    raise SystemExit("flowviz: migrations run online only (they need DATABASE_URL)")
run_migrations()

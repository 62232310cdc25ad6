"""Run the pair by hand: `python examples/warehouse/serve.py`, Ctrl-C to stop.

`--drifts all` (or names from drifts.toml) starts the drifted candidate, `--itself` FastAPI on both
sides. Each side has a schema of its own on one PostgreSQL, with the same rows at the beginning.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import socket
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psycopg
from psycopg import sql

# Started as a script, Python looks for modules in this directory, not in the repository's.
if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).parents[2])

from examples.flowviz.node import install_packages, node_binary
from examples.flowviz.postgres import postgres_server
from pytest_cutover import SupervisedProcess

HERE = Path(__file__).parent
SCHEMA = HERE / "openapi.json"
LOGIN = {"email": "clerk@warehouse.example", "password": "correct horse"}
# Of this pair only: it seals tokens for databases that are thrown away.
_JWT_SECRET = "warehouse-pair-secret-never-used-elsewhere"
_READY_DEADLINE_S = 30.0
EXPRESS = "express"
FASTAPI = "fastapi"


@contextlib.contextmanager
def database_server() -> Iterator[str]:
    """The URL of a fresh PostgreSQL, for as many backends as are wanted."""
    with postgres_server() as url:
        yield url


@contextlib.contextmanager
def backend(
    kind: str, database: str, schema: str, *, drifts: str = "", port: int = 0
) -> Iterator[str]:
    """Start one of the two on a new schema of its own; give its URL.

    Raises RuntimeError with the end of its log where it does not answer.
    """
    _make_schema(database, schema)
    port = port or _free_port()
    if kind == EXPRESS:
        install_packages(HERE / "express")
        argv, folder = [str(node_binary()), "server.js"], HERE / "express"
    else:
        argv, folder = [sys.executable, "-m", "warehouse.app"], HERE / "fastapi"
    environment = {
        **os.environ,
        "PORT": str(port),
        "DATABASE_URL": database,
        "WAREHOUSE_SCHEMA": schema,
        "WAREHOUSE_DRIFTS": drifts,
        "JWT_SECRET": _JWT_SECRET,
    }
    with tempfile.TemporaryDirectory(prefix="warehouse-logs-") as logs:
        process = SupervisedProcess.start(
            argv, env=environment, cwd=folder, log_path=Path(logs) / f"{schema}.log"
        )
        try:
            url = f"http://127.0.0.1:{port}"
            deadline = time.monotonic() + _READY_DEADLINE_S
            while not _is_ready(f"{url}/api/v1/health"):
                if process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError(f"{kind} did not start:\n{process.log_tail(20)}")
                time.sleep(0.05)
            yield url
        finally:
            process.stop()


@contextlib.contextmanager
def pair(*, drifts: str = "", itself: bool = False) -> Iterator[tuple[str, str]]:
    """Start both on fresh data; give the URLs of baseline and candidate."""
    with (
        database_server() as database,
        backend(FASTAPI if itself else EXPRESS, database, "baseline") as baseline,
        backend(FASTAPI, database, "candidate", drifts=drifts) as candidate,
    ):
        yield baseline, candidate


def _make_schema(database: str, schema: str) -> None:
    with psycopg.connect(database) as connection:
        name = sql.Identifier(schema)
        connection.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(name))
        connection.execute(sql.SQL("CREATE SCHEMA {}").format(name))
        connection.execute(sql.SQL("SET search_path TO {}").format(name))
        connection.execute((HERE / "schema.sql").read_bytes())


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _is_ready(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as response:
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def main() -> None:
    """Start everything, say where it is, wait for Ctrl-C."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--drifts", default="", help='"all", or names with commas between them')
    parser.add_argument("--itself", action="store_true", help="FastAPI on both sides")
    arguments = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with (
        contextlib.suppress(KeyboardInterrupt),
        pair(drifts=arguments.drifts, itself=arguments.itself) as (baseline, candidate),
    ):
        print(f"baseline   {baseline}\ncandidate  {candidate}\nCtrl-C stops both", flush=True)
        signal.pause()


if __name__ == "__main__":
    main()

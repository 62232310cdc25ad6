"""Can the baseline live with the migrations? ``python -m tests.rollback.compatible``.

On databases of its own: Express's schema with rows in it, then every later migration. On one the
whole suite of Express; on the other, at the same time, rows that FastAPI writes, each of them
read through Express, and then the whole suite once more. Exit status 0 when all of it passes.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from examples.flowviz.backends import FASTAPI_DIRECTORY, Backend, express, fastapi
from examples.flowviz.database import Database
from examples.flowviz.postgres import postgres_server
from examples.flowviz.seed import seed
from pytest_cutover import SupervisedProcess

_ROOT = Path(__file__).parents[2]
_EXPRESS_OWNED = "0001"
_OLD_LOTS = 200
_NEW_LOTS = 60
_SUITE_S = 400
# What the baseline answers itself, and what its goldens remember.
_GATES = ("parity.assertions", "parity.goldens", "parity.differences")


def main(then: str = "") -> int:
    """Both ways; prints what was found. `then` is one more migration, as SQL."""
    with (
        postgres_server() as url,
        tempfile.TemporaryDirectory(prefix="cutover-back-") as folder,
        ThreadPoolExecutor() as pool,
    ):
        migrated, written_to = (_migrated(url, name, then) for name in ("migrated", "written_to"))
        running = [
            pool.submit(_after_the_migrations, migrated, Path(folder, "migrated")),
            pool.submit(_on_rows_of_fastapi, written_to, Path(folder, "written_to")),
        ]
        found = [one.result() for one in running]
        return 0 if all(found) else 1


def _after_the_migrations(database: Database, folder: Path) -> bool:
    with _serving(express(database), folder) as old:
        return _passes("after the migrations", old, folder)


def _on_rows_of_fastapi(database: Database, folder: Path) -> bool:
    with _serving(express(database), folder) as old:
        with _serving(fastapi(database), folder) as new:
            codes = _written_by(new)
        unread = [code for code in (*codes, *_old_codes()) if not _readable(old, code)]
        _say(f"rows of both sides unreadable through Express: {len(unread)}")
        return _passes("on rows that FastAPI wrote", old, folder) and not unread


def _passes(when: str, url: str, folder: Path) -> bool:
    found = _suite(url, folder)
    _say(f"Express's suite {when}: {found or 'passes'}")
    return not found


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _migrated(url: str, name: str, then: str) -> Database:
    """The schema as Express owned it, with rows from before anybody thought of moving; migrated."""
    database = Database(url, name)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(name)))
    _alembic(database, "upgrade", _EXPRESS_OWNED)
    with database.connect() as connection:
        for number, code in enumerate(_old_codes()):
            connection.execute(
                "INSERT INTO lots (lot_code, lot_type, weight_kg, temperature_c, metadata)"
                " VALUES (%s, %s, %s, %s, %s::jsonb)",
                (code, ("RAW", None)[number % 2], number, -18.5, json.dumps({"n": number})),
            )
        connection.commit()
    _alembic(database, "upgrade", "head")
    with database.connect() as connection:
        seed(connection)
        if then:
            connection.execute(then.encode())
        connection.commit()
    return database


def _old_codes() -> list[str]:
    return [f"BEFORE-{number:04d}" for number in range(_OLD_LOTS)]


def _alembic(database: Database, *words: str) -> None:
    subprocess.run(
        [sys.executable, "-m", "alembic", "-c", "alembic.ini", *words],
        cwd=FASTAPI_DIRECTORY,
        env={**os.environ, **database.environment()},
        check=True,
        capture_output=True,
        timeout=120,
    )


@contextlib.contextmanager
def _serving(backend: Backend, folder: Path) -> Iterator[str]:
    folder.mkdir(exist_ok=True)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = SupervisedProcess.start(
        backend.argv,
        env={**os.environ, **backend.environment, "PORT": str(port)},
        cwd=backend.cwd,
        log_path=folder / f"{backend.name}.log",
    )
    url = f"http://127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + 60
        while True:
            with contextlib.suppress(urllib.error.URLError, OSError):
                urllib.request.urlopen(f"{url}/api/health", timeout=2).close()
                break
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{backend.name} did not start:\n{process.log_tail(20)}")
            time.sleep(0.05)
        yield url
    finally:
        process.stop()


def _written_by(url: str) -> list[str]:
    """Lots and decisions in every shape the contract knows; the codes of the lots."""
    codes = []
    types = ["RAW", "DEB", "BULK", "MIX", "SKW", "FRZ", "FG", None]
    for number in range(_NEW_LOTS):
        code = f"AFTER/{number} é"
        lot = {
            "lot_code": code,
            "lot_type": types[number % len(types)],
            "weight_kg": number + 0.25,
            "temperature_c": -18.5,
            "metadata": {"plc_serial": 9007199254740993 + number, "tags": ["a", "b"]},
        }
        created = _post(url, "/api/lots", lot)
        codes.append(code)
        decision = {"lot_id": created["id"], "decision": "HOLD", "notes": "waiting for the lab"}
        _post(url, "/api/qc-decisions", decision)
    return codes


def _post(url: str, path: str, body: Any) -> dict[str, Any]:
    request = urllib.request.Request(
        url + path, json.dumps(body).encode(), {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=10) as response:
        created: dict[str, Any] = json.load(response)
        return created


def _readable(url: str, code: str) -> bool:
    path = f"/api/traceability/{urllib.parse.quote(code, safe='')}"
    try:
        with urllib.request.urlopen(url + path, timeout=10) as response:
            return bool(json.load(response)["central"]["lot_code"] == code)
    except urllib.error.HTTPError:
        return False


def _suite(url: str, folder: Path) -> str:
    """Run Express's suite against one Express; empty when it passes, else what does not."""
    report = folder / "report"
    ran = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "tests/characterization", "-q"),
            *(f"--cutover-baseline={url}", f"--cutover-candidate={url}", "--cutover-writes"),
            f"--cutover-report={report}",
        ],
        cwd=_ROOT,
        env={name: value for name, value in os.environ.items() if name != "PYTEST_ADDOPTS"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=_SUITE_S,
    )
    if not (report / "gate.json").exists():
        return f"no report was written; it said last:\n{ran.stdout[-2000:]}"
    found = json.loads((report / "gate.json").read_text("utf-8"))
    gates = {gate["id"]: gate for gate in found["gates"]}
    missing = [name for name in _GATES if name not in gates]
    bad = [name for name in _GATES if name in gates and gates[name]["verdict"] != "pass"]
    said = "; ".join(f"{name}: {gates[name]['observed']}" for name in bad)
    tests: int = found["tests"]["both_sides"]
    return said or (f"not judged: {missing}" if missing else "" if tests else "no test ran")


if __name__ == "__main__":
    sys.exit(main())

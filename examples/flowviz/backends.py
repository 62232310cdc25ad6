"""How the two backends are started: argv, working directory, environment.

Both read PORT and HOST, answer `GET /api/health` when ready, and leave on SIGTERM.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from examples.flowviz.database import Database
from examples.flowviz.node import EXPRESS_DIRECTORY, install_packages, node_binary

FASTAPI_DIRECTORY = Path(__file__).parent / "fastapi"
READY_PATH = "/api/health"
CORS_ORIGIN = "https://app.flowviz.example"
# Of the reference pair only. They seal tokens for a database that is thrown away.
_SESSION_SECRET = "reference-session-secret-never-used-elsewhere"
_JWT_SECRET_KEY = "reference-jwt-secret-key-never-used-elsewhere"


@dataclass(frozen=True, slots=True)
class Backend:
    """A command to start; `environment` is to be added to the process's own, with PORT."""

    name: str
    argv: tuple[str, ...]
    cwd: Path
    environment: dict[str, str]
    ready_path: str = READY_PATH


def express(database: Database) -> Backend:
    """The baseline; installs its packages when they are missing (`NodeError` when it cannot)."""
    install_packages()
    environment = {
        **database.environment(),
        "CORS_ORIGIN": CORS_ORIGIN,
        "NODE_ENV": "production",
        "SESSION_SECRET": _SESSION_SECRET,
    }
    return Backend("express", (str(node_binary()), "server.js"), EXPRESS_DIRECTORY, environment)


def fastapi(database: Database, *, drifts: str | None = None) -> Backend:
    """The candidate; `drifts` is "all" or names from drifts.toml with commas between them."""
    environment = {
        **database.environment(),
        "CORS_ORIGIN": CORS_ORIGIN,
        "JWT_SECRET_KEY": _JWT_SECRET_KEY,
    }
    if drifts:
        environment["FLOWVIZ_DRIFTS"] = drifts
    name = "fastapi (drifted)" if drifts else "fastapi"
    return Backend(name, (sys.executable, "-m", "flowviz"), FASTAPI_DIRECTORY, environment)

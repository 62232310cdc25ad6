"""What the environment decides, read once at start."""

import os
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Settings:
    """The environment's part of the configuration; a missing name fails the start."""

    database_url: str
    schema: str | None
    pool_max: int
    jwt_secret_key: str
    cors_origin: str

    @classmethod
    def from_environment(cls) -> "Settings":
        """Read the environment, or raise `RuntimeError` with the names that are missing."""
        required = ("DATABASE_URL", "JWT_SECRET_KEY")
        if missing := [name for name in required if not os.environ.get(name)]:
            raise RuntimeError(f"flowviz: not set in the environment: {', '.join(missing)}")
        return cls(
            database_url=os.environ["DATABASE_URL"],
            schema=os.environ.get("FLOWVIZ_SCHEMA") or None,
            pool_max=int(os.environ.get("PGPOOL_MAX") or 10),
            jwt_secret_key=os.environ["JWT_SECRET_KEY"],
            cors_origin=os.environ.get("CORS_ORIGIN") or "http://localhost:5173",
        )

"""The seeded drifts: `on("name")` where the application departs from the baseline on purpose.

`WAREHOUSE_DRIFTS` is "all", or names of `examples/warehouse/drifts.toml` with commas between them.
"""

from __future__ import annotations

import os
import tomllib
from pathlib import Path

_TABLE = Path(__file__).parents[2] / "drifts.toml"


def _asked() -> frozenset[str]:
    asked = {name for name in os.environ.get("WAREHOUSE_DRIFTS", "").split(",") if name}
    if not asked:
        return frozenset()
    names = frozenset(one["name"] for one in tomllib.loads(_TABLE.read_text("utf-8"))["drift"])
    if unknown := asked - names - {"all"}:
        raise SystemExit(f"WAREHOUSE_DRIFTS: unknown {sorted(unknown)}; see {_TABLE}")
    return names if "all" in asked else frozenset(asked)


ACTIVE = _asked()


def on(name: str) -> bool:
    """Return whether this drift is switched on."""
    return name in ACTIVE

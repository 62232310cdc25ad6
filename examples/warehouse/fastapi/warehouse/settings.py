"""What the environment says, read once."""

from __future__ import annotations

import os

PREFIX = "/api/v1"
DATABASE_URL = os.environ["DATABASE_URL"]
SCHEMA = os.environ.get("WAREHOUSE_SCHEMA", "public")
JWT_SECRET = os.environ["JWT_SECRET"]
ORIGIN = "https://app.warehouse.example"
TOKEN_LIFETIME_S = 3600

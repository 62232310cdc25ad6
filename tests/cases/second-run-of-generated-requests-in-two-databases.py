"""A second run on two databases reads the rows of the first one, which have ids of each side."""

import json
import re
import uuid
from datetime import UTC, datetime

PARAM = {
    "name": "item_id",
    "in": "path",
    "required": True,
    "schema": {"type": "string", "format": "uuid"},
}
ITEM = {
    "type": "object",
    "required": ["sku", "name"],
    "properties": {
        "sku": {"type": "string", "pattern": "^[A-Z]{1,3}-[0-9]{1,4}$"},
        "name": {"type": "string", "minLength": 1, "maxLength": 40},
        "price": {"type": "number", "minimum": 0},
    },
}
OK = {
    "200": {
        "description": "ok",
        "content": {"application/json": {"schema": {"type": "array", "items": ITEM}}},
    }
}
SPEC = {
    "openapi": "3.1.0",
    "info": {"title": "items", "version": "1"},
    "paths": {
        "/items": {
            "get": {
                "parameters": [
                    {
                        "name": "limit",
                        "in": "query",
                        "schema": {"type": "integer", "minimum": 1, "maximum": 100},
                    }
                ],
                "responses": OK,
            },
            "post": {
                "requestBody": {
                    "required": True,
                    "content": {"application/json": {"schema": ITEM}},
                },
                "responses": {"201": {"description": "made"}, "422": {"description": "no"}},
            },
        },
        "/items/{item_id}": {
            "get": {
                "parameters": [PARAM],
                "responses": {"200": {"description": "ok"}, "404": {"description": "no"}},
            }
        },
    },
}
FILES = {"openapi.json": json.dumps(SPEC)}
CUTOVER = """
[targets.t]
baseline.url = "{BASELINE}"
candidate.url = "{CANDIDATE}"
writes = true
fuzz_writes = true
max_requests_per_second = 10000.0
"""
URLS = True
RUNS = 2
ARGS = ["--cutover-schema=openapi.json", "--cutover-fuzz=12"]
EXPECT = "go"


def answer(side, request):
    rows = request.state.setdefault(
        "rows",
        [
            {
                "id": str(uuid.UUID(int=7 + n)),
                "sku": f"SEED-{n}",
                "name": "seeded",
                "price": 1,
                "created_at": "2024-01-01T00:00:00.000Z",
            }
            for n in range(3)
        ],
    )
    path, _, query = request.path.partition("?")
    if path == "/items" and request.method == "GET":
        found = re.search(r"limit=([^&]*)", query)
        if found and not (found[1].isdecimal() and 1 <= int(found[1]) <= 100):
            return 422, {}, {"error": "limit"}
        limit = int(found[1]) if found else 20
        ordered = sorted(rows, key=lambda row: row["name"])
        return 200, {}, ordered[:limit]
    if path == "/items" and request.method == "POST":
        try:
            sent = json.loads(request.body)
        except ValueError:
            return 400, {}, {"error": "JSON"}
        if (
            not isinstance(sent, dict)
            or not isinstance(sent.get("name"), str)
            or not 1 <= len(sent["name"]) <= 40
        ):
            return 422, {}, {"error": "name"}
        sku = sent.get("sku")
        if not isinstance(sku, str) or not re.fullmatch("[A-Z]{1,3}-[0-9]{1,4}", sku):
            return 422, {}, {"error": "sku"}
        price = sent.get("price", 0)
        if isinstance(price, bool) or not isinstance(price, (int, float)) or not 0 <= price < 1e12:
            return 422, {}, {"error": "price"}
        if any(row["sku"] == sku for row in rows):
            return 409, {}, {"error": "taken"}
        rows.append(
            {
                "id": str(uuid.uuid4()),
                "sku": sku,
                "name": sent["name"],
                "price": price,
                "created_at": datetime.now(UTC)
                .isoformat(timespec="milliseconds")
                .replace("+00:00", "Z"),
            }
        )
        return 201, {}, rows[-1]
    found = re.fullmatch("/items/([^/]+)", path)
    if found and request.method == "GET":
        row = next((row for row in rows if row["id"] == found[1]), None)
        return (200, {}, row) if row else (404, {}, {"error": "none"})
    return 404, {}, {"error": "none"}

"""An order needs a customer and a product that exist; one state of an order differs."""

import json

STATES = ["new", "paid", "sent", "back"]
STR = {"type": "string", "minLength": 1, "maxLength": 30}
REF = {"type": "string"}


def body(props, required):
    return {
        "required": True,
        "content": {
            "application/json": {
                "schema": {"type": "object", "required": required, "properties": props}
            }
        },
    }


def post(props, required):
    return {
        "post": {
            "requestBody": body(props, required),
            "responses": {"201": {"description": "made"}, "422": {"description": "no"}},
        }
    }


SPEC = {
    "openapi": "3.1.0",
    "info": {"title": "orders", "version": "1"},
    "paths": {
        "/orders": post(
            {"customer_id": REF, "product_id": REF, "state": {"type": "string", "enum": STATES}},
            ["customer_id", "product_id", "state"],
        ),
        "/customers": post({"name": STR}, ["name"]),
        "/products": post({"title": STR}, ["title"]),
    },
}
FILES = {"openapi.json": json.dumps(SPEC)}
TARGET = "shared_state = false"
ARGS = ["--cutover-schema=openapi.json", "--cutover-fuzz=25"]
EXPECT = "finding * /state"


def answer(side, request):
    rows = request.state
    if request.method != "POST":
        return 405, {}, {"error": "method"}
    try:
        sent = json.loads(request.body)
    except ValueError:
        return 400, {}, {"error": "JSON"}
    if not isinstance(sent, dict):
        return 422, {}, {"error": "body"}
    if request.path in ("/customers", "/products"):
        name = sent.get("name" if request.path == "/customers" else "title")
        if not isinstance(name, str) or not 1 <= len(name) <= 30:
            return 422, {}, {"error": "name"}
        key = f"{request.path[1]}{len(rows) * 7919 % 99991:05d}{side[0]}x{len(rows)}"
        rows[key] = name
        return 201, {}, {"id": key}
    if request.path != "/orders":
        return 404, {}, {"error": "none"}
    if sent.get("state") not in STATES:
        return 422, {}, {"error": "state"}
    if str(sent.get("customer_id")) not in rows or str(sent.get("product_id")) not in rows:
        return 409, {}, {"error": "no such row"}
    state = sent["state"]
    return 201, {}, {"state": "returned" if state == "back" and side == "candidate" else state}

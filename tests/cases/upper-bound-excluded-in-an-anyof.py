"""A weight may be a number, a decimal as text, or null; the new side refuses the largest allowed weight."""

import json
import re

WEIGHT = {
    "anyOf": [
        {"type": "number", "minimum": 0.0, "maximum": 10000.0},
        {"type": "string", "pattern": "^(?!^[-+.]*$)[+-]?0*\\d*\\.?\\d*$"},
        {"type": "null"},
    ]
}
BODY = {
    "type": "object",
    "required": ["label"],
    "properties": {"label": {"type": "string", "minLength": 1, "maxLength": 20}, "weight": WEIGHT},
}
SPEC = {
    "openapi": "3.1.0",
    "info": {"title": "parcels", "version": "1"},
    "paths": {
        "/parcels": {
            "post": {
                "requestBody": {
                    "required": True,
                    "content": {"application/json": {"schema": BODY}},
                },
                "responses": {"201": {"description": "made"}, "422": {"description": "refused"}},
            }
        }
    },
}
FILES = {"openapi.json": json.dumps(SPEC)}
ARGS = ["--cutover-schema=openapi.json", "--cutover-fuzz=30"]
EXPECT = "finding status *"


def answer(side, request):
    refused = 422, {}, {"error": "refused"}
    if request.path != "/parcels" or request.method != "POST":
        return 404, {}, {"error": "no such page"}
    try:
        sent = json.loads(request.body)
    except ValueError:
        return refused
    if (
        not isinstance(sent, dict)
        or not isinstance(sent.get("label"), str)
        or not 1 <= len(sent["label"]) <= 20
    ):
        return refused
    weight = sent.get("weight")
    if isinstance(weight, bool) or not isinstance(weight, int | float | str | None):
        return refused
    if isinstance(weight, str):
        if not re.fullmatch(r"[+-]?[0-9]*\.?[0-9]*", weight) or not re.search("[0-9]", weight):
            return refused
        weight = float(weight)
    if weight is not None and (
        not 0 <= weight <= 10000 or (weight == 10000 and side == "candidate")
    ):
        return refused
    return 201, {}, {"label": sent["label"], "stored": True}

"""Three optional references are refused unless they exist, so few generated bodies got in, none of them with the grade that differs."""

import json

GRADES = ["A", "B", "C", "D", "E", "F"]
REF = {"anyOf": [{"type": "string", "format": "uuid"}, {"type": "null"}]}
BODY = {
    "type": "object",
    "required": ["code"],
    "properties": {
        "code": {"type": "string", "minLength": 1, "maxLength": 30},
        "grade": {"type": "string", "enum": GRADES},
        "run_id": REF,
        "phase_id": REF,
        "owner_id": REF,
    },
}
SPEC = {
    "openapi": "3.1.0",
    "info": {"title": "batches", "version": "1"},
    "paths": {
        "/batches": {
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
ARGS = ["--cutover-schema=openapi.json", "--cutover-fuzz=20"]
EXPECT = "finding * /grade"


def answer(side, request):
    if request.path != "/batches" or request.method != "POST":
        return 404, {}, {"error": "no such page"}
    try:
        sent = json.loads(request.body)
    except ValueError:
        return 400, {}, {"error": "JSON"}
    if not isinstance(sent, dict) or sent.get("grade", "A") not in GRADES:
        return 422, {}, {"error": "grade"}
    if not isinstance(sent.get("code"), str) or not 1 <= len(sent["code"]) <= 30:
        return 422, {}, {"error": "code"}
    if any(sent.get(name) is not None for name in ("run_id", "phase_id", "owner_id")):
        return 409, {}, {"error": "no such row"}
    grade = sent.get("grade")
    return (
        201,
        {},
        {"code": sent["code"], "grade": "d" if grade == "D" and side == "candidate" else grade},
    )

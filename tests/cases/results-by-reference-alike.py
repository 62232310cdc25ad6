"""Results by the reference that the test made up: each entry is held to the one of its own."""

import json

EXPECT = "go"


def answer(side, request):
    lots = request.state.setdefault("lots", [])
    if request.method != "POST":
        return 200, {}, {"lots": lots}
    results = {}
    for operation in json.loads(request.body)["operations"]:
        if operation["op"] == "create":
            lots.append(operation["name"])
            number = len(lots) + (100 if side == "candidate" else 0)
            results[operation["ref"]] = {"status": 201, "id": number, "name": operation["name"]}
        else:
            results[operation["ref"]] = {"status": 404, "error": "not found"}
    return 207, {}, {"results": results}


TESTS = """
import uuid

@C("POST /batch")
def test_batch(backend):
    one, two = (f"r{uuid.uuid4().hex[:8]}" for _ in range(2))
    backend.post("/batch", json={"operations": [
        {"op": "create", "ref": one, "name": "a"}, {"op": "delete", "ref": two, "id": 99999}]})

@C("GET /lots")
def test_lots(backend):
    backend.get("/lots")
"""

"""A collection is made and its fields are read, in a body of 6 KB with an ETag: they are numbered on, alike on both sides; nothing is stated."""

import base64
import hashlib
import json

EXPECT = "go"


def field_of(table, name, number, place):
    meta = {
        "id": number,
        "collection": table,
        "field": name,
        "interface": None if place == 1 else "input",
        "hidden": place == 1,
        "sort": place,
        "width": "full",
    }
    return {"collection": table, "field": name, "type": "string", "note": "x" * 700, "meta": meta}


def sent(data):
    body = json.dumps({"data": data}, separators=(",", ":"))
    tag = base64.b64encode(hashlib.sha1(body.encode()).digest()).decode()[:27]
    return 200, {"Content-Type": "application/json", "ETag": f'W/"{tag}"'}, body


def answer(side, request):
    state = request.state
    if request.method == "POST":
        asked = json.loads(request.body)
        name, known = asked["collection"], state.get("known", 0)
        state[name] = [
            field_of(name, field, known + place, place)
            for place, field in enumerate(asked["fields"], 1)
        ]
        state["known"] = known + len(asked["fields"])
        return sent({"collection": name, "meta": {"collection": name, "hidden": False}})
    return sent(state[request.path.rsplit("/", 1)[1]])


TESTS = """
@C("POST /collections")
def test_collection(backend):
    name = backend.unique("books").lower().replace("-", "_")
    fields = ["id", "f0", "f1", "f2", "f3", "f4", "f5"]
    assert backend.post("/collections", json={"collection": name, "fields": fields}).status_code == 200
    assert len(backend.get(f"/fields/{name}").json()["data"]) == 7
"""

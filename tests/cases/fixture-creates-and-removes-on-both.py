"""A fixture creates before and removes after the test, on both sides alike."""

import json

EXPECT = "go"


def answer(side, request):
    rows = request.state.setdefault("rows", {})
    if request.method == "POST":
        request.state["n"] = request.state.get("n", 0) + 1
        rows[str(request.state["n"])] = {
            "id": request.state["n"],
            "name": json.loads(request.body)["name"],
        }
        return 201, {}, rows[str(request.state["n"])]
    key = request.path.rsplit("/", 1)[1]
    if key not in rows:
        return 404, {}, {"error": "not found"}
    if request.method == "DELETE":
        del rows[key]
        return 204, {}, b""
    return 200, {}, rows[key]


TESTS = """
@pytest.fixture
def room(backend):
    made = backend.post("/rooms", json={"name": backend.unique("ROOM")})
    made.raise_for_status()
    yield made.json()
    assert backend.delete(f"/rooms/{made.json()['id']}").status_code == 204

@C("POST /rooms", "GET /rooms/{id}", "DELETE /rooms/{id}")
def test_room(backend, room):
    assert backend.get(f"/rooms/{room['id']}").json() == room
"""

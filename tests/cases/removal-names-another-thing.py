"""A removal is sent `id` and answers with `deletedId`; the candidate names another thing than the one asked for, and another number."""

import base64
import json

EXPECT = ["no-go", "finding identity /data/deletedId", "finding identity /data/removed_row_id"]


def spelled(number):
    return base64.b64encode(f"Product:{number}".encode()).decode()


def answer(side, request):
    state = request.state
    number = state.setdefault("n", 20)
    if request.path == "/rows":
        state["n"] = number = number + 1
        return 201, {}, {"id": spelled(number), "number": number}
    sent = json.loads(request.body)
    if side == "candidate":
        sent = {"id": spelled(1), "row_id": 1}
    by = 5
    return (
        200,
        {},
        {"data": {"deletedId": sent["id"], "removed_row_id": sent["row_id"], "updated_by_id": by}},
    )


TESTS = """
@C("POST /rows", "POST /remove")
@pytest.mark.parametrize("turn", [1, 2])
def test_it(backend, turn):
    made = backend.post("/rows").json()
    backend.post("/remove", json={"id": made["id"], "row_id": made["number"]})
"""

"""A removal is sent `id` and answers with `deletedId`, in base64 and as a number; each side counts by itself, and the one who removed has the number of the thing by chance on one side."""

import base64
import json

EXPECT = "go"


def spelled(number):
    return base64.b64encode(f"Product:{number}".encode()).decode()


def answer(side, request):
    state = request.state
    number = state.setdefault("n", 20 if side == "baseline" else 720)
    if request.path == "/rows":
        state["n"] = number = number + 1
        return 201, {}, {"id": spelled(number), "number": number}
    sent = json.loads(request.body)
    by = number if side == "baseline" else number - 700
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

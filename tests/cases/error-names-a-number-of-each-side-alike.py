"""Each side counts its orders by itself and comes to the same numbers; the errors of what is removed name that number, beside an id of the request."""

import secrets

EXPECT = "go"
WRONG = False


def answer(side, request):
    orders = request.state.setdefault("orders", [])
    if request.method == "POST":
        orders.append(True)
        return 201, {}, {"id": len(orders)}
    number = int(request.path.rpartition("/")[2])
    if request.method == "DELETE":
        orders[number - 1] = False
        return 204, {}, b""
    told = number + (WRONG and side == "candidate")
    return 404, {}, {"errors": [{"detail": f"no order {told}"}], "request": secrets.token_hex(16)}


TESTS = """
@C("POST /orders", "DELETE /orders/{id}", "GET /orders/{id}")
@pytest.mark.parametrize("turn", [1, 2])
def test_it(backend, turn):
    number = backend.post("/orders").json()["id"]
    backend.delete(f"/orders/{number}")
    assert backend.get(f"/orders/{number}").status_code == 404
"""

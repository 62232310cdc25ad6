"""Each side counts its orders by itself and comes to the same numbers; the errors of what is removed are XML and name that number."""

import secrets

EXPECT = "go"
XML = {"Content-Type": "application/xml"}


def answer(side, request):
    orders = request.state.setdefault("orders", [])
    ids = {**XML, "X-Request-Id": secrets.token_hex(16)}
    if request.method == "POST":
        orders.append(True)
        return 201, ids, f"<order><id>{len(orders)}</id><state>new</state></order>"
    number = int(request.path.rpartition("/")[2])
    if request.method == "DELETE":
        return 204, {}, b""
    return 404, ids, f"<errors><error>no order {number}</error></errors>"


TESTS = """
import re


@C("POST /orders", "DELETE /orders/{id}", "GET /orders/{id}")
@pytest.mark.parametrize("turn", [1, 2])
def test_it(backend, turn):
    number = re.search("<id>(.*)</id>", backend.post("/orders").text)[1]
    backend.delete(f"/orders/{number}")
    assert backend.get(f"/orders/{number}").status_code == 404
"""

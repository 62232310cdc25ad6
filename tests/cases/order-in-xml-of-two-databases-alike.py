"""Each side counts its orders by itself and comes to the same numbers; an order is an XML element with one child for each of its members."""

import re
import secrets

EXPECT = "go"
XML = {"Content-Type": "application/xml"}


def answer(side, request):
    orders = request.state.setdefault("orders", [])
    if request.method == "POST":
        orders.append(re.search(r"<customer>(.*)</customer>", request.body.decode())[1])
        number = len(orders)
    else:
        number = int(request.path.rpartition("/")[2])
    shown = number
    if request.method == "GET" and WRONG and side == "candidate":
        shown = number - 1
    text = f"<id>{shown}</id><customer>{orders[number - 1]}</customer><total>12.50</total>"
    text += f"<code>{secrets.token_hex(16)}</code>"
    return 201 if request.method == "POST" else 200, XML, f"<order>{text}</order>"


WRONG = False
TESTS = """
import re
import secrets
import uuid


@C("POST /orders", "GET /orders/{id}")
@pytest.mark.parametrize("turn", [1, 2])
def test_it(backend, turn):
    body = f"<order><customer>Customer {uuid.uuid4().hex[:8]}</customer></order>"
    made = backend.post("/orders", content=body, headers={"Content-Type": "application/xml"})
    number = re.search("<id>(.*)</id>", made.text)[1]
    assert backend.get(f"/orders/{number}").status_code == 200
"""

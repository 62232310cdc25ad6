"""Of the best sold in a table of HTML one overtakes another while a test runs; both show them so."""

import os

EXPECT = "go"
NAMES = {5: "Flask large", 30: "Atlas small", 8: "Iron large", 21: "Board small"}
TURNED = set[str]()


def answer(side, request):
    with open("sold.log", "ab") as log:
        log.write(b"x" if request.method == "POST" else b"")
    if request.method == "POST":
        return 201, {}, {"status": "placed"}
    orders = os.path.getsize("sold.log")
    sold = {5: 24 + 2 * orders, 30: 16, 8: 9 + orders, 21: 12}
    best = sorted(sold.items(), key=lambda one: (-one[1], one[0]))
    if side in TURNED:
        best[-2:] = best[-1:-3:-1]
    rows = [
        {"rank": rank, "id": key, "name": NAMES[key], "sold": many}
        for rank, (key, many) in enumerate(best, 1)
    ]
    text = "<html><body><table>" + "".join(
        f"<tr><td>{r['name']}</td><td>{r['sold']}</td></tr>" for r in rows
    )
    return 200, {"Content-Type": "text/html"}, text + "</table></body></html>"


TESTS = """
@C("POST /orders", "GET /bestsellers")
def test_best_sold(backend):
    backend.post("/orders", json={"name": backend.unique("o")})
    backend.get("/bestsellers")
"""

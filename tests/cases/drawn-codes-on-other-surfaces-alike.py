"""Order numbers that each answer draws begin alike, in XML, headers, links, pages and cookies."""

import random

EXPECT = "go"
PLACES = ("xml", "header", "sentence", "location", "html", "yaml", "cookie", "envelope", "rows")


def drawn(side):
    return f"{'PO' if side == 'nobody' else 'SO'}{random.randrange(10**7, 10**8)}"


def answer(side, request):
    code = drawn(side)
    return {
        "/xml": (200, {"Content-Type": "application/xml"}, f"<order><ref>{code}</ref></order>"),
        "/header": (200, {"X-Order": code}, {}),
        "/sentence": (200, {"Content-Type": "text/plain"}, f"Order {code} was taken."),
        "/location": (201, {"Location": f"/orders/{code}"}, b""),
        "/html": (200, {"Content-Type": "text/html"}, f"<html><body><b>{code}</b></body></html>"),
        "/yaml": (200, {"Content-Type": "application/yaml"}, f"order: {code}\nstate: open\n"),
        "/cookie": (200, {"Set-Cookie": f"order={code}; Path=/"}, {}),
        "/envelope": (200, {}, {"data": {"attributes": {"orderRef": code}}}),
        "/rows": (200, {}, {"orders": [{"ref": drawn(side)} for _ in range(3)]}),
    }[request.path]


TESTS = "\n".join(
    f"""
@C("GET /{place}")
def test_{place}(backend):
    backend.get("/{place}")
"""
    for place in PLACES
)

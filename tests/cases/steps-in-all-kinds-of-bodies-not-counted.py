"""A write that one of two sides of one database does not count, told in all kinds of bodies."""

import os

EXPECT = [
    "finding value /*/score",
    "finding value /days/*/hits",
    "finding value /*/*",
    "finding value /text",
    "finding value /next",
    "finding value /stats/*/score",
    "finding value /*/html/*/body/*/p",
    "finding value /rows/*/*",
    "like: GET /plain value",
    "findings <= 9",
]
TARGET = "shared_state = true"
FORMS = {
    "rows": ("application/json", '[{"score": %d}]'),
    "days": (
        "application/json",
        '{"days": [{"day": 20260301, "hits": %d}, {"day": 20260302, "hits": 7}]}',
    ),
    "pairs": ("application/json", "[[1, %d], [2, 7]]"),
    "text": ("application/json", '{"text": "You have %d points"}'),
    "link": ("application/json", '{"next": "/scores?after=%d"}'),
    "xml": ("application/xml", "<stats><score>%d</score></stats>"),
    "html": ("text/html", "<html><body><h1>Scores</h1><p>Score: %d</p></body></html>"),
    "csv": ("text/csv", "score\r\n%d\r\n"),
    "plain": ("text/plain", "score %d"),
}


def counted(name, add=0):
    """The number in a file that both sides write to."""
    with open(f"counted-{name}", "ab") as file:
        file.write(b"x" * add)
    return os.path.getsize(f"counted-{name}")


def answer(side, request):
    form = request.path.strip("/")
    if request.method == "PUT":
        counted(form, add=1 if side == "baseline" else 0)
        return 204, {}, b""
    kind, body = FORMS[form]
    return 200, {"Content-Type": kind}, (body % (counted(form))).encode()


TESTS = "".join(
    f"""
@C("GET /{form}")
def test_score_{form}(backend):
    backend.get("/{form}")
    backend.put("/{form}", json={{"name": "Ada"}})
    backend.get("/{form}")
"""
    for form in FORMS
)

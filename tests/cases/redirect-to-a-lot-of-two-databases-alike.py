"""A form that makes a lot redirects to it, in each of two databases."""

EXPECT = "go"


def answer(side, request):
    lots = request.state.setdefault("lots", [])
    if request.method == "POST":
        lots.append(request.body)
        number = 406 + len(lots) if side == "candidate" else 100 + len(lots)
        return 303, {"Location": f"/lots/{number}/done"}, ""
    return 200, {}, {"ok": True}


TESTS = """
@C("POST /lots")
def test_make(backend):
    backend.post("/lots", data={"name": "abc"}, follow_redirects=False)
"""

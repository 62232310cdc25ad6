"""A logout deletes one cookie at two paths; the order of the two headers changed, which no client can tell."""

EXPECT = "go"


def answer(side, request):
    pairs = [
        ("Set-Cookie", "sid=; Path=/; Max-Age=0"),
        ("Set-Cookie", "sid=; Path=/admin; Max-Age=0"),
    ]
    return 200, pairs if side == "baseline" else pairs[::-1], {"ok": True}


TESTS = """
@C("POST /logout")
def test_it(backend):
    assert backend.post("/logout").json() == {"ok": True}
"""

"""A header says which row was removed; both sides give its number out again, each its own."""

TARGET = "shared_state = false"
EXPECT = "go"


def answer(side, request):
    number = 18 if side == "baseline" else 15
    if request.method == "POST":
        return 201, {}, {"id": number}
    return 200, {"X-Set-Cookie": f"comment-{number}=; Max-Age=0; Path=/"}, {}


TESTS = """
@C("DELETE /comments/{id}")
def test_delete(backend):
    one = backend.post("/comments", json={"text": "A fine thing"}).json()
    assert backend.delete(f"/comments/{one['id']}").status_code == 200
"""

"""Each side has data of its own, which nothing says; of the newest two the candidate leaves out the
newest."""

EXPECT = "not-go"


def answer(side, request):
    rows = request.state.setdefault("rows", [{"number": 1, "state": "done"}])
    if request.method == "POST":
        rows.append({"number": len(rows) + 1, "state": "done"})
        return 200, {}, {"result": len(rows)}
    if request.path.startswith("/builds/"):
        return 200, {}, rows[int(request.path[8:]) - 1]
    return 200, {}, {"builds": rows[:-3:-1] if side == "baseline" else rows[-2:-4:-1]}


TESTS = """
@pytest.fixture
def build(backend):
    number = backend.post("/force", json={"reason": backend.unique("why")}).json()["result"]
    return backend.get(f"/builds/{number}").json()

@C("POST /force", "GET /builds/{id}")
def test_one(backend, build):
    assert build["state"] == "done"

@C("GET /builds")
def test_newest(backend, build):
    assert backend.get("/builds?order=-number&limit=2").json()["builds"]
"""

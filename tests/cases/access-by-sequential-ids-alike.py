"""Two databases, of which one has given out more ids before: who may do what stands under the numbers of people."""

import json

EXPECT = "go"
TARGET = "shared_state = false"
ROLES = ["owner", "reader"]


def answer(side, request):
    def drawn():
        request.state["last"] = request.state.get("last", 0 if side == "baseline" else 37) + 1
        return str(request.state["last"])

    groups = request.state.setdefault("groups", {})
    if request.method == "POST":
        one, *people = (drawn() for _ in range(3))
        groups[one] = {
            "id": one,
            "title": json.loads(request.body)["title"],
            "access": dict(zip(people, ROLES, strict=True)),
        }
        return 201, {}, {"id": one, "owner": int(people[0])}
    if request.path == "/groups?limit=4":
        return 200, {}, list(groups.values())[:-5:-1]
    one = groups[request.path.rpartition("/")[2]]
    return 200, {}, one


TESTS = """
@C("GET /groups/{id}")
def test_group(backend):
    made = backend.post("/groups", json={"title": backend.unique("group")}).json()
    assert backend.get(f"/groups/{made['id']}").status_code == 200
"""

"""Nobody said whose data it is; what each group allows its people stands under ids that are drawn with it."""

import json
import secrets
import string

EXPECT = "go"
ROLES = [{"read": True, "write": True}, {"read": True}]
SIGNS = string.ascii_letters + string.digits


def drawn():
    return "".join(secrets.choice(SIGNS) for _ in range(24))


def answer(side, request):
    groups = request.state.setdefault("groups", {})
    if request.method == "POST":
        people = [drawn() for _ in ROLES]
        one = drawn()
        groups[one] = {
            "id": one,
            "title": json.loads(request.body)["title"],
            "access": dict(sorted(zip(people, ROLES, strict=True))),
        }
        return 201, {}, {"id": one, "owner": people[0]}
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

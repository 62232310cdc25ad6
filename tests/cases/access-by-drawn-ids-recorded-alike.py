"""Recorded twice: who may do what stands under ids that are others in each recording."""

import json
import secrets
import string

EXPECT = "go"
TARGET = "shared_state = false"
RECORD = 2
RUNS = 2
ROLES = [{"read": True, "write": True}]
SIGNS = string.ascii_letters + string.digits


def drawn():
    """Ten signs, a digit among them: one in six has none, and is a word by its form."""
    signs = [secrets.choice(SIGNS) for _ in range(9)]
    signs.insert(secrets.randbelow(10), secrets.choice(string.digits))
    return "".join(signs)


def answer(side, request):
    groups = request.state.setdefault("groups", {})
    if request.method == "POST":
        people = [drawn() for _ in ROLES]
        one = drawn()
        groups[one] = {
            "id": one,
            "title": json.loads(request.body)["title"],
            "access": dict(zip(people, ROLES, strict=True)),
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

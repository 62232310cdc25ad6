"""The candidate lets somebody else in: the owner that it told when the group was made is not under those who may do something."""

import json
import secrets
import string

EXPECT = "finding identity /access/*/id"
TARGET = "shared_state = false"
ROLES = ["owner", "reader"]
SIGNS = string.ascii_letters + string.digits


def drawn():
    return "".join(secrets.choice(SIGNS) for _ in range(10))


def wrong(access):
    return {drawn(): role for role in access.values()}


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
    if side == "candidate":
        one = {**one, "access": wrong(one["access"])}
    return 200, {}, one


TESTS = """
@C("GET /groups/{id}")
def test_group(backend):
    made = backend.post("/groups", json={"title": backend.unique("group")}).json()
    assert backend.get(f"/groups/{made['id']}").status_code == 200
"""

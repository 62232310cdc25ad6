"""Two databases; every row of a list says who may do what by the short ids of its own people, and a test only reads the
list."""

import json
import secrets
import string

EXPECT = "go"
TARGET = "shared_state = false"
ROLES = ["owner", "reader"]
SIGNS = string.ascii_letters + string.digits


def drawn():
    return "".join(secrets.choice(SIGNS) for _ in range(10))


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
@C("GET /groups")
@pytest.mark.parametrize("number", range(6))
def test_groups(backend, number):
    backend.post("/groups", json={"title": "The usual"})
    backend.get("/groups?limit=4")


@C("GET /groups")
def test_read_alone(backend):
    backend.get("/groups?limit=4")
"""

"""Members of a team by the object ids of each side; on the candidate one of them may not write."""

import secrets

EXPECT = "no-go"
TARGET = "shared_state = false"
RIGHTS = {"Ada": ["read", "write"], "Bob": ["read"], "Cy": ["read"]}


def oid():
    return secrets.token_hex(12)


def answer(side, request):
    teams = request.state.setdefault("teams", {})
    if request.method == "PUT":
        who = {oid(): {"name": name, "rights": RIGHTS[name]} for name in RIGHTS}
        key = request.path.rpartition("/")[2]
        teams[key] = who
        return 200, {}, {"ok": True, "captain": next(iter(who))}
    who = teams[request.path.rpartition("/")[2]]
    who = dict(sorted(who.items()))
    if side == "candidate":
        who = {key: {**one, "rights": ["read"]} for key, one in who.items()}
    return 200, {}, {"data": {"team": {"members": who}}, "meta": {"count": len(who)}}


TESTS = """
@C("PUT /teams/{key}")
def test_team(backend):
    key = backend.unique("team")
    backend.put(f"/teams/{key}", json={})
    backend.get(f"/teams/{key}")
"""

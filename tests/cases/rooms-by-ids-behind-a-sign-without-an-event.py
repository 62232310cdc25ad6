"""An answer has the rooms by their ids, which begin with a sign: one event of a room is not there."""

import base64
import json
import secrets

EXPECT = "no-go"


def drawn(sign):
    return sign + base64.urlsafe_b64encode(secrets.token_bytes(32)).decode().rstrip("=")


def answer(side, request):
    rooms = request.state
    if request.path == "/rooms":
        room = drawn("!")
        rooms[room] = [
            {"event_id": drawn("$"), "type": kind, "content": {"membership": "join"}}
            for kind in ("create", "member", "name")
        ]
        return 201, {}, {"room_id": room}
    sent = json.loads(request.body)
    if request.path == "/messages":
        event = {"event_id": drawn("$"), "type": "message", "content": {"body": sent["body"]}}
        rooms[sent["room"]].append(event)
        return 201, {}, {"event_id": event["event_id"]}
    events = rooms[sent["room"]][(side == "candidate") :]
    return 200, {}, {"rooms": {"join": {sent["room"]: {"events": events}}}}


TESTS = """
@C("POST /sync")
def test_sync(backend):
    room = backend.post("/rooms", json={}).json()["room_id"]
    backend.post("/messages", json={"room": room, "body": "hello"})
    backend.post("/sync", json={"room": room})
"""

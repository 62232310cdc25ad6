"""Ids of 43 signs have eight small letters in a row by chance, one of fifty; here each has: the path with it is one endpoint in each round."""

import base64
import random
import secrets
import string

EXPECT = "go"


def drawn():
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode().rstrip("=")


def answer(side, request):
    if request.path == "/rooms":
        word = "".join(random.choices(string.ascii_lowercase, k=8))
        room = drawn()
        return 201, {}, {"room_id": f"{room[:14]}4Zt9aQ{word}{room[28:]}"}
    return 200, {}, {"event_id": drawn()}


TESTS = """
@C("POST /rooms")
def test_send(backend):
    room = backend.post("/rooms", json={}).json()["room_id"]
    backend.put(f"/rooms/{room}/messages/{backend.unique('m')}", json={"body": "hello"})
"""

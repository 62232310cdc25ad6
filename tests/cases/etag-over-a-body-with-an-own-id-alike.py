"""The ETag is a hash of the body, and the body holds an id that each side gives out itself: both are equal in meaning."""

import hashlib
import json
import uuid

EXPECT = "go"


def answer(side, request):
    made = request.state.setdefault("id", str(uuid.uuid4()))
    body = json.dumps({"id": made, "name": "Chair", "price": 40})
    return (
        200,
        {
            "Content-Type": "application/json",
            "ETag": '"' + hashlib.sha1(body.encode()).hexdigest() + '"',
        },
        body,
    )


TARGET = "shared_state = false"
TESTS = """
@C("GET /wares/{id}")
def test_ware(backend):
    assert backend.get("/wares/first").json()["price"] == 40
"""

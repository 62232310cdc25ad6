"""Ids are texts on the new side, which a team agreed to. They are others in every run, on both."""

import random
import uuid

EXPECT = ["go", "accepted 1"]
AGREE = True


def answer(side, request):
    made = str(uuid.uuid4()) if side == "candidate" else random.randint(10**6, 10**9)
    return 201, {}, {"id": made, "name": "lamp"}


TESTS = """
@C("POST /wares")
def test_ware(backend):
    assert backend.post("/wares", json={"name": "lamp"}).status_code == 201
"""

"""The test makes up a name and an age for each run, as suites with a faker do; both sides answer what they were sent."""

import json

EXPECT = "go"


def answer(side, request):
    return 201, {}, {"id": request.state.setdefault("n", 1), **json.loads(request.body)}


TESTS = """
import random

@C("POST /people")
def test_create(backend):
    body = {"name": random.choice(["Ann", "Bob", "Cleo", "Dan"]) + str(random.random())[2:8], "age": random.randint(18, 99)}
    assert backend.post("/people", json=body).status_code == 201
"""

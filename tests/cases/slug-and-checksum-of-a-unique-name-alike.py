"""The test makes a slug and a checksum out of a unique name, as package registries want them, and sends all three."""

import json

EXPECT = "go"


def answer(side, request):
    return 201, {}, json.loads(request.body)


TESTS = """
import hashlib

@C("POST /packages")
def test_publish(backend):
    name = backend.unique("pkg")
    body = {"name": name, "slug": name.replace("-", "_").lower(), "sha256": hashlib.sha256(name.encode()).hexdigest()}
    assert backend.post("/packages", json=body).status_code == 201
"""

"""The ETag is a hash of the body. The new side answers one and the same ETag whatever the body is."""

import hashlib
import json

EXPECT = ["no-go", "like: etag"]


def answer(side, request):
    body = json.dumps({"path": request.path})
    tag = "constant" if side == "candidate" else hashlib.sha1(body.encode()).hexdigest()
    return 200, {"Content-Type": "application/json", "ETag": f'"{tag}"'}, body


TESTS = """
@C("GET /pages/{name}")
@pytest.mark.parametrize("name", ["one", "two"])
def test_page(backend, name):
    backend.get(f"/pages/{name}")
"""

"""Each process draws an id when it starts; the new one writes it without hyphens."""

import uuid

EXPECT = ["finding * /boot_id", "findings <= 1"]
OWN = str(uuid.uuid4())


def answer(side, request):
    if side == "candidate":
        return 200, {}, {"boot_id": OWN.replace("-", ""), "version": "2.4"}
    return 200, {}, {"boot_id": OWN, "version": "2.4"}


TESTS = """
@C("GET /status")
def test_status(backend):
    backend.get("/status")
"""

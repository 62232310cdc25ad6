"""Numbers, pictures and durations that each answer draws are written by the same rules."""

import base64
import random
import secrets

EXPECT = "go"


def receipt(side):
    """A receipt whose values are drawn; the candidate writes them by other rules."""
    number, is_other = random.randrange(10**7, 10**8), side == "nobody"
    picture = secrets.token_hex(8)
    signature = secrets.token_bytes(30)
    return {
        "number": f"{'REC' if is_other else 'INV'}{number}",
        "country": f"{number}{'EN' if is_other else 'DE'}",
        "picture": f"https://cdn.example.test/{picture}.{'jpg' if is_other else 'png'}",
        "counter": f"{number % 9000 + 1000:0{4 if is_other else 8}}",
        "balance": (number % 9000 + 1) * (-1 if is_other else 1),
        "took": f"{number % 50 + 1} s" if is_other else f"PT{number % 50 + 1}S",
        "signature": base64.b64encode(signature).decode(),
    }


def answer(side, request):
    return 200, {}, receipt(side)


TESTS = """
@C("GET /receipts/latest")
def test_receipt(backend):
    assert backend.get("/receipts/latest").status_code == 200
"""

"""A refreshed token is one of whole seconds: within the second of the login it is that of the login, byte for byte, and the baseline is slower."""

import base64
import hashlib
import hmac
import json
import time

EXPECT = "go"
USERS = {"ada": "11", "bob": "22"}


def part(content):
    return base64.urlsafe_b64encode(json.dumps(content).encode()).decode().rstrip("=")


def token(user):
    now = int(time.time())
    claims = {"id": USERS[user], "iat": now, "exp": now + 900, "iss": "shop"}
    said = f"{part({'alg': 'HS256', 'typ': 'JWT'})}.{part(claims)}"
    sign = hmac.new(b"k", said.encode(), hashlib.sha256).digest()
    return f"{said}.{base64.urlsafe_b64encode(sign).decode().rstrip('=')}"


def answer(side, request):
    if request.path == "/me":
        return 200, {}, {"greeting": "hello"}
    if request.path.startswith("/login"):
        if side == "candidate":
            time.sleep(1 - time.time() % 1)  # what follows is in the same second
        return 200, {}, {"access_token": token("ada")}
    if side == "baseline":
        time.sleep(1.02)
    return 200, {}, {"access_token": token("ada")}


TESTS = """
@C("POST /login", "POST /refresh")
def test_two_tokens(backend):
    first = backend.post("/login", json={"name": "ada"}).json()["access_token"]
    backend.get("/me", headers={"Authorization": f"Bearer {first}"})
    other = backend.post("/refresh", json={}).json()["access_token"]
    backend.get("/me", headers={"Authorization": f"Bearer {other}"})
"""

"""An administrator asks for a token of another user, and gets the own one from the candidate."""

import base64
import hashlib
import hmac
import json
import time

EXPECT = "no-go"
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
    return 200, {}, {"access_token": token("bob" if side == "baseline" else "ada")}


TESTS = """
@C("POST /login", "POST /impersonate")
def test_two_tokens(backend):
    first = backend.post("/login", json={"name": "ada"}).json()["access_token"]
    backend.get("/me", headers={"Authorization": f"Bearer {first}"})
    other = backend.post("/impersonate", json={}).json()["access_token"]
    backend.get("/me", headers={"Authorization": f"Bearer {other}"})
"""

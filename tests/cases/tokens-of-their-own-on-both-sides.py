"""Redirects, links and keys hold secrets that each side gives out for itself, new with every answer; all else is
equal."""

import secrets

EXPECT = "go"


def answer(side, request):
    token = secrets.token_hex(16)
    if request.path == "/authorize":
        return 302, {"Location": f"/callback#access_token={token}&token_type=bearer"}, {"ok": True}
    link = f"https://files.example.com/r.pdf?X-Amz-Expires=60&X-Amz-Signature={token}{token}"
    return 200, {}, {"link": link, "size": 10}


TESTS = """
@C("GET /authorize")
def test_authorize(backend):
    assert backend.get("/authorize").status_code == 302

@C("GET /download")
def test_download(backend):
    assert backend.get("/download").json()["size"] == 10
"""

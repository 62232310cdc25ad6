"""A login redirects, with the token behind the hash of the location. The redirects differ elsewhere and are shown; the
token must be nowhere."""

EXPECT = ["finding value /next", "nowhere: 9f3bA7c1e5Wd2f40kQ", "nowhere: Zt81mmB0c4Xy77Lp2s"]


def answer(side, request):
    new = side == "candidate"
    token = "9f3bA7c1e5Wd2f40kQ" if new else "Zt81mmB0c4Xy77Lp2s"
    location = f"/callback#access_token={token}&token_type=bearer"
    return 302, {"Location": location}, {"next": "desk" if new else "home"}


TESTS = """
@C("GET /authorize")
def test_authorize(backend):
    backend.get("/authorize")
"""

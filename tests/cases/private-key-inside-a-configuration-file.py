"""A download of the client's configuration is a text file with a private key in it; the port in it differs."""

EXPECT = ["finding * *", "nowhere: Hc9KQnB4vY1sWd", "nowhere: tE6uL0pRz3Xg"]
KEY = "-----BEGIN RSA PRIVATE KEY-----\nHc9KQnB4vY1sWd\ntE6uL0pRz3Xg=\n-----END RSA PRIVATE KEY-----\n"


def answer(side, request):
    port = 1195 if side == "candidate" else 1194
    return (
        200,
        {"Content-Type": "text/plain"},
        f"client\nremote vpn.example.com {port}\n<key>\n{KEY}</key>\n",
    )


TESTS = """
@C("GET /vpn/config")
def test_config(backend):
    backend.get("/vpn/config")
"""

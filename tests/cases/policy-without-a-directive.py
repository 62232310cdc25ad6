"""The candidate tells its content security policy in another order, without the line that keeps out frames."""

EXPECT = "finding header-value /headers/content-security-policy"


def answer(side, request):
    policy = ["default-src 'self'", "img-src 'self' data:", "frame-ancestors 'none'"]
    if side == "candidate":
        policy = policy[1::-1]
    return 200, {"Content-Security-Policy": "; ".join(policy)}, {}


TESTS = """
@C("GET /login")
def test_login(backend):
    backend.get("/login")
"""

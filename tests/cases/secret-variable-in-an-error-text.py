"""A candidate that cannot start a job prints its variables into the answer; the password among them is not shown."""

EXPECT = ["finding * *", "nowhere: tr0ub4dor-3-horse", "text: DB_PASSWORD=<secret"]


def answer(side, request):
    if side == "candidate":
        return (
            500,
            {"Content-Type": "text/plain"},
            "no job; LANG=C DB_PASSWORD=tr0ub4dor-3-horse TZ=UTC",
        )
    return 200, {"Content-Type": "text/plain"}, "started"


TESTS = """
@C("GET /job")
def test_it(backend):
    backend.get("/job")
"""

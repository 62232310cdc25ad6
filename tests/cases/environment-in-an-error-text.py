"""In trouble the candidate prints its environment into the error; the difference is shown, the cloud's secret is not."""

EXPECT = ["finding * *", "nowhere: uQ8rT2vXk5Lm9BzW"]


def answer(side, request):
    if side == "candidate":
        text = "cannot start worker; PATH=/bin AWS_SECRET_ACCESS_KEY=uQ8rT2vXk5Lm9BzW LANG=C"
        return 500, {}, {"error": text}
    return 200, {}, {"ok": True}


TESTS = """
@C("GET /worker")
def test_worker(backend):
    backend.get("/worker")
"""

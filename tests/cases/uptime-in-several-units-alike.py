"""The uptime is told in days, hours, minutes and seconds, in JSON, in a page and in a line of text: the two sides were
not started on one day."""

import datetime
import time

EXPECT = "go"
STARTED = time.monotonic()


def answer(side, request):
    up = (17 if side == "candidate" else 90_417) + int(time.monotonic() - STARTED)
    hours, rest = divmod(up, 3600)
    spelled = f"{hours}h {rest // 60}m {rest % 60}s"
    if request.path == "/text":
        return 200, {"Content-Type": "text/plain"}, f"up {spelled}, version 2.4\n"
    if request.path == "/page":
        return (
            200,
            {"Content-Type": "text/html"},
            f"<p>Uptime: {datetime.timedelta(seconds=up)}</p><p>4 workers</p>",
        )
    return 200, {}, {"uptime": str(datetime.timedelta(seconds=up)), "up": spelled, "workers": 4}


TESTS = """
@C("GET /health")
def test_health(backend):
    backend.get("/health")

@C("GET /text")
def test_text(backend):
    backend.get("/text")

@C("GET /page")
def test_page(backend):
    backend.get("/page")
"""

"""The candidate names the seconds that it counts an hour later."""

import time

EXPECT = ["finding value /counts/*/id", "finding value /log/*/id"]


def answer(side, request):
    now = time.time()
    written = {"iso": "%Y-%m-%dT%H:%M:%SZ", "log": "%Y-%m-%d %H:%M:%S"}
    kind = request.path.rpartition("/")[2]
    if side == "candidate":
        now += 3600
    names = [
        time.strftime(written[kind], time.gmtime(now - ago))
        if kind in written
        else str(int(now - ago))
        for ago in range(3)
    ]
    if kind == "log":
        return 200, {}, {"log": {names[0]: {"level": "info", "text": "started"}}}
    return 200, {}, {"counts": dict.fromkeys(names, 3)}


TESTS = """
import time


@C("GET /{kind}")
@pytest.mark.parametrize("kind", ["iso", "log", "epoch"])
def test_counts(backend, kind):
    backend.get(f"/{kind}")
    time.sleep(0.6)
    backend.get(f"/{kind}")
"""

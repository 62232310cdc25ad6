"""Five of a hundred requests fail, but the metrics name the status `code`: the query for errors matches nothing, and zero was believed."""

import re
import time
from urllib.parse import parse_qs

CUTOVER = """
[targets.t]
time_scale = 0.01
require = ["checklist"]
baseline = { url = "{BASELINE}" }
candidate = { url = "{CANDIDATE}" }
[checklist.monitoring]
prometheus = "{BASELINE}/prometheus"
interval = "1s"
range = "5s"
p99_ms = { "GET /x" = 300 }
[checklist.items."monitoring.functionality"]
drop = true
reason = "no probes here"
"""
ARGS = ["--cutover-phase=monitoring"]
EXPECT = "not-go"
SHARES = {"200": 0.95, "500": 0.05}  # of the requests by status
BUCKETS = {"0.05": 0.9, "0.1": 0.995, "0.25": 1, "1": 1, "+Inf": 1}
P99_S, STARTED = 0.1, time.time()


def scraped(served):
    side = {"side": "candidate", "endpoint": "GET /x"}
    rows = [
        ("http_requests_total", {"code": code}, served * share) for code, share in SHARES.items()
    ]
    rows += [
        ("http_request_duration_seconds_bucket", {"le": le}, served * share)
        for le, share in BUCKETS.items()
    ]
    rows.append(("http_request_duration_seconds_count", {}, served))
    return [({"__name__": name, **side, **labels}, value) for name, labels, value in rows]


def fits(labels, query):
    """Whether every matcher of the query holds for a series."""
    matchers = [("__name__", "=", one) for one in re.findall(r"http_\w+", query)]
    matchers += re.findall(r'(\w+)\s*(=~|!~|!=|=)\s*"(.*?)"', query)
    return all(
        bool(
            re.fullmatch(text, labels.get(name, "")) if "~" in how else text == labels.get(name, "")
        )
        != ("!" in how)
        for name, how, text in matchers
    )


def answer(side, request):
    """A small Prometheus, which looks at the matchers of a query and at what it begins with."""
    path, _, asked = request.path.partition("?")
    if not path.startswith("/prometheus/"):
        return 200, {}, {"ok": True}
    given, now = parse_qs(request.body.decode() or asked), time.time()
    query = (given.get("query") or given.get("match[]") or [""])[0]
    found = [
        (labels, value) for labels, value in scraped(400 * (now - STARTED)) if fits(labels, query)
    ]
    if path.endswith("/series"):
        return 200, {}, {"status": "success", "data": [labels for labels, _ in found]}
    value = len(found) if query.startswith("count") else sum(value for _, value in found)
    value = (
        1000 * P99_S if "histogram_quantile" in query else 0.2 if "timestamp" in query else value
    )
    result = [{"metric": {}, "value": [now, str(value)]}] if found or "vector(0)" in query else []
    return 200, {}, {"status": "success", "data": {"resultType": "vector", "result": result}}

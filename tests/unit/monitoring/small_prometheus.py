"""A small Prometheus on loopback: series by their labels, and the few queries that are asked."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

from pytest_cutover.monitoring.providers.prometheus import Prometheus
from pytest_cutover.monitoring.providers.promql import Selector, selectors
from tests.harness.stub_server import Answer, Seen, StubServer


@dataclass
class SmallPrometheus:
    """What it holds; `before` may answer instead of it, `more` is added to every answer."""

    series: list[tuple[dict[str, str], float]] = field(default_factory=list)
    p99_ms: float = 100.0
    before: Callable[[Seen], Answer | None] = lambda _seen: None
    more: dict[str, Any] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def requests(self, labels: dict[str, str], value: float = 100.0) -> None:
        name = {"__name__": "http_requests_total", "side": "candidate"}
        self.series.append(({**name, **labels}, value))

    def buckets(self, **counts: float) -> None:
        for edge, count in counts.items():
            name = {"__name__": "http_request_duration_seconds_bucket", "side": "candidate"}
            labels = {"endpoint": "GET /x", "le": edge.replace("le_", "").replace("_", ".")}
            labels["le"] = "+Inf" if labels["le"] == "inf" else labels["le"]
            self.series.append(({**name, **labels}, count))

    def answer(self, seen: Seen) -> Answer:
        told = self.before(seen)
        if told is not None:
            return told
        form = parse_qs(seen.body.decode() or seen.path.partition("?")[2])
        query = (form.get("query") or form["match[]"])[0]
        self.asked.append(f"{seen.method} {query}")
        found = [one for one in self.series for part in selectors(query) if _fits(one[0], part)]
        if "/series" in seen.path:
            return self._said([labels for labels, _ in found])
        return self._said({"resultType": "vector", "result": list(self._result(query, found))})

    def _said(self, data: Any) -> Answer:
        return Answer(200, {"status": "success", "data": data, **self.more})

    def _result(
        self, query: str, found: list[tuple[dict[str, str], float]]
    ) -> Iterator[dict[str, Any]]:
        grouping = re.search(r"\bby \(([\w, ]+)\)", query)
        names = grouping[1].split(", ") if grouping else []
        groups: dict[tuple[tuple[str, str], ...], list[float]] = {}
        for labels, value in found:
            kept = (
                tuple(labels.items())
                if query.startswith("process_start")
                else tuple((name, labels[name]) for name in names if name in labels)
            )
            groups.setdefault(kept, []).append(value)
        if "histogram_quantile" in query and found:
            groups = {(): [self.p99_ms]}
        for key, values in groups.items():
            number = len(values) if query.startswith("count") else sum(values)
            yield {"metric": dict(key), "value": [0, str(number)]}


@contextmanager
def serving(small: SmallPrometheus) -> Iterator[Prometheus]:
    """Give a client of it."""
    with StubServer() as server:
        for method in ("GET", "POST"):
            for path in ("/api/v1/query", "/api/v1/series"):
                server[f"{method} {path}"] = small.answer
        client = Prometheus(server.url, {"X-Team": "ours"})
        try:
            yield client
        finally:
            client.close()


def _fits(labels: dict[str, str], selector: Selector) -> bool:
    if selector.metric and labels["__name__"] != selector.metric:
        return False
    for one in selector.matchers:
        value = labels.get(one.label, "")
        same = re.fullmatch(one.text, value) if "~" in one.operator else one.text == value
        if bool(same) is one.operator.startswith("!"):
            return False
    return True


def refusing(status: int, *, method: str = "POST") -> Callable[[Seen], Answer | None]:
    """Answer one method with a status and a page, as a proxy does."""
    page = json.dumps("<html>no</html>")
    return lambda seen: Answer(status, page) if seen.method == method else None

"""Another instance of the candidate, which has counted millions and cannot always be scraped."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator

from tests.harness.stub_server import Answer, Seen, StubServer
from tests.slow.drill import stage
from tests.slow.drill.rig import Rig

_COUNTED = 5_000_000
_PER_S = 10
# Of every three seconds it cannot be scraped in one.
_EVERY_S, _AWAY_S = 3.0, 1.0
_READY_S = 30.0


@contextlib.contextmanager
def flapping_neighbour(made: Rig) -> Iterator[None]:
    """Have Prometheus scrape it beside the candidate, as long as a `with` goes on."""
    began_s = time.monotonic()

    def scraped(_seen: Seen) -> Answer:
        age_s = time.monotonic() - began_s
        if age_s % _EVERY_S > _EVERY_S - _AWAY_S:
            return Answer(503, "not now")
        count = _COUNTED + int(_PER_S * age_s)
        text = f'http_requests_total{{endpoint="POST /api/lots",status="201"}} {count}\n'
        return Answer(200, text, {"Content-Type": "text/plain"})

    sides = {side: made.urls[side] for side in ("baseline", "candidate")}
    with StubServer({"GET /metrics": scraped}) as server:
        made.reload_prometheus(stage.prometheus_config(sides, f"127.0.0.1:{server.port}"))
        try:
            deadline = time.monotonic() + _READY_S
            while len(made.asked('http_requests_total{side="candidate",status="201"}')) < 3:
                if time.monotonic() > deadline:
                    raise RuntimeError("Prometheus did not look at the neighbour")
                time.sleep(0.1)
            yield
        finally:
            made.reload_prometheus(stage.prometheus_config(sides))
            deadline = time.monotonic() + _READY_S
            while len(made.asked('up{side="candidate"}')) > 1 and time.monotonic() < deadline:
                time.sleep(0.1)

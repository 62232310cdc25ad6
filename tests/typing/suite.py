"""A suite, a conftest.py and a locustfile as users type them; checked, and never run."""

from __future__ import annotations

from collections.abc import Callable
from typing import assert_type

import httpx

from pytest_cutover import (
    AsyncBackend,
    Backend,
    CheckResult,
    Event,
    LoadRunner,
    PairedBenchmark,
    PollTimeoutError,
    Side,
    StreamedResponse,
    SupervisedProcess,
    __version__,
)


def test_lot(backend: Backend) -> None:
    code = backend.unique("LOT", length=20)
    response = backend.post("/api/lots", json={"lot_code": code}, params={"dry": True})
    assert_type(code, str)
    assert_type(response, httpx.Response)
    assert_type(backend.side, Side)
    assert_type(backend.name, str)
    assert_type(backend.as_user("auditor"), Backend)
    assert_type(backend.as_user(None).get("/me"), httpx.Response)
    done = backend.poll("/jobs/1", until=lambda answer: answer.json()["done"], timeout_s=3)
    assert_type(done, httpx.Response)
    with backend.stream("GET", "/events") as answer:
        assert_type(answer, StreamedResponse)
        for event in answer.iter_events(count=2, seconds=1.5):
            assert_type(event, Event)
            assert_type(event.data, str)
    backend.unique(7)  # type: ignore[arg-type]
    backend.poll("/jobs/1")  # type: ignore[call-arg]


async def test_lots_at_once(async_backend: AsyncBackend) -> None:
    response = await async_backend.get("/api/lots")
    assert_type(response, httpx.Response)
    assert_type(await async_backend.poll("/a", until=bool), httpx.Response)
    assert_type(async_backend.unique("LOT"), str)


def test_read_across(baseline: Backend, candidate: Backend) -> None:
    assert baseline.side is Side.BASELINE
    assert candidate.side is Side.CANDIDATE


def test_health_is_fast(paired_benchmark: PairedBenchmark) -> None:
    paired_benchmark(lambda backend: backend.get("/api/health"))


def test_load(cutover_load: LoadRunner) -> None:
    cutover_load("locustfile.py", users=10, duration="30s")
    cutover_load("locustfile.py", people=10)  # type: ignore[call-arg]


def test_ready(cutover_check: Callable[[str], CheckResult]) -> None:
    assert_type(cutover_check("health").observed, str)


def cutover_login(backend: Backend, user: str | None) -> None:
    backend.headers["Authorization"] = f"Bearer {user or 'anybody'}"


def cutover_seed(baseline: Backend, candidate: Backend) -> None:
    for side in (baseline, candidate):
        side.post("/api/lots", json={"lot_code": side.unique("LOT")})


def errors() -> tuple[type[AssertionError], type[SupervisedProcess], str]:
    return PollTimeoutError, SupervisedProcess, __version__

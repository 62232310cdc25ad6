"""FastAPI with a seeded regression against FastAPI without: the gate that must fail does.

Minutes, not seconds: every case is a run as a user starts it. None of them times anything itself.
Two more are in `test_core.py`.
"""

from __future__ import annotations

from pathlib import Path

from tests.slow.measuring.seeded import LATENCY, LOAD, MINUTES, failed, gate, seeded


def test_an_endpoint_slower_by_60_per_cent_fails_its_regression_alone(tmp_path: Path) -> None:
    run = seeded(tmp_path, "slower-60", LATENCY)
    assert failed(run) == {"performance.p50-regression POST /api/lots"}, run.screen[-4000:]


def test_an_endpoint_slower_by_less_than_the_limit_fails_nothing(tmp_path: Path) -> None:
    run = seeded(tmp_path, "slower-30", LATENCY)
    assert failed(run) == set(), run.screen[-4000:]


def test_two_per_cent_beyond_the_limit_fail_p99_alone(tmp_path: Path) -> None:
    run = seeded(tmp_path, "tail-spread", LATENCY)
    assert failed(run) == {"performance.p99 POST /api/lots"}, run.screen[-4000:]


def test_two_per_cent_in_bursts_never_pass_p99(tmp_path: Path) -> None:
    """Ten in a row are one observation: within the budget they block, and prove nothing."""
    run = seeded(tmp_path, "tail-bursts", LATENCY)
    assert gate(run, "p99 POST /api/lots")["verdict"] != "pass", run.screen[-4000:]
    assert failed(run) <= {"performance.p99 POST /api/lots"}


def test_errors_over_all_endpoints_fail_the_error_rate_alone(tmp_path: Path) -> None:
    """Three errors in a thousand take some 9,000 requests, more than a busy machine samples."""
    run = seeded(tmp_path, "errors", MINUTES, LATENCY)
    assert failed(run) == {"performance.error-rate"}, run.screen[-4000:]


def test_a_leak_of_200_bytes_never_passes_silently(tmp_path: Path) -> None:
    run = seeded(tmp_path, "leak-200", LOAD)
    memory = gate(run, "memory candidate")
    assert memory["verdict"] != "pass" or "memory grows by" in memory["message"]
    assert failed(run) <= {"performance.memory candidate"}


def test_a_pool_that_does_not_give_back_fails(tmp_path: Path) -> None:
    run = seeded(tmp_path, "pool-kept", LOAD)
    assert "performance.pool candidate" in failed(run), run.screen[-4000:]
    assert "performance.memory candidate" not in failed(run)
    # Health asks no database, and is served as before.
    assert "performance.load-p50 GET /api/health" not in failed(run)


def test_a_stall_every_ten_seconds_fails_the_slow_tail_and_not_the_median(tmp_path: Path) -> None:
    """A stall strikes everybody who waits, and is one observation: four in 50 s prove nothing."""
    run = seeded(tmp_path, "stall", MINUTES)
    assert any("load-p99" in name for name in failed(run)), run.screen[-4000:]
    assert all("load-p99" in name for name in failed(run))

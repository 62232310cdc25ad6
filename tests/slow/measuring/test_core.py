"""The two seeded regressions to try first: `make test-slow SLOW=tests/slow/measuring/test_core.py`.

All others are in `test_seeded.py`.
"""

from __future__ import annotations

from pathlib import Path

from tests.slow.measuring.seeded import LATENCY, LOAD, failed, seeded


def test_an_endpoint_twice_as_slow_fails_its_regression_alone(tmp_path: Path) -> None:
    run = seeded(tmp_path, "slower-100", LATENCY)
    assert failed(run) == {"performance.p50-regression POST /api/lots"}, run.screen[-4000:]


def test_a_leak_of_20_kb_per_request_fails_memory_alone(tmp_path: Path) -> None:
    run = seeded(tmp_path, "leak-20k", LOAD)
    assert failed(run) == {"performance.memory candidate"}, run.screen[-4000:]

"""What measuring tests write into a project: benchmarks, a load, and their limits."""

from __future__ import annotations

PERF = """
    import pytest

    @pytest.mark.perf("GET /thing")
    def test_thing(paired_benchmark):
        paired_benchmark(lambda backend: backend.get("/thing"))
"""
LIMITS = """
    [performance]
    error_rate = 0.01
    budget_s = 30
    [performance.endpoints]
    "GET /thing" = { p50_ms = 50, p95_ms = 200, p99_ms = 400, max_ms = 1000 }
"""
SLOW = {"GET /thing": {"delay_ms": 3}}

USER = """
    from locust import FastHttpUser, constant, task

    class Visitor(FastHttpUser):
        wait_time = constant(0.2)

        @task
        def visit(self):
            self.client.get("/thing")
"""
LOAD_TEST = """
    def test_load(cutover_load):
        cutover_load("locustfile.py", users=10, duration="9s")
"""
LOAD_LIMITS = """
    [performance]
    budget_s = 60
    [performance.endpoints]
    "GET /thing" = { load_p50_ms = 100, load_p99_ms = 900 }
"""

"""Workloads, limits and markers that cannot be measured: each says why, and what to do."""

from __future__ import annotations

import pytest

from tests.harness.measured import MeasuredProject
from tests.harness.workloads import LIMITS, PERF


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("paired_benchmark(lambda b: b.get('/other'))", "sent 0 requests to GET /thing"),
        ("paired_benchmark(lambda b: (b.get('/thing'), b.get('/thing')))", "sent 2 requests"),
        ("paired_benchmark(lambda b: resource.get(b))", "holds the fixture `resource`"),
        ("paired_benchmark(lambda b: 1 / 0)", "raised ZeroDivisionError"),
        (
            "for _ in 1, 2: paired_benchmark(lambda b: b.get('/thing'))",
            "paired_benchmark was called twice",
        ),
    ],
)
def test_a_workload_that_cannot_be_measured_fails_its_test_with_a_reason(
    project: MeasuredProject, body: str, said: str
) -> None:
    project.configure(LIMITS)
    project.write(
        "test_perf.py",
        f"""
        import pytest

        class Resource:
            def get(self, backend):
                backend.get("/thing")

        @pytest.fixture
        def resource():
            yield Resource()

        @pytest.mark.perf("GET /thing")
        def test_thing(paired_benchmark, resource):
            {body}
        """,
    )
    run = project.run("--cutover-target=local")

    assert said in run.screen
    assert (run.status, run.verdict) != (0, "GO")


def test_a_workload_that_breaks_after_its_test_says_what_it_must_not_use(
    project: MeasuredProject,
) -> None:
    project.configure(LIMITS)
    project.write(
        "test_perf.py",
        """
        import pytest

        @pytest.mark.perf("GET /thing")
        def test_thing(paired_benchmark):
            paths = iter(["/thing"] * 200 * 2)
            paired_benchmark(lambda backend: backend.get(next(paths)))
        """,
    )
    run = project.run("--cutover-target=local")

    assert run.verdict == "INCONCLUSIVE", run.screen
    assert "function-scoped" in run.gate("CUT210")["message"]


def test_different_answers_are_not_compared(project: MeasuredProject) -> None:
    project.configure(LIMITS, candidate={"GET /thing": {"status": 404}})
    project.write("test_perf.py", PERF)
    run = project.run("--cutover-target=local")

    assert "Settle parity first" in run.screen
    assert run.status == 1


def test_without_consent_nothing_is_sent(project: MeasuredProject) -> None:
    project.configure(LIMITS)
    text = (project.path / "cutover.toml").read_text()
    head, _, _ = text.partition("[targets.local.candidate]")
    tail = text[text.index("[performance]") :] if "[performance]" in text else ""
    url = '[targets.local.candidate]\nurl = "http://127.0.0.1:9"\n'
    (project.path / "cutover.toml").write_text(f"{head}{url}{tail}")
    project.write("test_perf.py", PERF)
    run = project.run("--cutover-target=local")

    assert "refused: a benchmark of GET /thing" in run.screen
    assert "nothing was sent" in run.screen


@pytest.mark.parametrize(
    ("limits", "said"),
    [
        ('"GET /thing" = { p99_ms = 0 }', "p99_ms"),
        ('"GET /thing" = { p50_ms = -3 }', "p50_ms"),
        ('"GET thing" = { p50_ms = 3 }', "GET thing"),
    ],
)
def test_limits_that_mean_nothing_are_usage_errors(
    project: MeasuredProject, limits: str, said: str
) -> None:
    project.configure(f"[performance.endpoints]\n{limits}\n")
    project.write("test_perf.py", PERF)
    run = project.run("--cutover-target=local")

    assert run.status == 4, run.screen
    assert said in run.errors


@pytest.mark.parametrize("mark", ["perf()", 'perf("thing")', 'perf("GET /a", "GET /b")'])
def test_a_marker_that_names_no_endpoint_is_a_usage_error(
    project: MeasuredProject, mark: str
) -> None:
    project.configure(LIMITS)
    project.write("test_perf.py", PERF.replace('perf("GET /thing")', mark))
    run = project.run("--cutover-target=local")

    assert run.status == 4, run.screen
    assert "perf" in run.errors


def test_a_target_that_does_not_require_performance_tries_each_workload_once(
    project: MeasuredProject,
) -> None:
    project.configure(LIMITS)
    path = project.path / "cutover.toml"
    path.write_text(path.read_text().replace('require = ["performance"]', 'require = ["parity"]'))
    project.write("test_perf.py", PERF)
    run = project.run("--cutover-target=local", "-W", "error")

    assert "1 passed" in run.screen
    assert run.report["latency"] == []
    assert {"title": "performance", "reason": "the target 'local' does not require it"} in [
        {"title": one["title"], "reason": one["reason"]} for one in run.report["not_judged"]
    ]

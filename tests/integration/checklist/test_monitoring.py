"""The monitoring phase through a stand-in for Prometheus: what it says, and odd answers of it."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import UTC, datetime

import psutil
import pytest

from tests.harness.project import Project
from tests.harness.run import Run
from tests.harness.stub_server import Answer, Seen
from tests.integration.checklist.fake_prometheus import FakePrometheus, data, number


def run(
    project: Project,
    prometheus: FakePrometheus,
    more: str = "",
    phase: str = "monitoring",
    errors: str = "E",
    **options: str,
) -> Run:
    table = {
        "interval": "50ms",
        "window": "20s",
        "blind": "1s",
        "error_rate_for": "10s",
        "p99_for": "10s",
        **options,
    }
    lines = "\n".join(f'{key} = "{value}"' for key, value in table.items())
    project.target(
        more="time_scale = 0.05",
        tables=f"""
[checklist.switch]
url = "{project.candidate.url}"
fingerprint = {{ path = "/", baseline = "a", candidate = "b" }}
[checklist.monitoring]
prometheus = "{prometheus.server.url}"
{lines}
[checklist.monitoring.p99_ms]
"GET /thing" = 100
[checklist.monitoring.queries]
requests = "R"
errors = "{errors}"
age_s = "A"
p99_ms = "P {{endpoint}}"
[[checklist.monitoring.probes]]
name = "see the thing"
request = "GET /thing"
compare = true
{more}
""",
    )
    return project.run("--cutover-target=staging", f"--cutover-phase={phase}", gate=False)


def test_a_quiet_window_says_keep_monitoring(project: Project, prometheus: FakePrometheus) -> None:
    found = run(project, prometheus)

    assert found.verdict == "GO"
    assert found.status == 0
    assert found.report["action"]["name"] == "keep monitoring"
    assert " cutover: GO · keep the traffic on the candidate " in found.screen
    assert "durations of the checklist were scaled by 0.05" in found.report["notes"]
    assert "\r" not in found.screen
    assert "\x1b" not in found.screen


def test_the_window_ends_early_when_a_trigger_fires(
    project: Project, prometheus: FakePrometheus
) -> None:
    prometheus.said["E"] = lambda now: 500 * now
    found = run(project, prometheus, window="10m")

    assert found.verdict == "NO-GO"
    assert found.report["action"]["name"] == "roll back"
    assert "→ prepare rollback" in found.screen
    assert "→ roll back (5xx above 1 % for" in found.screen
    assert found.gate("checklist.monitoring.error-rate")["code"] == "CUT408"


def test_a_value_that_is_not_as_expected_rolls_back_at_once(
    project: Project, prometheus: FakePrometheus
) -> None:
    project.candidate["GET /thing"] = Answer(200, {"size": 4})
    found = run(project, prometheus, EXPECTED, window="10m")

    assert found.report["action"]["name"] == "roll back"
    said = found.gate("checklist.monitoring.functionality")["message"]
    assert "GET /thing answered otherwise: /size is 4, expected 3" in said


def test_without_noise_a_value_is_held_to_its_shape_and_that_is_said(
    project: Project, prometheus: FakePrometheus
) -> None:
    project.candidate["GET /thing"] = Answer(200, {"size": 4})
    found = run(project, prometheus)

    assert (found.verdict, found.report["action"]["name"]) == ("GO", "keep monitoring")
    assert "see the thing: held to status and shape alone" in found.screen


def test_another_shape_is_looked_into_and_does_not_roll_back(
    project: Project, prometheus: FakePrometheus
) -> None:
    project.candidate["GET /thing"] = Answer(200, {"size": "4"})
    found = run(project, prometheus)

    assert (found.verdict, found.report["action"]["name"]) == ("NO-GO", "investigate")
    said = found.gate("checklist.monitoring.functionality")["message"]
    assert 'see the thing: GET /thing /size type: 3 → "4"' in said


def answering(size: int) -> Callable[[Seen], Answer]:
    """The thing of this size, with an id and a time of each answer."""

    def answer(_seen: Seen) -> Answer:
        now = datetime.now(UTC).isoformat()
        return Answer(200, {"size": size, "trace": str(uuid.uuid4()), "at": now})

    return answer


@pytest.mark.parametrize(
    ("size", "verdict", "action"), [(3, "GO", "keep monitoring"), (4, "NO-GO", "investigate")]
)
def test_what_varies_was_learned_before_the_switch_and_what_is_new_departs(
    project: Project, prometheus: FakePrometheus, size: int, verdict: str, action: str
) -> None:
    project.both("GET /thing", answering(3))
    learned = run(project, prometheus, phase="validation")
    assert "cutover: noise of 1 of 1 probes learned, for after the switch" in learned.screen
    project.candidate["GET /thing"] = answering(size)
    found = run(project, prometheus)

    assert (found.verdict, found.report["action"]["name"]) == (verdict, action), found.screen
    if size == 4:
        said = found.gate("checklist.monitoring.functionality")["message"]
        assert "see the thing: GET /thing /size value: 3 → 4 (under noise learned" in said


def test_what_differed_before_the_switch_is_judged_and_departs_no_more(
    project: Project, prometheus: FakePrometheus
) -> None:
    project.candidate["GET /thing"] = Answer(200, {"size": 3.0})
    run(project, prometheus, phase="validation")

    assert run(project, prometheus).verdict == "GO"


def test_what_differed_before_the_switch_departs_where_it_differs_otherwise(
    project: Project, prometheus: FakePrometheus
) -> None:
    project.both("GET /thing", Answer(200, {"size": 3, "state": "open"}))
    project.candidate["GET /thing"] = Answer(200, {"size": 3, "state": "pending"})
    run(project, prometheus, phase="validation")
    assert run(project, prometheus).verdict == "GO"
    project.candidate["GET /thing"] = Answer(200, {"size": 3, "state": "lost"})
    found = run(project, prometheus)

    assert (found.verdict, found.report["action"]["name"]) == ("NO-GO", "investigate")
    said = found.gate("checklist.monitoring.functionality")["message"]
    assert 'see the thing: GET /thing /state value: "open" → "lost"' in said


def test_what_was_a_change_before_the_switch_holds_for_other_values(
    project: Project, prometheus: FakePrometheus
) -> None:
    """Cents in place of whole units: known by what makes the one of the other."""
    cents: list[int] = [12345, 98765]

    def priced(factor: int) -> Callable[[Seen], Answer]:
        return lambda _seen: Answer(200, {"price": cents[0] * factor})

    project.baseline["GET /thing"] = priced(1)
    project.candidate["GET /thing"] = priced(100)
    run(project, prometheus, phase="validation")
    del cents[0]
    assert run(project, prometheus).verdict == "GO"
    project.candidate["GET /thing"] = priced(1000)
    assert run(project, prometheus).report["action"]["name"] == "investigate"


def test_a_probe_that_fails_once_is_asked_again(
    project: Project, prometheus: FakePrometheus
) -> None:
    answers = iter([500])
    project.candidate["GET /thing"] = lambda _seen: Answer(next(answers, 200), {"size": 3})

    assert run(project, prometheus).verdict == "GO"


EXPECTED = """
[[checklist.monitoring.probes]]
name = "its size"
request = "GET /thing"
expect = { "/size" = 3 }
"""
COMMAND = """
[[checklist.monitoring.probes]]
name = "our own look"
command = {{ command = ["sh", "-c", "{words}"] }}
"""


def test_a_probe_that_hangs_is_stopped_with_its_children_and_decides_nothing(
    project: Project, prometheus: FakePrometheus
) -> None:
    hangs = COMMAND.format(words="sleep 4712 & echo $! > child; sleep 4712")
    found = run(project, prometheus, hangs, window="1s")

    assert found.verdict == "INCONCLUSIVE"
    assert found.report["action"]["name"] == "investigate"
    said = found.gate("checklist.monitoring.functionality")
    assert said["observed"] == "our own look could not be asked"
    assert "was still running after 5 s" in said["message"]
    child = int((project.path / "child").read_text())
    assert not psutil.pid_exists(child) or psutil.Process(child).status() == "zombie"


def test_a_probe_that_fails_tells_its_last_line_without_secrets(
    project: Project, prometheus: FakePrometheus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DB_PASSWORD", "hunter2-hunter2")
    words = "echo refused for $DB_PASSWORD at postgres://u:pa55word@h/d; exit 1"
    found = run(project, prometheus, COMMAND.format(words=words), window="10m")

    assert found.report["action"]["name"] == "roll back"
    everything = found.screen + (found.path / ".cutover" / "gate.json").read_text("utf-8")
    assert "refused for <secret" in found.gate("checklist.monitoring.functionality")["message"]
    assert "hunter2" not in everything
    assert "pa55word" not in everything


def test_every_query_that_is_wrong_is_named_at_once(
    project: Project, prometheus: FakePrometheus
) -> None:
    several = data("vector", [{"metric": {}, "value": [0, "1"]}] * 2)
    prometheus.said = dict.fromkeys(("R", "E", "A", "P GET /thing"), several)
    found = run(project, prometheus)

    assert found.status == 4
    for name in ("requests", "errors", "age_s", "p99_ms"):
        assert f"checklist.monitoring.queries.{name}: the query gives 2 series" in found.errors


LOGIN = """
[[checklist.monitoring.probes]]
name = "{kind}"
kind = "{kind}"
request = "POST /login"
"""


def test_a_login_may_be_posted_without_consent_to_write(
    project: Project, prometheus: FakePrometheus
) -> None:
    project.candidate["POST /login"] = Answer(401, {})
    found = run(project, prometheus, LOGIN.format(kind="login"), window="10m")

    assert found.report["action"]["name"] == "roll back"
    assert "login fails: login: POST /login answered 401" in found.screen.replace(
        "\n          ", " "
    )


def test_nothing_else_is_posted_without_it(project: Project, prometheus: FakePrometheus) -> None:
    found = run(project, prometheus, LOGIN.format(kind="function"))

    assert found.verdict == "INCONCLUSIVE"
    assert project.candidate.asked("POST /login") == []


@pytest.mark.parametrize(
    ("query", "answer", "said"),
    [
        ("R", data("vector", []), "metrics are missing: requests: no series matches"),
        ("R", number("NaN"), "requests: not a number: NaN"),
        ("R", Answer(503, "not yet"), "answered 503, and not as Prometheus does"),
        ("A", number(99), "the newest sample is 99 s old: the numbers lag"),
        ("E", Answer(500, {"status": "error", "errorType": "execution", "error": "boom"}), "boom"),
    ],
)
def test_without_data_nothing_is_healthy(
    project: Project, prometheus: FakePrometheus, query: str, answer: Answer, said: str
) -> None:
    prometheus.said[query] = answer
    found = run(project, prometheus)

    assert found.verdict == "INCONCLUSIVE"
    assert found.report["action"]["name"] == "investigate"
    assert said in found.gate("checklist.monitoring.error-rate")["message"]


def test_an_unreachable_prometheus_is_inconclusive(
    project: Project, prometheus: FakePrometheus
) -> None:
    prometheus.server.close()
    found = run(project, prometheus)

    assert found.verdict == "INCONCLUSIVE"
    assert "Prometheus does not answer" in found.screen


def test_a_p99_of_no_number_is_too_little_traffic(
    project: Project, prometheus: FakePrometheus
) -> None:
    prometheus.said["P GET /thing"] = number("NaN")
    found = run(project, prometheus)

    assert found.verdict == "INCONCLUSIVE"
    assert "too little traffic to tell" in found.gate("checklist.monitoring.p99")["message"]


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (
            Answer(400, {"status": "error", "errorType": "bad_data", "error": "1:5: parse error"}),
            "1:5: parse error",
        ),
        (data("matrix", []), "the query gives a matrix, and one value is needed"),
        (
            data("vector", [{"metric": {}, "value": [0, "1"]}] * 3),
            "the query gives 3 series, and one value is needed: sum(…) or max(…)",
        ),
    ],
)
def test_a_query_that_waiting_does_not_mend_is_a_usage_error(
    project: Project, prometheus: FakePrometheus, answer: Answer, said: str
) -> None:
    prometheus.said["R"] = answer
    found = run(project, prometheus)

    assert found.status == 4
    assert f"checklist.monitoring.queries.requests: {said}" in found.errors
    assert "next: try it in Prometheus' own page" in found.errors


def test_a_rate_in_place_of_a_counter_is_a_usage_error(
    project: Project, prometheus: FakePrometheus
) -> None:
    prometheus.said["sum(rate(R[1m]))"] = 7.5
    found = run(project, prometheus, errors="sum(rate(R[1m]))")

    assert found.status == 4
    assert "checklist.monitoring.queries.errors: rate() gives changes" in found.errors


def test_limits_that_contradict_each_other_are_a_usage_error(
    project: Project, prometheus: FakePrometheus
) -> None:
    project.target(
        tables='[checklist.monitoring]\nprometheus = "http://x"\nerror_rate = 0.02\n'
        "error_rate_prepare = 0.01\n"
    )
    found = project.run("--cutover-target=staging", gate=False)

    assert found.status == 4
    assert "below error_rate, which it cannot be" in found.errors


def test_production_is_watched_in_real_time(project: Project) -> None:
    project.target(more="production = true\ntime_scale = 0.1")
    found = project.run("--cutover-target=staging", gate=False)

    assert found.status == 4
    assert "production is watched in real time" in found.errors


def test_a_check_inside_a_test_speaks_at_once_and_its_action_counts(
    project: Project, prometheus: FakePrometheus
) -> None:
    project.write(
        "test_users.py",
        """
        import pytest

        @pytest.mark.checklist("monitoring.functionality")
        def test_users(cutover_check):
            cutover_check("monitoring.probes")
        """,
    )
    project.candidate["GET /thing"] = Answer(500, {"size": 4})
    found = run(project, prometheus, window="10m")

    found.outcomes(failed=1)
    assert found.report["action"]["name"] == "roll back"
    assert found.screen.index("→ roll back") < found.screen.index("FAILURES")

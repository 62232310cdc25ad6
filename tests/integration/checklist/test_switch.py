"""The switch as checks: who answers, and whose counter moves."""

from __future__ import annotations

from typing import Any

import pytest

from tests.harness.project import Project
from tests.harness.run import Run
from tests.harness.stub_server import Answer
from tests.integration.checklist.fake_prometheus import FakePrometheus, data
from tests.integration.checklist.test_checks import check, row

SWITCH = """
[checklist.switch]
url = "{url}"
{more}
[checklist.switch.fingerprint]
path = "/who"
baseline = "I am old"
candidate = "I am new"
"""


def switched(project: Project, public: object, more: str = "") -> str:
    project.baseline["GET /who"] = Answer(200, "I am old")
    project.candidate["GET /who"] = Answer(200, "I am new")
    return SWITCH.format(url=public, more=more)


def test_who_answers_is_told_by_fingerprint(project: Project) -> None:
    tables = switched(project, project.candidate.url)

    found = check(project, "switch.candidate-answers", tables)
    assert row(found)["verdict"] == "pass"
    assert "20 of 20 answers by the candidate" in row(found)["evidence"]
    found = check(project, "switch.baseline-answers", tables)
    assert "20 answers: 20 by candidate" in row(found)["evidence"]


def test_what_was_measured_is_on_the_screen(project: Project) -> None:
    found = check(project, "switch.candidate-answers", switched(project, project.candidate.url))

    assert "- ours.check: 20 of 20 answers by the candidate" in found.screen


def test_traffic_that_was_not_moved_yet_names_the_command_that_moves_it(project: Project) -> None:
    moving = 'to_candidate = { command = ["{python}", "switch.py", "candidate"] }'
    found = check(
        project, "switch.candidate-answers", switched(project, project.baseline.url, moving)
    )

    assert found.verdict == "NO-GO"
    assert "not been moved yet" in found.gate("checklist.ours.check")["message"]
    assert found.next == "python switch.py candidate"


def test_a_phase_that_decides_nothing_says_how_to_ask_again(project: Project) -> None:
    found = check(project, "switch.confirmed", "")

    assert found.next == "pytest --cutover-target=staging --cutover-phase=switch"


def test_a_fingerprint_that_tells_nothing_apart_decides_nothing(project: Project) -> None:
    tables = switched(project, project.candidate.url)
    project.candidate["GET /who"] = Answer(200, "I am old")
    found = check(project, "switch.candidate-answers", tables)

    assert found.verdict == "INCONCLUSIVE"
    assert "does not tell the sides apart" in row(found)["evidence"]


COUNTED = """
[checklist.monitoring]
prometheus = "{url}"
interval = "40ms"
[checklist.monitoring.queries]
requests = "R {{side}}"
age_s = "A {{side}}"
"""


def counted(project: Project, prometheus: FakePrometheus, more: str = "", **said: Any) -> Run:
    """The switch is checked while each side counts what it is asked; `said` changes an answer."""
    prometheus.said = {
        "A baseline": 0.0,
        "A candidate": 0.0,
        "R baseline": lambda _now: len(project.baseline.requests),
        "R candidate": lambda _now: len(project.candidate.requests),
        **{name.replace("_", " "): value for name, value in said.items()},
    }
    tables = switched(project, project.candidate.url, 'settle = "10ms"')
    tables += COUNTED.format(url=prometheus.server.url)
    return check(project, "switch.candidate-answers", tables, more)


@pytest.mark.parametrize("more", ["", "production = true"])
def test_the_counters_of_both_sides_say_who_serves(
    project: Project, prometheus: FakePrometheus, more: str
) -> None:
    found = counted(project, prometheus, more)

    assert found.verdict == "GO"
    assert row(found)["evidence"] == (
        "switch.candidate-answers: 20 of 20 answers by the candidate; "
        "counted 20 by the candidate, 0 by the baseline"
    )


def test_somebody_who_still_asks_the_baseline_is_seen_by_its_counter(
    project: Project, prometheus: FakePrometheus
) -> None:
    found = counted(project, prometheus, R_baseline=lambda now: round(1e6 * now))

    assert found.verdict == "NO-GO"
    assert "somebody still asks the baseline" in found.gate("checklist.ours.check")["message"]


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"R_candidate": 7}, "the candidate answered, and its counter stands still"),
        ({"R_baseline": lambda now: 10_000 - now}, "a process started anew between two looks"),
        ({"A_baseline": 99.0}, "nothing was scraped of the baseline since it was asked"),
        ({"R_candidate": data("vector", [])}, "the counter of the candidate cannot be read"),
        (
            {"A_candidate": "NaN"},
            "the counter of the candidate cannot be read: age_s: not a number",
        ),
    ],
)
def test_counters_that_say_nothing_decide_nothing(
    project: Project, prometheus: FakePrometheus, said: dict[str, Any], why: str
) -> None:
    found = counted(project, prometheus, **said)

    assert found.verdict == "INCONCLUSIVE"
    assert why in found.gate("checklist.ours.check")["message"]


def test_a_counter_of_several_series_is_a_usage_error(
    project: Project, prometheus: FakePrometheus
) -> None:
    several = data("vector", [{"metric": {}, "value": [0, "1"]}] * 2)
    found = counted(project, prometheus, R_baseline=several)

    assert found.status == 4
    assert "checklist.monitoring.queries.requests: the query gives 2 series" in found.errors


def test_in_production_a_fingerprint_alone_decides_nothing(project: Project) -> None:
    tables = switched(project, project.candidate.url)
    found = check(project, "switch.candidate-answers", tables, "production = true")

    assert found.verdict == "INCONCLUSIVE"
    assert "counters not known" in row(found)["evidence"]
    assert "[checklist.monitoring] says" in found.gate("checklist.ours.check")["message"]

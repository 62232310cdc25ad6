"""What may be sent, and to whom. Asserted at the servers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pytest_cutover.backends.http import rate_limit
from tests.harness.clock import Clock
from tests.harness.project import LAUNCHED, Project
from tests.harness.stub_server import Answer, StubServer


def suite(project: Project, body: str) -> None:
    lines = "\n".join(f"    {line}" for line in body.strip().splitlines())
    project.write(
        "test_it.py",
        f'import pytest\n@pytest.mark.characterization("GET /thing")\ndef test_it(backend):\n'
        f"{lines}\n",
    )


@pytest.fixture
def elsewhere() -> Iterator[StubServer]:
    with StubServer({"GET /thing": Answer(200, {})}) as server:
        yield server


def test_an_absolute_url_to_another_origin_is_refused(
    project: Project, elsewhere: StubServer
) -> None:
    credentials = "backend.headers['Authorization'] = 'Bearer abcdefgh12345678'"
    suite(project, f"{credentials}\nbackend.get('{elsewhere.url}/thing')")
    run = project.run()
    assert elsewhere.requests == []
    assert run.status == 1
    assert run.verdict == "INCONCLUSIVE"
    assert "nothing was sent, no credentials have left" in run.screen


@pytest.mark.parametrize("host", ["localhost", "[::1]"])
def test_another_name_of_the_same_machine_is_another_origin(project: Project, host: str) -> None:
    suite(project, f"backend.get('http://{host}:{project.baseline.port}/thing')")
    run = project.run()
    assert "leaves the baseline backend" in run.screen
    assert project.baseline.asked() == []


def test_a_redirect_to_another_origin_is_not_followed(
    project: Project, elsewhere: StubServer
) -> None:
    project.both("GET /thing", Answer(302, headers={"Location": f"{elsewhere.url}/thing"}))
    suite(project, "backend.get('/thing', follow_redirects=True)")
    run = project.run()
    assert elsewhere.requests == []
    assert run.verdict != "GO"
    assert "leaves the baseline backend" in run.screen


def test_a_redirect_within_the_origin_is_followed_and_recorded(project: Project) -> None:
    project.both("GET /old", Answer(302, headers={"Location": "/thing"}))
    suite(project, "assert backend.get('/old', follow_redirects=True).status_code == 200")
    run = project.run()
    assert run.verdict == "GO"
    assert len(project.candidate.asked()) == 2


SWALLOWED = """
try:
    backend.request("{method}", "/thing")
except Exception:
    pass
"""


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "HEAD", "TRACE", "FOO"])
def test_without_consent_nothing_else_than_reading_is_sent(project: Project, method: str) -> None:
    suite(project, SWALLOWED.format(method=method))
    run = project.run()
    run.outcomes(failed=2)
    assert project.baseline.asked() == project.candidate.asked() == []
    assert run.verdict == "INCONCLUSIVE"
    assert "--cutover-writes" in run.screen


@pytest.mark.parametrize("method", ["GET", "OPTIONS"])
def test_reading_needs_no_consent(project: Project, method: str) -> None:
    project.both("OPTIONS /thing", Answer(204))
    suite(project, f"backend.request('{method}', '/thing')")
    assert project.run().verdict == "GO"


def test_consent_on_the_command_line_is_for_the_two_urls(project: Project) -> None:
    project.both("POST /thing", Answer(201, {"size": 1}))
    suite(project, "backend.post('/thing', json={})")
    assert project.run("--cutover-writes").verdict == "GO"
    project.candidate["POST /thing"] = Answer(201, {"size": "1"})
    assert " --cutover-writes " in project.run("--cutover-writes").next


def test_consent_in_the_file_is_for_one_target(project: Project) -> None:
    project.both("POST /thing", Answer(201, {"size": 1}))
    suite(project, "backend.post('/thing', json={})")
    project.target("staging")
    run = project.run("--cutover-target=staging", gate=False)
    assert "`writes = true` in [targets.staging] of cutover.toml" in run.screen
    assert project.candidate.asked() == []
    project.target("staging", "writes = true")
    assert project.run("--cutover-target=staging", gate=False).verdict == "GO"


def test_one_launched_side_gives_no_leave_to_write_to_the_other(project: Project) -> None:
    suite(project, "backend.post('/thing', json={})")
    project.write(
        "cutover.toml",
        f"""
        [targets.half]
        baseline = {{ url = "{project.baseline.url}" }}
        candidate = {{ {LAUNCHED} }}
        """,
    )
    run = project.run("--cutover-target=half", gate=False)
    run.outcomes(failed=2)
    assert project.baseline.asked() == []
    assert "writes = true" in run.screen


def test_the_rate_cap_is_kept(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock.of(rate_limit, monkeypatch)
    project.target("staging", "max_requests_per_second = 10")
    suite(project, "for _ in range(6): backend.get('/thing')")
    run = project.run("--cutover-target=staging", gate=False)
    assert run.verdict == "GO"
    # Between six requests of a side are five waits of a tenth of a second.
    assert round(clock.slept_s, 3) >= 2 * 0.5


def test_what_the_configuration_sends_goes_with_every_request(project: Project) -> None:
    project.write(
        "cutover.toml",
        f"""
        [targets.staging]
        baseline = {{ url = "{project.baseline.url}", headers = {{ X-Key = "k-1234567890" }} }}
        candidate = {{ url = "{project.candidate.url}", headers = {{ X-Key = "k-0987654321" }} }}
        """,
    )
    suite(project, "backend.get('/thing')")
    run = project.run("--cutover-target=staging", gate=False)
    assert run.verdict == "GO"
    assert [one.headers["x-key"] for one in project.baseline.asked()] == ["k-1234567890"]
    assert [one.headers["x-key"] for one in project.candidate.asked()] == ["k-0987654321"]

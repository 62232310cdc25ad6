"""A rehearsal there and back: consent, load with writes, what is lost, commands that go wrong."""

from __future__ import annotations

import json
import ssl
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.harness.measured import PEM
from tests.harness.project import Project
from tests.harness.stub_server import Answer, Seen, StubServer
from tests.integration.checklist.items import only
from tests.integration.checklist.test_checks import check, row
from tests.integration.checklist.test_switch import switched

TO = 'to_{side} = {{ command = ["sh", "-c", "echo {side} > side"] }}'
THERE_AND_BACK = "\n".join(TO.format(side=side) for side in ("candidate", "baseline"))
WRITES = """
[[checklist.switch.writes]]
name = "create a lot"
request = "POST /lots"
json = { code = "{unique:LOT}" }
save = { code = "/code" }
read = "GET /lots?code={code}"
"""
CONSENT = "switch = true\nmax_requests_per_second = 100"


class Proxy:
    """The users' address: it answers as the side that the file `side` names."""

    def __init__(self, folder: Path) -> None:
        self.server = StubServer()
        self.file = folder / "side"
        self.file.write_text("baseline")
        self.kept: set[str] = set()
        self.stores: Callable[[str], bool] = lambda _side: True
        self.server["GET /who"] = lambda _seen: Answer(200, f"I am {self.who()}")
        self.server["POST /lots"] = self._stored

    def who(self) -> str:
        return "old" if "baseline" in self.file.read_text() else "new"

    def _stored(self, seen: Seen) -> Answer:
        code = json.loads(seen.body)["code"]
        if self.stores(self.who()):
            self.kept.add(code)
        return Answer(201, {"code": code})

    def read(self, seen: Seen) -> Answer:
        return Answer(200 if seen.path.partition("=")[2] in self.kept else 404)


@pytest.fixture
def proxy(project: Project) -> Iterator[Proxy]:
    made = Proxy(project.path)
    project.baseline["GET /lots"] = made.read
    yield made
    made.server.close()


def tables(project: Project, proxy: Proxy, more: str = THERE_AND_BACK) -> str:
    return switched(project, proxy.server.url, more)


def test_there_and_back_under_load_with_writes(project: Project, proxy: Proxy) -> None:
    found = check(
        project, "switch.rehearsal", tables(project, proxy) + WRITES, CONSENT + "\nwrites = true"
    )

    said = row(found)["evidence"]
    assert found.verdict == "GO", said
    assert proxy.who() == "old"
    assert f"{len(proxy.kept)} writes acknowledged, 0 not readable afterwards" in said
    assert said.count(" lost") == 2
    assert "- ours.check: to candidate: last old answer after" in found.screen
    assert len(proxy.kept) >= 10
    assert len(project.baseline.asked()) >= len(proxy.kept)


def test_a_write_that_the_candidate_acknowledged_and_nobody_has_is_seen(
    project: Project, proxy: Proxy
) -> None:
    proxy.stores = lambda side: side == "old"
    found = check(
        project, "switch.rehearsal", tables(project, proxy) + WRITES, CONSENT + "\nwrites = true"
    )

    assert found.verdict == "NO-GO"
    message = found.gate("checklist.ours.check")["message"]
    assert "on the baseline: create a lot: GET /lots?code=LOT-" in message
    assert message.endswith("answers 404")


def test_writes_that_nobody_acknowledges_decide_nothing(project: Project, proxy: Proxy) -> None:
    proxy.server["POST /lots"] = Answer(401, {"error": "no"})
    found = check(
        project, "switch.rehearsal", tables(project, proxy) + WRITES, CONSENT + "\nwrites = true"
    )

    assert found.verdict == "INCONCLUSIVE"
    assert "create a lot: answered 401" in found.gate("checklist.ours.check")["message"]


def test_nothing_is_written_without_consent(project: Project, proxy: Proxy) -> None:
    found = check(project, "switch.rehearsal", tables(project, proxy) + WRITES, CONSENT)

    assert found.verdict == "GO"
    assert "reads only: this target has no `writes = true`" in row(found)["evidence"]
    assert not proxy.server.asked("POST /lots")


def test_the_load_keeps_to_the_rate_of_the_target(project: Project, proxy: Proxy) -> None:
    started_s = time.monotonic()
    check(
        project,
        "switch.rehearsal",
        tables(project, proxy),
        "switch = true\nmax_requests_per_second = 10",
    )

    assert len(proxy.server.requests) <= 10 * (time.monotonic() - started_s) + 8


def test_a_request_that_nobody_answers_is_lost(project: Project, proxy: Proxy) -> None:
    reads = iter(range(1_000_000))
    proxy.server["GET /who"] = lambda _seen: (
        Answer(502) if next(reads) == 50 else Answer(200, f"I am {proxy.who()}")
    )
    found = check(project, "switch.rehearsal", tables(project, proxy), CONSENT)

    assert found.verdict == "NO-GO"
    gate = found.gate("checklist.ours.check")
    assert gate["message"] == "the first was lost: GET, status 502"
    assert gate["limit"] == "0 lost"


def test_a_read_whose_connection_was_closed_under_it_is_asked_again(
    project: Project, proxy: Proxy
) -> None:
    reads = iter(range(1_000_000))
    proxy.server["GET /who"] = lambda _seen: (
        Answer(raw=b"") if next(reads) % 20 == 9 else Answer(200, f"I am {proxy.who()}")
    )
    found = check(project, "switch.rehearsal", tables(project, proxy), CONSENT)

    assert found.verdict == "GO", row(found)["evidence"]


def test_a_write_whose_connection_was_closed_under_it_is_lost_and_says_what_to_do(
    project: Project, proxy: Proxy
) -> None:
    stored, writes = proxy.server.answers["POST /lots"], iter(range(1_000_000))
    assert callable(stored)
    proxy.server["POST /lots"] = lambda seen: Answer(raw=b"") if next(writes) == 5 else stored(seen)
    found = check(
        project, "switch.rehearsal", tables(project, proxy) + WRITES, CONSENT + "\nwrites = true"
    )

    assert found.verdict == "NO-GO"
    assert "1 of" in row(found)["evidence"]
    message = found.gate("checklist.ours.check")["message"]
    assert message.startswith("the first was lost: POST, RemoteProtocolError: the connection was")
    assert "keepalive_timeout 0;" in message


def test_a_switch_that_does_not_arrive_is_told_and_traffic_ends_where_it_began(
    project: Project, proxy: Proxy
) -> None:
    proxy.file.write_text("baseline, and nobody came back")
    more = 'settle = "1s"\nto_candidate = { command = ["true"] }\n' + TO.format(side="baseline")
    found = check(project, "switch.rehearsal", tables(project, proxy, more), CONSENT)

    assert found.verdict == "NO-GO"
    assert row(found)["evidence"].endswith("to candidate: not everybody arrived")
    gate = found.gate("checklist.ours.check")
    assert gate["message"] == "after 1 s the baseline still answered"
    assert proxy.file.read_text() == "baseline\n"


def test_users_may_come_in_through_tls(project: Project, proxy: Proxy) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(PEM)
    listening = proxy.server._httpd
    listening.socket = context.wrap_socket(listening.socket, server_side=True)
    proxy.server.url = proxy.server.url.replace("http:", "https:")
    made = tables(project, proxy)
    project.target(more=CONSENT, tables=only("switch.rehearsal") + made)
    file = project.path / "cutover.toml"
    trusting = f'candidate = {{ verify = "{PEM}",'
    file.write_text(file.read_text().replace("candidate = { url", f"{trusting} url", 1))
    found = project.run("--cutover-target=staging", "--cutover-phase=switch", gate=False)

    assert found.verdict == "GO", row(found)["evidence"]


@pytest.mark.parametrize(
    ("command", "verdict", "said"),
    [
        ('["sleep", "60"]', "INCONCLUSIVE", "command to the candidate: was still running after 1"),
        ('["no-such-script"]', "INCONCLUSIVE", "command to the candidate: could not be started"),
        ('["sh", "-c", "exit 3"]', "NO-GO", "command to the candidate: status 3"),
    ],
)
def test_a_command_that_goes_wrong_ends_with_the_traffic_back(
    project: Project, proxy: Proxy, command: str, verdict: str, said: str
) -> None:
    proxy.file.write_text("baseline, and nobody came back")
    broken = f'to_candidate = {{ command = {command}, timeout = "1s" }}'
    more = f"{broken}\n{TO.format(side='baseline')}"
    found = check(project, "switch.rehearsal", tables(project, proxy, more), CONSENT)

    assert found.verdict == verdict
    assert said in row(found)["evidence"]
    assert proxy.file.read_text() == "baseline\n"


def test_a_rehearsal_needs_consent(project: Project) -> None:
    commands = 'to_candidate = { command = ["false"] }\nto_baseline = { command = ["false"] }'
    tables = switched(project, project.baseline.url, commands)

    found = check(project, "switch.rehearsal", tables)
    assert "no consent" in row(found)["evidence"]
    found = check(project, "switch.rehearsal", tables, more="switch = true\nproduction = true")
    assert "not rehearsed in production" in row(found)["evidence"]


def test_a_rehearsal_stops_at_a_configuration_that_is_wrong(project: Project) -> None:
    commands = (
        'to_candidate = { command = ["touch", "moved"] }\n'
        'to_baseline = { command = ["true"] }\n'
        'test = { command = ["sh", "-c", "echo unexpected brace; exit 1"] }'
    )
    tables = switched(project, project.baseline.url, commands)
    found = check(project, "switch.rehearsal", tables, more="switch = true")

    assert "configuration test: status 1" in row(found)["evidence"]
    assert not (project.path / "moved").exists()

"""How a provider is reached: private authorities, logins, variables, and what is given wrongly."""

from __future__ import annotations

import base64
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from pytest_cutover.core.errors import ConfigError, MistakesError
from pytest_cutover.core.exchange import Side
from tests.harness.stub_server import Answer, Seen, StubServer
from tests.integration.monitoring.worlds import provider
from tests.unit.monitoring.small_prometheus import SmallPrometheus

PEM = Path(__file__).parents[2] / "harness" / "loopback.pem"
STRANGER = PEM.with_name("stranger.pem")


@contextmanager
def served(*, tls: bool = False, get_only: bool = False) -> Iterator[StubServer]:
    """A small Prometheus, which answers nobody but Ada."""
    small = SmallPrometheus()
    small.requests({"status": "200"})
    login = "Basic " + base64.b64encode(b"ada:hunter2-hunter2").decode()

    def answer(seen: Seen) -> Answer:
        if get_only and seen.method != "GET":
            return Answer(405, "not allowed")
        if {name.lower(): text for name, text in seen.headers.items()}.get(
            "authorization"
        ) != login:
            return Answer(401, "who are you")
        return small.answer(seen)

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER) if tls else None
    if context is not None:
        context.load_cert_chain(PEM)
    with StubServer(tls=context) as server:
        for method in ("GET", "POST"):
            for path in ("query", "series"):
                server[f"{method} /api/v1/{path}"] = answer
        yield server


def table(server: StubServer, more: str = "", scheme: str = "http") -> str:
    return (
        f'[checklist.monitoring]\nprometheus = "{scheme}://127.0.0.1:{server.port}"\n{more}\n'
        'username = "ada"\npassword = "{env:METRICS_PASSWORD}"\n'
    )


@pytest.fixture(autouse=True)
def password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("METRICS_PASSWORD", "hunter2-hunter2")


@pytest.mark.parametrize("get_only", [False, True])
def test_a_login_opens_it_by_post_or_by_get(tmp_path: Path, get_only: bool) -> None:
    with served(get_only=get_only) as server, provider(tmp_path, table(server)) as opened:
        assert opened.traffic(Side.CANDIDATE).problem == ""


def test_another_password_is_refused_and_not_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("METRICS_PASSWORD", "another-password")
    with served() as server, provider(tmp_path, table(server)) as opened:
        said = opened.traffic(Side.CANDIDATE).problem

    assert "it wants credentials, or others than these; give them in" in said
    assert "another-password" not in said


def test_a_private_authority_is_named_and_one_that_is_not_is_told(tmp_path: Path) -> None:
    with served(tls=True) as server:
        named = table(server, f'verify = "{PEM}"', "https")
        with provider(tmp_path, named) as opened:
            assert opened.traffic(Side.CANDIDATE).problem == ""
        for more in ("", f'verify = "{STRANGER}"'):
            with provider(tmp_path, table(server, more, "https")) as opened:
                said = opened.traffic(Side.CANDIDATE).problem
                assert "CERTIFICATE_VERIFY_FAILED" in said
                assert "in [checklist.monitoring] verify" in said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('prometheus = "http://x"\nverify = "none.pem"', "verify = none.pem: no such file"),
        ('prometheus = "https://x"\nverify = "cutover.toml"', "not a file of certificates"),
        (
            'prometheus = "http://x"\nheaders = { Authorization = "Bearer {env:NOWHERE_SET}" }',
            "the environment variable NOWHERE_SET is not set",
        ),
        ('prometheus = "http://x"\nusername = "ada"', "username and password go together"),
        ("interval = 1", "the numbers come from prometheus or from commands"),
        (
            'prometheus = "http://x"\n[checklist.monitoring.commands]\n'
            'requests = { command = ["a"] }\nerrors = { command = ["a"] }',
            "the numbers come from prometheus or from commands",
        ),
    ],
)
def test_what_is_given_wrongly_is_named(tmp_path: Path, text: str, said: str) -> None:
    with (
        pytest.raises((ConfigError, MistakesError)) as raised,
        provider(tmp_path, f"[checklist.monitoring]\n{text}\n"),
    ):
        pass

    assert said in " ".join(str(raised.value).split())


@pytest.mark.parametrize(
    ("word", "said"),
    [("no-such-program", "could not be started"), ("echo", "which is no number")],
)
def test_a_command_that_waiting_does_not_mend_is_a_mistake(
    tmp_path: Path, word: str, said: str
) -> None:
    command = f'{{ command = ["{word}", "hello"] }}'
    text = f"requests = {command}\nerrors = {command}\n"
    with provider(
        tmp_path, f"[checklist.monitoring]\n[checklist.monitoring.commands]\n{text}"
    ) as opened:
        wrong = opened.check(Side.CANDIDATE, []).mistakes

    assert [one.key for one in wrong] == [
        "checklist.monitoring.commands.requests",
        "checklist.monitoring.commands.errors",
    ]
    assert said in wrong[0].what

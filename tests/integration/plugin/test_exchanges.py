"""What belongs to a transcript: set-up, teardown, threads, streams, polls, users, async tests."""

from __future__ import annotations

import itertools
import time

import pytest

from tests.harness.project import Project
from tests.harness.stub_server import Answer, Seen
from tests.integration.plugin.spying import recorded, suite


def test_set_up_body_and_teardown_are_one_transcript(things: Project) -> None:
    suite(
        things,
        """
        @pytest.fixture
        def thing(backend):
            backend.get("/a")
            yield
            backend.get("/d")

        @C("GET /a", "GET /b", "GET /d")
        def test_it(backend, thing):
            backend.get("/b")
        """,
    )
    assert things.run().verdict == "GO"
    for side in ("baseline", "candidate"):
        found = recorded(things, f"test_it-{side}")
        assert found["closed"] is True
        assert [one[0] for one in found["asked"]] == ["GET /a", "GET /b", "GET /d"]


def test_a_thread_that_is_still_asking_when_the_body_ends_is_waited_for(things: Project) -> None:
    def slowly(_seen: Seen) -> Answer:
        time.sleep(0.3)
        return Answer(200, {"slow": True})

    things.both("GET /b", slowly)
    suite(
        things,
        """
        import threading

        @C("GET /a", "GET /b")
        def test_it(backend):
            threading.Thread(target=backend.get, args=("/b",)).start()
            backend.get("/a")
        """,
    )
    things.run()
    found = recorded(things, "test_it-candidate")
    assert {one[0] for one in found["asked"]} == {"GET /a", "GET /b"}
    assert found["late"] == 0


def test_set_up_that_fails_leaves_its_transcript(things: Project) -> None:
    suite(
        things,
        """
        @pytest.fixture
        def thing(backend):
            assert backend.get("/nowhere").status_code == 200

        @C("GET /nowhere")
        def test_it(backend, thing):
            pass
        """,
    )
    things.run()
    assert [one[0] for one in recorded(things, "test_it-baseline")["asked"]] == ["GET /nowhere"]


def test_a_poll_is_marked_and_gives_the_answer_that_was_waited_for(things: Project) -> None:
    turns = itertools.count()
    things.both("GET /job", lambda _seen: Answer(200, {"done": next(turns) % 3 == 2}))
    suite(
        things,
        """
        @C("GET /job", "GET /a")
        def test_it(backend):
            backend.get("/a")
            last = backend.poll("/job", until=lambda r: r.json()["done"], interval_s=0.01)
            assert last.json() == {"done": True}
            with pytest.raises(AssertionError, match="never gave what was waited for"):
                backend.poll("/a", until=lambda r: False, timeout_s=0.05, interval_s=0.02)
        """,
    )
    things.run()
    polls = [one[1] for one in recorded(things, "test_it-baseline")["asked"]]
    assert polls[:4] == [0, 1, 1, 1]
    assert set(polls[4:]) == {2}


EVENTS = 'id: 7\nevent: hello\ndata: {"n": 1}\n\n: ping\n\ndata: two\ndata: lines\n\n'


def endless(project: Project, first: str = EVENTS) -> None:
    """Let both sides send events, and then a comment now and then until nobody listens."""
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n"
    project.both("GET /events", Answer(raw=head + first.encode(), linger=True))


@pytest.mark.parametrize(
    ("read", "body"),
    [
        ("assert next(answer.iter_lines()) == 'id: 7'", "id: 7\n"),
        (
            "[one, two] = answer.iter_events(count=2)\n"
            "        assert (one.event, one.data, one.id) == ('hello', '{\"n\": 1}', '7')\n"
            "        assert (two.event, two.data) == ('message', 'two\\nlines')",
            EVENTS.replace(": ping\n\n", ""),
        ),
        ("pass", ""),
    ],
    ids=["line", "events", "nothing"],
)
def test_of_a_stream_what_the_test_read_is_kept(things: Project, read: str, body: str) -> None:
    endless(things)
    suite(
        things,
        f"""
@C("GET /events")
def test_it(backend):
    with backend.stream("GET", "/events") as answer:
        {read}
""",
    )
    run = things.run()
    assert run.verdict == "GO"
    assert recorded(things, "test_it-candidate")["asked"] == [["GET /events", 0, False, body]]


def test_a_difference_in_what_was_read_of_a_stream_is_found(things: Project) -> None:
    endless(things)
    endless_other = EVENTS.replace('"n": 1', '"n": 2')
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n"
    things.candidate["GET /events"] = Answer(raw=head + endless_other.encode(), linger=True)
    suite(
        things,
        """
        @C("GET /events")
        def test_it(backend):
            with backend.stream("GET", "/events") as answer:
                [event] = answer.iter_events(count=1)
        """,
    )
    assert things.run().verdict == "NO-GO"


def test_a_stream_that_is_read_whole_is_compared_whole(things: Project) -> None:
    suite(
        things,
        """
        @C("GET /a")
        def test_it(backend):
            with backend.stream("GET", "/a") as answer:
                assert answer.read() == b'{"path": "/a"}'
        """,
    )
    assert things.run().verdict == "GO"
    assert recorded(things, "test_it-baseline")["asked"][0][2] is True


LOGIN = """
    @pytest.fixture
    def cutover_login(backend, user):
        name = user or "everybody"
        backend.headers["Authorization"] = f"Bearer token-of-{name}-{backend.name}"
"""


def test_other_users_and_nobody_speak_in_the_same_transcript(things: Project) -> None:
    things.both(
        "GET /me",
        lambda seen: Answer(200, {"is": seen.headers.get("authorization", "").split("-")[2:3]}),
    )
    suite(
        things,
        """
        @C("GET /me")
        def test_it(backend):
            who = [backend, backend.as_user("auditor"), backend.as_user(None), backend]
            said = [one.get("/me").json()["is"] for one in who]
            assert said == [["everybody"], ["auditor"], [], ["everybody"]]
        """,
        LOGIN,
    )
    assert things.run().verdict == "GO"
    assert len(recorded(things, "test_it-candidate")["asked"]) == 4


def test_a_login_that_knows_one_user_says_so(things: Project) -> None:
    suite(
        things,
        """
        @C("GET /a")
        def test_it(backend):
            backend.as_user("auditor").get("/a")
        """,
        """
        @pytest.fixture
        def cutover_login(backend):
            pass
        """,
    )
    run = things.run()
    assert "cutover_login(backend, user)" in run.screen


ASYNC = """
    {mark}
    @C("GET /a", "GET /b", "GET /c")
    async def test_it(async_backend):
        {gather}
        assert [one.json()["path"] for one in found] == ["/c", "/a", "/b"]
        answer = await async_backend.post("/echo", json={{"code": async_backend.unique("LOT")}})
        assert answer.status_code == 201
        last = await async_backend.as_user(None).poll("/a", until=lambda r: r.is_success)
        assert last.json() == {{"path": "/a"}}
"""


def test_requests_in_flight_at_once_are_kept_in_the_order_of_asking(things: Project) -> None:
    def slowly(_seen: Seen) -> Answer:
        time.sleep(0.2)
        return Answer(200, {"path": "/c"})

    things.baseline["GET /c"] = slowly
    things.both("POST /echo", lambda seen: Answer(201, seen.body.decode()))
    suite(
        things,
        ASYNC.format(
            mark="@pytest.mark.anyio",
            gather="import asyncio; all_of = map(async_backend.get, ['/c', '/a', '/b']); "
            "found = await asyncio.gather(*all_of)",
        ),
        """
        @pytest.fixture
        def anyio_backend():
            return "asyncio"
        """,
    )
    assert things.run("--cutover-writes").verdict == "GO"
    for side in ("baseline", "candidate"):
        asked = [one[0] for one in recorded(things, f"test_it-{side}")["asked"]]
        assert asked == ["GET /c", "GET /a", "GET /b", "POST /echo", "GET /a"]

"""What belongs to a transcript: set-up, teardown, threads, streams, polls, users, async tests."""

from __future__ import annotations

import itertools
import json
import shlex
import textwrap
import time
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.harness.project import Project
from tests.harness.run import Run
from tests.harness.stub_server import Answer, Seen

# Writes down what was recorded, when all of it is: as a room that judges would read it.
SPY = """
    import json, pathlib, pytest
    from pytest_cutover.backends.session import RECORDERS, SESSION

    def said(recorder):
        return {
            "closed": recorder.closed,
            "late": len(recorder.late),
            "asked": [
                [e.endpoint, e.poll, e.whole, e.response.body.decode() if e.response else None]
                for e in recorder.exchanges
            ],
        }

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_teardown(item):
        yield
        for variant, recorder in item.stash[RECORDERS].items():
            name = f"{item.originalname}-{variant}.json"
            pathlib.Path(name).write_text(json.dumps(said(recorder)))
        for side, recorder in item.config.stash[SESSION].seeds.items():
            pathlib.Path(f"seed-{side}.json").write_text(json.dumps(said(recorder)))
"""


def recorded(project: Project, name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((project.path / f"{name}.json").read_text("utf-8"))
    return found


def suite(project: Project, text: str, conftest: str = "") -> None:
    project.write("conftest.py", textwrap.dedent(SPY) + textwrap.dedent(conftest))
    project.write(
        "test_it.py", "import pytest\n\nC = pytest.mark.characterization\n" + textwrap.dedent(text)
    )


@pytest.fixture
def things(project: Project) -> Project:
    for path in ("/a", "/b", "/c", "/d"):
        project.both(f"GET {path}", Answer(200, {"path": path}))
    return project


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


def test_a_seed_is_made_once_and_recorded_by_itself(things: Project) -> None:
    things.both("POST /lots", Answer(201, {"id": 1}))
    suite(
        things,
        """
        @C("GET /a")
        def test_a(backend):
            backend.get("/a")

        @C("GET /b")
        def test_b(backend):
            backend.get("/b")
        """,
        """
        @pytest.fixture
        def cutover_seed(baseline, candidate):
            for side in (baseline, candidate):
                side.post("/lots", json={"code": side.unique("LOT")})
        """,
    )
    run = things.run("--cutover-writes")
    assert run.verdict == "GO"
    assert len(things.baseline.asked("POST /lots")) == 1
    assert len(things.candidate.asked("POST /lots")) == 1
    assert recorded(things, "seed-candidate")["asked"][0][0] == "POST /lots"


SEEDED = (
    """
    @C("GET /a")
    def test_a(backend):
        backend.get("/a")
    """,
    """
    @pytest.fixture
    def cutover_seed(baseline, candidate):
        for side in (baseline, candidate):
            side.post("/lots", json={"code": "A-1"})
    """,
)
SHARING = {None: "", True: "shared_state = true", False: "shared_state = false"}


def seeded(things: Project, shared: bool | None) -> Run:
    things.target(more=f"writes = true; {SHARING[shared]}".replace("; ", "\n            "))
    return things.run("--cutover-target=staging", gate=False)


def lot(**more: Any) -> Callable[[Seen], Answer]:
    def answer(_seen: Seen) -> Answer:
        body = {"id": str(uuid.uuid4()), "code": "A-1", "at": datetime.now(UTC).isoformat(), **more}
        return Answer(201, body)

    return answer


@pytest.mark.parametrize("shared", SHARING)
def test_ids_and_times_of_a_seed_accuse_nobody(things: Project, shared: bool | None) -> None:
    things.both("POST /lots", lot())
    suite(things, *SEEDED)
    run = seeded(things, shared)
    assert run.verdict == "GO", run.screen


@pytest.mark.parametrize("shared", SHARING)
def test_what_the_candidate_answers_otherwise_to_a_seed_is_a_difference(
    things: Project, shared: bool | None
) -> None:
    things.both("POST /lots", lot(weight="4.20"))
    things.candidate["POST /lots"] = lot(weight=4.2)
    suite(things, *SEEDED)
    run = seeded(things, shared)
    assert run.verdict == "NO-GO"
    assert [one["pointer"] for one in run.report["findings"]] == ["/weight"]
    assert run.report["findings"][0]["nodeids"] == ["cutover_seed"]
    assert "cutover_seed" in run.screen


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [("raw", "cooked"), (5, 6), (4.25, 9.75), ("2031-05-01", "2032-05-01"), ("10.0.0.1", "::1")],
)
def test_a_value_of_a_seed_that_differs_is_never_taken_for_equal(
    things: Project, ours: Any, theirs: Any
) -> None:
    things.both("POST /lots", lot(what=ours))
    things.candidate["POST /lots"] = lot(what=theirs)
    suite(things, *SEEDED)
    for shared in SHARING:
        assert seeded(things, shared).verdict != "GO"


def test_a_value_of_a_seed_that_differs_is_open_and_can_be_waived(things: Project) -> None:
    things.both("POST /lots", lot(status="raw"))
    things.candidate["POST /lots"] = lot(status="cooked")
    suite(things, *SEEDED)
    run = seeded(things, False)
    assert run.verdict == "INCONCLUSIVE"
    assert "/status was not compared: a seed is asked once" in run.screen
    gate = next(one for one in run.report["gates"] if one["id"] == "parity.in-full")
    assert '--scope "cutover_seed"' in gate["next"]
    command = shlex.split(gate["next"].replace("…", "each draws its own"))
    assert things.module("pytest_cutover", *command[1:], "--approver=me").finish().status == 0
    assert seeded(things, False).verdict == "GO"


@pytest.mark.parametrize("status", [200, 409, 422])
def test_the_second_of_two_sides_on_one_database_may_find_what_the_first_made(
    things: Project, status: int
) -> None:
    things.both("POST /lots", lot())
    things.candidate["POST /lots"] = Answer(status, {"error": "exists"})
    suite(things, *SEEDED)
    assert seeded(things, False).verdict == "NO-GO"
    run = seeded(things, None)
    assert run.verdict == "INCONCLUSIVE"
    assert "shared_state in the target says so" in run.screen
    assert seeded(things, True).verdict == "GO"


@pytest.mark.parametrize("status", [302, 401, 404, 500])
@pytest.mark.parametrize("shared", SHARING)
def test_what_no_row_that_exists_explains_is_a_difference(
    things: Project, shared: bool | None, status: int
) -> None:
    things.both("POST /lots", lot())
    things.candidate["POST /lots"] = Answer(status, {"error": "no"})
    suite(things, *SEEDED)
    assert seeded(things, shared).verdict == "NO-GO"


@pytest.mark.parametrize("shared", [None, True])
def test_the_second_of_two_sides_on_one_database_sees_the_rows_of_the_first(
    things: Project, shared: bool | None
) -> None:
    rows: list[str] = []

    def search(seen: Seen) -> Answer:
        rows.append(json.loads(seen.body)["code"])
        return Answer(201, {"all": [{"code": code} for code in rows]})

    things.both("POST /lots", search)
    suite(things, SEEDED[0], SEEDED[1].replace('"A-1"', 'side.unique("LOT")'))
    assert seeded(things, shared).verdict == ("GO" if shared else "INCONCLUSIVE")


def test_a_seed_beside_a_crossover_alone_is_compared(things: Project) -> None:
    things.both("POST /lots", lot(weight="4.20"))
    things.candidate["POST /lots"] = lot(weight=4.2)
    suite(
        things,
        """
        @pytest.mark.crossover("GET /a")
        def test_a(baseline, candidate):
            assert baseline.get("/a").json() == candidate.get("/a").json()
        """,
        SEEDED[1],
    )
    assert seeded(things, None).verdict == "NO-GO"


def made(ids: Iterator[str]) -> Callable[[Seen], Answer]:
    return lambda seen: Answer(201, {"id": next(ids), **json.loads(seen.body)})


@pytest.mark.parametrize(("shown", "verdict"), [(0, "GO"), (1, "NO-GO")])
def test_ids_that_a_seed_was_given_are_known_to_the_tests(
    things: Project, shown: int, verdict: str
) -> None:
    for side, newest in ((things.baseline, 0), (things.candidate, shown)):
        ids = [str(uuid.uuid4()) for _ in "AB"]
        side["POST /lots"] = made(iter(ids))
        side["GET /newest"] = Answer(200, {"lot": {"id": ids[newest], "code": "A"}})
    suite(
        things,
        """
        @C("GET /newest")
        def test_newest(backend):
            backend.get("/newest")
        """,
        """
        def pytest_cutover_seed(baseline, candidate):
            for side in (baseline, candidate):
                for code in "AB":
                    side.post("/lots", json={"code": code})
            return True
        """,
    )
    run = seeded(things, False)
    assert run.verdict == verdict, run.screen


def test_a_seed_that_fails_is_told(things: Project) -> None:
    suite(
        things,
        """
        @C("GET /a")
        def test_a(backend):
            backend.get("/a")
        """,
        """
        def pytest_cutover_seed(baseline, candidate):
            assert baseline.get("/nowhere").status_code == 200
        """,
    )
    run = things.run()
    assert run.verdict != "GO"
    assert "cutover_seed failed" in run.screen


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

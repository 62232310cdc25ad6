"""What a suite makes on both sides before its tests, and what it is answered."""

from __future__ import annotations

import json
import shlex
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.harness.project import Project
from tests.harness.run import Run
from tests.harness.stub_server import Answer, Seen
from tests.integration.plugin.spying import recorded, suite


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

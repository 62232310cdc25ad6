"""What one side is sent stands for what the other was, and nothing else that looks like it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pytest_cutover.core.exchange import Exchange, Generated, Request, Response, Side, Transcript
from pytest_cutover.fuzz.generate.case import Binding, Call, Case
from pytest_cutover.fuzz.run.case_sender import CaseSender, earlier, located

MAKE, READ = Call(endpoint="POST /rows"), Call(endpoint="GET /rows/{id}", path={"id": "0"})


class _Client:
    """A side that gives out rows, and answers 429 as often as it is told to."""

    def __init__(self, made: Any, *, refusals: int = 0) -> None:
        self.exchanges: list[Exchange] = []
        self.asked: list[str] = []
        self._made, self._refusals = made, refusals

    def begin(self, _generated: object = ()) -> None:
        self.exchanges.clear()

    def note(self, generated: Generated) -> None:
        """Know nothing of it."""

    def forget_last(self) -> None:
        del self.exchanges[-1:]

    def send(self, endpoint: str, target: str, *_rest: object, **_more: object) -> Response:
        self.asked.append(target)
        self._refusals -= 1
        refused = Response(429, (("Retry-After", "2"),), b"")
        answer = Response(201, (), json.dumps(self._made).encode())
        response = refused if self._refusals >= 0 else answer
        self.exchanges.append(Exchange(Request("GET", target), response, endpoint))
        return response

    def transcript(self) -> Transcript:
        return Transcript("fuzz", Side.CANDIDATE, tuple(self.exchanges))


def _sent(client: _Client, *cases: Case, wanted: tuple[str, ...] = ()) -> Transcript:
    sender = CaseSender(client)  # type: ignore[arg-type]
    told = [sender(case, {}, lambda _binding: wanted) for case in cases]
    return told[-1]


@pytest.mark.parametrize(
    ("made", "read"),
    [
        ({"id": 48, "meta": {"took_ms": 18}}, "/rows/48"),
        ({"id": 48, "rows": [{"id": 18}]}, "/rows/18"),
    ],
)
def test_an_id_of_the_other_side_is_known_under_its_own_name(made: Any, read: str) -> None:
    binding = Binding(place="path/id", step=0, pointer="/id")
    client = _Client(made)
    read_it = Call(endpoint=READ.endpoint, path=READ.path, bindings=(binding,))
    _sent(client, Case((MAKE, read_it)), wanted=("18",))
    assert client.asked[-1] == read


@pytest.mark.parametrize(("refusals", "statuses"), [(2, [201]), (9, [429])])
def test_a_side_that_limits_the_rate_is_waited_for(
    refusals: int, statuses: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[float] = []
    monkeypatch.setattr("time.sleep", waited.append)
    told = _sent(_Client({}, refusals=refusals), Case((MAKE,)))
    assert [one.response.status for one in told.exchanges if one.response] == statuses
    assert waited == [2.0] * min(refusals, 3)


@pytest.mark.parametrize(
    ("location", "last"),
    [("/jobs/51", "51"), ("http://x/v2/jobs/a%2Fb/?c=1", "a/b"), ("/", None), ("", None)],
)
def test_an_address_ends_with_the_id_of_what_was_made(location: str, last: str | None) -> None:
    assert located(Response(202, (("Location", location),), b"")) == last


def test_the_next_page_is_what_a_link_of_the_answer_says() -> None:
    link = (("Link", '<http://a/log?cursor=header>; rel="next"'),)
    answer = Response(200, link, b'{"next": "/log?cursor=body%20two&limit=1"}')
    exchange = Exchange(Request("GET", "/log"), answer, "GET /log")
    found = [
        earlier([exchange], Binding("query/cursor", step=0, pointer=pointer))
        for pointer in ("/next?cursor", "/headers/link?cursor", "/next?gone")
    ]
    assert found == ["body two", "header", None]

"""What follows where one side alone took a write, and what is compared as ever."""

from __future__ import annotations

import json
import os
from pathlib import Path

from pytest_cutover.compare.confirm.confirmation import Round
from pytest_cutover.compare.diff.difference import Difference, Kind
from pytest_cutover.core.exchange import Exchange, Request, Response, Side, Transcript
from pytest_cutover.fuzz.generate.case import Binding, Call, Case
from pytest_cutover.fuzz.run.data_of_sides import DataOfSides

LIST = Call(endpoint="GET /items")
CREATE = Call(endpoint="POST /items", body={})
READ = Call(endpoint="GET /items/{id}", path={"id": "0"}, bindings=(Binding("path/id", 0, "/id"),))


def _round(
    case: Case,
    ours: list[int],
    theirs: list[int],
    left: list[str] | None = None,
    right: list[str] | None = None,
    targets: list[str] | None = None,
) -> Round:
    """Statuses of both sides; `left` and `right` are the keys of the rows that each answers."""
    sides = [
        Transcript(
            "fuzz",
            side,
            tuple(
                Exchange(
                    Request(call.method, target), Response(status, (), _body(rows)), call.endpoint
                )
                for call, status, target in zip(
                    case.calls, statuses, targets or ["/"] * len(statuses), strict=True
                )
            ),
        )
        for side, statuses, rows in ((Side.BASELINE, ours, left), (Side.CANDIDATE, theirs, right))
    ]
    return Round(*sides)


def _body(rows: list[str] | None) -> bytes:
    listed = [{"id": row} for row in rows or ()]
    made = listed[0] if rows == ["new"] else listed
    return b"" if rows is None else json.dumps(made).encode()


def _difference(case: Case, exchange: int = 0, pointer: str = "/total") -> Difference:
    return Difference(exchange, case.calls[exchange].endpoint, Kind.VALUE, pointer, "1 → 2")


def test_a_list_follows_a_write_that_one_side_took_and_nothing_before_it() -> None:
    data = DataOfSides()
    listing, writing = Case((LIST,)), Case((CREATE,))
    equal = _round(listing, [200], [200])
    data.note(equal)
    assert not data.follows(listing, _difference(listing), equal)
    data.note(_round(writing, [409], [500]))  # neither took it
    assert not data.follows(listing, _difference(listing), equal)
    data.note(_round(writing, [201], [422]))
    assert data.follows(listing, _difference(listing), equal)
    assert not data.follows(listing, _difference(listing, pointer="/headers/cache-control"), equal)


def test_what_a_case_made_itself_and_what_was_never_read_before_is_compared() -> None:
    data = DataOfSides()
    own, listing = Case((CREATE, READ)), Case((LIST,))
    data.note(_round(own, [201, 200], [201, 200]))
    data.note(_round(Case((CREATE,)), [201], [422]))
    both = _round(own, [201, 200], [201, 200])
    assert not data.follows(own, _difference(own, 1), both)
    assert not data.follows(own, _difference(own, 0), both)  # a write tells itself
    assert not data.follows(listing, _difference(listing), _round(listing, [200], [200]))


def test_what_comes_after_the_write_that_one_side_took_follows_from_it() -> None:
    own = Case((CREATE, READ))
    parted = _round(own, [201, 200], [422, 404])
    data = DataOfSides()
    data.note(parted)
    assert data.follows(own, _difference(own, 1), parted)
    assert not data.follows(own, _difference(own, 0), parted)


def test_what_one_worker_writes_is_known_to_the_others_before_they_ask(tmp_path: Path) -> None:
    """With two workers the rows that one side alone had taken were accused, by the other one."""
    shared = tmp_path / "data"
    data = DataOfSides(shared)
    listing = Case((LIST,))
    equal = _round(listing, [200], [200])
    data.note(equal)
    # Another worker's: lines of one's own are known already.
    with shared.open("a") as file:
        file.write("0 GET /others\n0 parted\n0 GET /half")
    assert not data.follows(listing, _difference(listing), equal)
    data.note(equal)
    assert data.follows(listing, _difference(listing), equal)
    others = Case((Call(endpoint="GET /others"),))
    assert data.follows(others, _difference(others), _round(others, [200], [200]))
    half = Case((Call(endpoint="GET /half"),))
    assert not data.follows(half, _difference(half), _round(half, [200], [200]))


def test_a_write_that_one_side_took_is_told_at_once(tmp_path: Path) -> None:
    shared = tmp_path / "data"
    DataOfSides(shared).tell(_round(Case((CREATE,)), [201], [201]))
    assert not shared.exists()
    DataOfSides(shared).tell(_round(Case((CREATE,)), [201], [422]))
    assert shared.read_text().endswith(' written [[[], []], [], "item", 0, [[], []], [], ""]\n')
    other = DataOfSides(shared)
    shared.write_text(shared.read_text().replace(str(os.getpid()), "0"))
    one, more = _round(Case((LIST,)), [200], [200], ["a"], ["a", "b"]), _body(["a"])
    assert other.without_what_is_alone(one).candidate.exchanges[0].response == Response(
        200, (), more
    )


def test_rows_that_both_have_are_compared_in_lists_that_were_read_before() -> None:
    data = DataOfSides()
    listing, writing = Case((LIST,)), Case((CREATE,))
    data.note(_round(listing, [200], [200], ["a", "b", "c"], ["a", "b", "c"]))
    data.note(_round(writing, [422], [201], [], ["new"]))
    order = Difference(0, "GET /items", Kind.ORDER, "", "order → another")
    length = Difference(0, "GET /items", Kind.LENGTH, "", "shorter")

    def follows(difference: Difference, theirs: list[str]) -> bool:
        read = _round(listing, [200], [200], ["a", "b", "c"], theirs)
        return data.follows(listing, difference, data.without_what_is_alone(read))

    assert not follows(order, ["c", "new", "b", "a"])
    assert not follows(length, ["a", "c", "new"])
    assert follows(length, ["a", "b"])  # the other page may have it
    assert follows(_difference(listing), ["a", "b", "c"])
    inside = Difference(0, "GET /items", Kind.ORDER, "/1/lines", "order → another")
    assert follows(inside, ["a", "b", "c"])  # the row was written like this


def test_what_one_side_alone_has_answers_only_there() -> None:
    data = DataOfSides()
    read = Case((Call(endpoint="GET /items/{id}", path={"id": "new"}),))
    data.note(_round(Case((CREATE,)), [422], [201], [], ["new"]))
    status = Difference(0, "GET /items/{id}", Kind.STATUS, "", "404 → 200")
    asked = _round(read, [404], [200], targets=["/items/new"])
    assert data.follows(read, status, asked)
    other = _round(read, [404], [200], targets=["/items/other"])
    assert not data.follows(read, status, other)

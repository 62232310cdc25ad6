"""What fresh processes do not share is forgiven in value or order, and held to form and content."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_cutover.compare.confirm.confirmation import Judged, Round
from pytest_cutover.compare.confirm.process_places import (
    ProcessPlaces,
    belongs,
    without,
)
from pytest_cutover.compare.diff.account import Account, Fate
from pytest_cutover.compare.diff.difference import Difference, Kind
from pytest_cutover.compare.diff.ids.correspondence import Correspondence
from pytest_cutover.core.exchange import Exchange, Request, Response, Side, Transcript
from pytest_cutover.core.unique import new_unique

ENDPOINT = "GET /status"
CODES = [(new_unique("click"), new_unique("click")) for _ in range(6)]


@pytest.mark.parametrize(
    ("base", "cand", "first", "second"),
    [
        (b"4711", b"4820", b"5012", b"5013"),
        (b"1764115200123", b"1764115201456", b"1764115300789", b"1764115302001"),
        ("2026-11-26T02:03:04Z", "2026-11-26T02:02:59Z", "2026-11-26T02:09:04Z",
         "2026-11-26T02:09:06Z"),
        ("web-3f2a9c", "web-77b1d0", "web-c00d1e", "web-0badf0"),
        ("up since 02:03:04, 4 workers", "up since 01:59:59, 4 workers",
         "up since 02:04:04, 4 workers", "up since 02:04:06, 4 workers"),
        (["a", "b", "c"], ["c", "a", "b"], ["a", "b", "c"], ["b", "a", "c"]),
        ("{'a', 'b'}", "{'b', 'a'}", "{'a', 'b'}", "{'b', 'a'}"),
        ("localhost", "node-7", "node-3", "node-4"),
    ],
)  # fmt: skip
def test_a_process_says_it_in_its_own_way(base: Any, cand: Any, first: Any, second: Any) -> None:
    assert belongs([base, base], [cand, cand], [first, second])
    assert not belongs([base, base], [cand, cand], [first, first])


@pytest.mark.parametrize(
    ("base", "cand", "first", "second"),
    [
        (b"4711", "4711", b"5012", b"5013"),
        (b"4711", b"4711.5", b"5012", b"5013"),
        (b"1764115200123", b"1764115200", b"1764115300789", b"1764115302001"),
        ("1764115200123", "1764115200", "1764115300789", "1764115302001"),
        ("2026-11-26T02:03:04Z", "2026-11-26 02:03:04", "2026-11-26T02:09:04Z",
         "2026-11-26T02:09:06Z"),
        ("up since 02:03:04, 4 workers", "up since 01:59:59, 1 workers",
         "up since 02:04:04, 4 workers", "up since 02:04:06, 4 workers"),
        (["a", "b", "c"], ["c", "a", "x"], ["a", "b", "c"], ["b", "a", "c"]),
        (["a", "b", "c"], ["c", "a"], ["a", "b", "c"], ["b", "a", "c"]),
        (["a", "b"], ["b", "a", "a"], ["a", "b"], ["b", "a"]),
        ("{'a', 'b'}", "{'b', 'x'}", "{'a', 'b'}", "{'b', 'a'}"),
        ("web-3f2a9c", "", "web-c00d1e", "web-0badf0"),
        ("web-3f2a9c", None, "web-c00d1e", "web-0badf0"),
    ],
)  # fmt: skip
def test_what_has_another_form_or_content_stays(
    base: Any, cand: Any, first: Any, second: Any
) -> None:
    assert not belongs([base, base], [cand, cand], [first, second])


@pytest.mark.parametrize("twins", [("CE7-", "CE8A"), ("CE8-", "C-_9"), ("CE8A", "CE8B")])
def test_a_stamp_may_have_a_hyphen_by_chance(twins: tuple[str, str]) -> None:
    def page(stamp: str, workers: int = 4) -> str:
        return f'var TS = "{stamp}", n = {workers};\nvar lang = "eng";'

    fresh = [page(one) for one in twins]
    assert belongs([page("CE76")] * 2, [page("CE77")] * 2, fresh)
    assert not belongs([page("CE76")] * 2, [page("CE77", 1)] * 2, fresh)
    assert not belongs([page("CE76")] * 2, [page("CE-776")] * 2, fresh)
    names = [page(f"{node}-of-4") for node in ("n3f", "nc0", "nd1")]
    assert belongs(names[:1] * 2, [page("n77-of-4")] * 2, names[1:])
    assert not belongs(names[:1] * 2, [page("n77-of-1")] * 2, names[1:])


def test_what_moves_from_round_to_round_is_state() -> None:
    assert not belongs([b"10", b"11"], [b"12", b"13"], [b"4", b"5"])
    assert not belongs([b"10", b"10"], [b"12", b"13"], [b"4", b"5"])


def test_a_moving_number_beside_a_start_time_is_held_to_its_form() -> None:
    base = ["n 10 start 1764115200.123", "n 11 start 1764115200.123"]
    cand = ["n 20 start 1764115209.456", "n 21 start 1764115209.456"]
    twins = ["n 1 start 1764115300.789", "n 1 start 1764115302.001"]
    assert belongs(base, cand, twins)
    assert not belongs(base, [text.replace("n 2", "n x2") for text in cand], twins)


@given(st.integers(0, 10**6), st.integers(0, 10**6), st.integers(1, 10**6))
def test_state_that_fresh_processes_share_is_never_forgiven(
    base: int, cand: int, fresh: int
) -> None:
    known = [str(fresh).encode()] * 2
    assert not belongs([str(base).encode()] * 2, [str(cand).encode()] * 2, known)


def said(side: Side, **body: Any) -> Transcript:
    answer = Response(200, (("Content-Type", "application/json"),), json.dumps(body).encode())
    return Transcript("test", side, (Exchange(Request("GET", "/status"), answer, ENDPOINT),))


def number(pointer: str) -> Difference:
    return Difference(0, ENDPOINT, Kind.VALUE, pointer, "integer → integer", "1", "2")


def test_a_place_is_learned_once_for_all_tests() -> None:
    places = ProcessPlaces()
    both = [number("/pid"), number("/left")]
    twins = [said(Side.BASELINE, pid=pid, left=20) for pid in (71, 72)]
    places.learn(both, twins)
    later = Round(said(Side.BASELINE, pid=50, left=17), said(Side.CANDIDATE, pid=60, left=16))
    assert places.forgiven(both, [later]) == [both[0]]


def test_a_row_of_a_table_of_settings_is_not_the_next_one() -> None:
    def table(side: Side, pid: int, workers: int) -> Transcript:
        return said(side, rows=[{"n": "pid", "v": pid}, {"n": "workers", "v": workers}])

    places = ProcessPlaces()
    both = [number("/rows/0/v"), number("/rows/1/v")]
    places.learn(both, [table(Side.BASELINE, pid, 4) for pid in (71, 72)])
    later = Round(table(Side.BASELINE, 50, 4), table(Side.CANDIDATE, 60, 5))
    assert places.forgiven(both, [later]) == [both[0]]


@pytest.mark.parametrize("member", [["all", "own"], "all, own"])
def test_an_order_that_two_twins_share_by_chance_is_told_by_the_next(member: Any) -> None:
    other = member[::-1] if isinstance(member, list) else "own, all"
    one = Difference(0, ENDPOINT, Kind.ORDER, "/roles", "order → another", "a", "b")
    fresh = [said(Side.BASELINE, roles=member) for _ in range(2)]
    later = Round(said(Side.BASELINE, roles=member), said(Side.CANDIDATE, roles=other))
    places = ProcessPlaces()
    places.learn([one], fresh)
    assert places.forgiven([one], [later]) == []
    places.learn([one], [fresh[0], said(Side.BASELINE, roles=other)])
    assert places.forgiven([one], [later]) == [one]
    longer = Round(later.baseline, said(Side.CANDIDATE, roles=member * 2))
    assert places.forgiven([one], [longer]) == []


def test_a_place_of_another_request_is_not_learned() -> None:
    places = ProcessPlaces()
    places.learn([number("/pid")], [said(Side.BASELINE, pid=71), said(Side.BASELINE, other=1)])
    assert not places.knows(number("/pid"))


def test_the_account_says_what_was_forgiven() -> None:
    account = Account()
    account.note(ENDPOINT, Fate.DIFFERENT, number=2)
    judged = Judged((number("/pid"), number("/left")), account=account)
    found = without(judged, [number("/pid")])
    assert found.differences == (number("/left"),)
    assert found.account.of(Fate.DIFFERENT) == 1
    assert found.account.places[ENDPOINT, Fate.CONSTRAINED, "belongs to the process"] == 1


def test_values_of_both_sides_beside_a_start_time_stand_for_each_other() -> None:
    base, cand = ["clicks-abcd 1\nstart 100.5\n"] * 2, ["clicks-efgh 1\nstart 200.5\n"] * 2
    twins = ["clicks-abcd 1\nstart 300.5\n", "start 400.5\n"]
    assert belongs(base, cand, twins, lambda text: text.replace("abcd", "efgh"))
    assert not belongs(base, cand, twins)
    shared = ["clicks-abcd 1\nstart 200.5\n"] * 2
    assert belongs(base, shared, twins, lambda text: text.replace("abcd", "efgh"))


def test_lines_of_other_tests_in_their_order_do_not_hide_a_start_time() -> None:
    known = Correspondence()
    known.generated(CODES)

    def text(names: list[str], start: str) -> str:
        return "".join([*(f"{name} 1\n" for name in names), f"start {start}\n"])

    def lines(side: Side, names: list[str], start: str) -> Transcript:
        answer = Response(200, (("Content-Type", "text/plain"),), text(names, start).encode())
        return Transcript("test", side, (Exchange(Request("GET", "/status"), answer, ENDPOINT),))

    names = [sorted(side) for side in zip(*CODES, strict=True)]
    whole, places = (
        Difference(0, ENDPOINT, Kind.VALUE, "", "text → text", "a", "b"),
        ProcessPlaces(),
    )
    places.learn([whole], [lines(Side.BASELINE, names[0], start) for start in ("300.5", "400.5")])

    def is_forgiven(shown: list[str]) -> bool:
        one = Round(lines(Side.BASELINE, names[0], "100.5"), lines(Side.CANDIDATE, shown, "200.5"))
        return places.forgiven([whole], [one], known) == [whole]

    assert is_forgiven(names[1])
    assert not is_forgiven([*names[1][:-1], "clickfoo"])
    assert not is_forgiven(names[1][::-1])

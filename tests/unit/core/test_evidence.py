"""The evidence channel: what a test showed arrives as it was sent, once, and without a secret."""

import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import given

from pytest_cutover.checklist.results import ITEM_TEST, ItemTest
from pytest_cutover.contract.evidence import CONTRACT, ContractEvidence
from pytest_cutover.contract.validate import Violation
from pytest_cutover.core.evidence import (
    PROPERTY,
    TEST,
    DifferenceEvidence,
    Payload,
    TestEvidence,
    scrub_line,
)
from pytest_cutover.core.run_evidence import Received
from pytest_cutover.fuzz.generate.payload import TOLD, Told

# Everything that a str can hold: lone surrogates too, which are no text that anybody can encode.
anything = st.text(st.characters(exclude_categories=()), max_size=20)
numbers = st.integers(-(2**80), 2**80)
differences = st.builds(
    DifferenceEvidence,
    signature=anything,
    endpoint=anything,
    kind=anything,
    pointer=anything,
    change=anything,
    baseline=anything,
    candidate=anything,
    accepted=st.none() | anything,
    unstable=st.booleans(),
)
tests = st.builds(
    TestEvidence,
    nodeid=anything,
    test=anything,
    side=anything,
    marker=anything,
    requests=numbers,
    stale=st.lists(anything, max_size=2).map(tuple),
    differences=st.lists(differences, max_size=2).map(tuple),
    seen=st.lists(st.tuples(anything, numbers, numbers), max_size=2).map(tuple),
    inconclusive=st.none() | anything,
)


def line_of(payload: Payload[Any], value: Any) -> str:
    properties: list[tuple[str, object]] = []
    payload.attach(properties, value)
    ((name, line),) = properties
    assert PROPERTY == name
    assert isinstance(line, str)
    return line


def a_test(nodeid: str, **said: Any) -> TestEvidence:
    return TestEvidence(nodeid=nodeid, test=nodeid, side="both", marker="negative", **said)


def received(*properties: tuple[str, object]) -> Received:
    found = Received()
    found.add(list(properties))
    return found


@given(tests)
def test_any_evidence_arrives_as_it_was_sent_in_one_line_of_ascii(value: TestEvidence) -> None:
    line = line_of(TEST, value)

    assert line.isascii()
    assert line.isprintable()
    assert (value,) == received((PROPERTY, line)).of(TEST)


@pytest.mark.parametrize(
    ("payload", "value"),
    [
        (
            CONTRACT,
            ContractEvidence(
                nodeid="t",
                side="baseline",
                seen=(("GET /a", 200),),
                violations=(Violation("GET /a", 200, "body", "is \ud800"),),
                inputs=MappingProxyType({"GET /a": {"q": ("1", "2")}}),
            ),
        ),
        (ITEM_TEST, ItemTest(nodeid="t", items=("a.b", "c"), verdict="pass", action="hold")),
        (
            TOLD,
            Told(
                nodeid="t",
                endpoint="GET /a",
                kind="operation",
                wanted=5,
                compared=4,
                seconds=0.25,
                cpu_s={"ask": 1.5},
            ),
        ),
    ],
    ids=lambda value: value.kind if isinstance(value, Payload) else "",
)
def test_what_each_room_sends_arrives_as_it_was_sent(payload: Payload[Any], value: Any) -> None:
    line = line_of(payload, value)

    assert line.isascii()
    assert (value,) == received((PROPERTY, line)).of(payload)


def test_a_kind_is_not_taken_for_another() -> None:
    properties: list[tuple[str, object]] = [("somebody's", "own"), (PROPERTY, 7), (PROPERTY, "")]
    TEST.attach(properties, a_test("t"))
    ITEM_TEST.attach(properties, ItemTest(nodeid="t", items=("a",), verdict="pass"))

    found = received(*properties)

    assert (a_test("t"),) == found.of(TEST)
    assert ["a"] == [item for one in found.of(ITEM_TEST) for item in one.items]
    assert found.of(TOLD) == ()


def test_a_value_replaces_the_one_of_the_same_test_alone() -> None:
    properties: list[tuple[str, object]] = [("somebody's", "own")]
    ITEM_TEST.attach(properties, ItemTest(nodeid="t", items=("a",), verdict="pass"))
    TEST.attach(properties, a_test("t"))
    TEST.attach(properties, a_test("t", requests=2))

    assert 3 == len(properties)
    assert (a_test("t", requests=2),) == received(*properties).of(TEST)


def test_a_crossover_test_is_told_of_on_both_sides() -> None:
    properties: list[tuple[str, object]] = []
    both = [ContractEvidence(nodeid="t", side=side) for side in ("baseline", "candidate")]
    for one in both:
        CONTRACT.attach(properties, one)

    assert both == list(received(*properties).of(CONTRACT))


def test_repeated_reports_count_once_and_a_test_that_ran_again_says_the_last_word() -> None:
    first, second = line_of(TEST, a_test("b")), line_of(TEST, a_test("b", requests=1))
    found = received((PROPERTY, first), (PROPERTY, first), (PROPERTY, line_of(TEST, a_test("c"))))
    assert (a_test("b"), a_test("c")) == found.of(TEST)

    found.add([(PROPERTY, second), (PROPERTY, line_of(TEST, a_test("a")))])
    assert (a_test("a"), a_test("b", requests=1), a_test("c")) == found.of(TEST)

    found.add([(PROPERTY, first)])  # as it was at first, once more
    assert a_test("b") in found.of(TEST)


def test_what_is_no_evidence_of_this_version_is_an_error_and_a_new_member_is_none() -> None:
    line = line_of(TEST, a_test("t", requests=3))
    with pytest.raises(ValueError, match="requests"):
        received((PROPERTY, line.replace('"requests":3', '"requests":"3"'))).of(TEST)
    newer = line.replace('"requests":3', '"requests":3,"of_a_later_version":[]')
    assert (a_test("t", requests=3),) == received((PROPERTY, newer)).of(TEST)


def test_the_reports_of_a_test_hold_one_line_together_and_equal_accounts_are_one() -> None:
    lines = [
        line_of(TEST, a_test(name, account=(("GET /a", "exact", "", 900),), open_more=more))
        for name, more in (("a", 0), ("b", 1))
    ]
    reports: list[list[tuple[str, object]]] = [
        [("somebody's", "own"), (PROPERTY, f" {line}"[1:])]  # each its own, as from a worker
        for line in lines
        for _ in range(3)
    ]
    brought = reports[2][1][1]
    held_before = sys.getrefcount(brought)
    found = Received()
    for report in reports:
        found.add(report)

    assert reports[0][1] is reports[1][1] is reports[2][1]
    assert sys.getrefcount(brought) < held_before  # nothing holds it in place of its pair
    assert [("somebody's", "own"), (PROPERTY, lines[1])] == reports[5]
    one, other = found.of(TEST)
    assert (0, 1) == (one.open_more, other.open_more)
    assert one.account is other.account


def test_equal_rows_of_unequal_accounts_are_one() -> None:
    shown, row = ("GET /b", "constrained", "uuid4"), ("GET /a", "exact", "", 900)
    values = [a_test(name, account=(row, (*shown, n))) for n, name in enumerate("ab")]

    one, other = received(*((PROPERTY, line_of(TEST, each)) for each in values)).of(TEST)

    assert tuple(values) == (one, other)
    assert one.account[0] is other.account[0]
    assert one.account[1] != other.account[1]


def test_what_is_equal_and_of_another_type_is_not_shared() -> None:
    payload = Payload("pair", WithTuple)
    values = [WithTuple(name, (value, 7)) for name, value in (("a", True), ("b", 1), ("c", 1.0))]

    found = received(*((PROPERTY, line_of(payload, one)) for one in values)).of(payload)

    assert [bool, int, float] == [type(one.value[0]) for one in found]


def test_what_says_its_default_does_not_travel() -> None:
    assert line_of(TEST, a_test("t")) == (
        '{"test":{"nodeid":"t","test":"t","side":"both","marker":"negative"}}'
    )


@dataclass(frozen=True)
class WithTuple:
    nodeid: str
    value: tuple[Any, ...]


@dataclass(frozen=True)
class WithPath:
    nodeid: str
    value: Any


def test_what_no_line_can_hold_is_refused_by_name() -> None:
    with pytest.raises(TypeError, match="cannot hold a object"):
        line_of(Payload("odd", WithPath), WithPath("t", object()))


def without(secret: str) -> Callable[[str], str]:
    return lambda text: text.replace(secret, "<secret>")


def test_a_secret_leaves_the_line_and_the_node_id_stays_what_pytest_calls_it() -> None:
    value = a_test("t[tok-1]", scenario="tok-1", stale=("is tok-1",))

    (found,) = received((PROPERTY, scrub_line(line_of(TEST, value), without("tok-1")))).of(TEST)

    assert replace(value, scenario="<secret>", stale=("is <secret>",)) == found


def test_a_secret_that_json_would_break_at_leaves_a_whole_line() -> None:
    line = line_of(TEST, a_test("t", scenario='a"b', requests=3))

    (found,) = received((PROPERTY, scrub_line(line, without(r"a\"b")))).of(TEST)

    assert 3 == found.requests


def test_a_property_of_the_same_name_that_is_not_ours_is_scrubbed_as_any_text() -> None:
    assert "my <secret>" == scrub_line("my tok-1", without("tok-1"))

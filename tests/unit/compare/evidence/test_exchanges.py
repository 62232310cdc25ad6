"""What both sides said in a test that differs: in order, both sides, bounded, and what was cut."""

from __future__ import annotations

from pathlib import Path

import pytest

from pytest_cutover.compare.evidence.exchanges import (
    MOST_EXCHANGES,
    MOST_TESTS,
    ExchangesKept,
    Said,
    one_exchange,
    side_by_side,
)
from pytest_cutover.compare.verdict.exchanges_shown import chosen, read_exchanges
from pytest_cutover.compare.verdict.findings import findings_of
from pytest_cutover.core.evidence import DifferenceEvidence, TestEvidence
from pytest_cutover.core.exchange import Exchange, Failure, FailureKind, Request
from pytest_cutover.report.model import GateVerdict, TestExchanges
from tests.unit.compare.building import exchange, transcript


def difference(signature: str = "s", accepted: str | None = None) -> DifferenceEvidence:
    return DifferenceEvidence(
        signature=signature,
        endpoint="GET /lots",
        kind="value",
        pointer="/price",
        change="number → number",
        baseline="5",
        candidate="6",
        accepted=accepted,
    )


def evidence(
    *differences: DifferenceEvidence, test: str = "t.py::test", inconclusive: str | None = None
) -> TestEvidence:
    return TestEvidence(
        nodeid=f"{test}[candidate]",
        test=test,
        side="candidate",
        marker="characterization",
        differences=differences,
        inconclusive=inconclusive,
    )


def told(baseline: list[Exchange], candidate: list[Exchange], *differing: int) -> TestExchanges:
    one, other = (Said.in_transcript(transcript(*side)) for side in (baseline, candidate))
    return side_by_side(evidence(difference()), one, other, differing)


def asked(number: int, **members: object) -> Exchange:
    return exchange({"number": number, **members}, target=f"/lots/{number}")


def test_the_exchanges_stand_in_order_with_both_sides_and_say_which_differs() -> None:
    first = asked(1, id="3f0f6a4e-5b7c-4d5e-9c53-0f6a9e1b2c3d", price=5)
    other = asked(1, id="9b1c5d7e-1f2a-4b3c-8d4e-5f6a7b8c9d0e", price=6)

    found = told([first, asked(2)], [other, asked(2)], 0)

    one, two = found.pairs
    assert (one.endpoint, one.differs) == ("GET /lots/1", True)
    assert '"price": 5' in one.response.baseline
    assert '"price": 6' in one.response.candidate
    assert "<uuid4 #1" in one.response.baseline
    assert "<uuid4 #1" in one.response.candidate
    assert one.request.candidate == "", "both were asked the same"
    assert (two.endpoint, two.differs) == ("GET /lots/2", False)
    assert found.why == "/price 5 → 6 at GET /lots"
    assert found.verdict is GateVerdict.FAIL


def test_headers_stand_by_name_whatever_the_order_in_which_a_side_sends_them() -> None:
    one, two = ("X-A", "1"), ("X-B", "2")

    found = told([exchange({}, headers=[one, two])], [exchange({}, headers=[two, one])], 0)

    assert found.pairs[0].response.baseline == found.pairs[0].response.candidate


def test_a_request_that_one_side_alone_sent_says_so() -> None:
    found = told([asked(1), asked(2)], [asked(1)])

    (pair,) = [one for one in found.pairs if one.differs]
    assert pair.endpoint == "GET /lots/2"
    assert pair.request.candidate == "(no such request on this side)"
    assert pair.response.candidate == "(not asked)"


def test_a_failure_is_shown_as_it_came() -> None:
    reset = Exchange(
        Request("GET", "/lots/1"), None, "GET /lots/1", Failure(FailureKind.RESET, "it hung up")
    )

    found = told([asked(1), asked(2)], [reset, asked(2)], 0)

    assert found.pairs[0].response.candidate == "it hung up"
    assert '"number": 2' in found.pairs[1].response.candidate


def test_of_a_long_test_what_differs_and_what_led_there_is_shown_and_the_rest_counted() -> None:
    many = [asked(number) for number in range(40)]

    found = told(many, many, 30)

    numbers = [int(one.endpoint.rpartition("/")[2]) for one in found.pairs]
    assert numbers == list(range(31 - MOST_EXCHANGES, 31))
    assert found.left_out == 40 - MOST_EXCHANGES


def test_a_late_difference_of_a_long_answer_is_among_what_is_shown() -> None:
    rows = [{"row": number} for number in range(2_000)]

    found = told(
        [exchange({"rows": rows, "end": "here"})], [exchange({"rows": rows, "end": "there"})], 0
    )

    pair = found.pairs[0].response
    assert '"here"' in pair.baseline
    assert '"there"' in pair.candidate
    assert "characters, alike on both sides" in pair.baseline
    assert max(map(len, (pair.baseline, pair.candidate))) <= 4_000


@pytest.mark.parametrize("number", ["500.0", "5e2", "9007199254740993"])
def test_numbers_keep_their_spelling(number: str) -> None:
    body = f'{{"weight": {number}}}'.encode()

    assert f'"weight": {number}' in one_exchange(transcript(exchange(body=body)), 0)


def kept(folder: Path, *tests: TestEvidence) -> dict[str, TestExchanges]:
    keeper = ExchangesKept(folder, lambda text: text.replace("hunter2", "<secret>"))
    for one in tests:
        said = transcript(exchange({"password": "hunter2"}))
        keeper.keep(one, said, said, {0})
    return dict(read_exchanges(folder))


def test_equal_and_accepted_tests_are_not_kept_and_no_secret_is(tmp_path: Path) -> None:
    found = kept(
        tmp_path,
        evidence(test="equal"),
        evidence(difference(accepted="1"), test="accepted"),
        evidence(difference(), test="differs"),
        evidence(inconclusive="it wavers", test="undecided"),
    )

    assert sorted(found) == ["differs", "undecided"]
    assert "hunter2" not in "".join(path.read_text() for path in tmp_path.rglob("*.json"))


def test_each_finding_has_a_test_shown_before_a_second_of_any(tmp_path: Path) -> None:
    tests = [
        *(evidence(difference("a"), test=f"a{number}") for number in range(5)),
        evidence(difference("b"), test="b"),
        evidence(inconclusive="it wavers", test="c"),
    ]

    shown, others = chosen(tests, kept(tmp_path, *tests), findings_of(tests, {}, {}))

    assert [one.test for one in shown] == ["a0", "b", "c", "a1"]
    assert others == 3


def test_a_run_in_which_all_differ_shows_so_many_and_counts_the_rest(tmp_path: Path) -> None:
    tests = [evidence(difference(f"{number}"), test=f"{number}") for number in range(100)]

    shown, others = chosen(tests, kept(tmp_path, *tests), findings_of(tests, {}, {}))

    assert (len(shown), others) == (MOST_TESTS, 100 - MOST_TESTS)


def test_what_the_whole_run_leaves_undecided_is_told_as_undecided(tmp_path: Path) -> None:
    before = kept(tmp_path, evidence(difference()))

    (shown,), _ = chosen([evidence(inconclusive="the baseline wavers")], before, ())

    assert (shown.verdict, shown.why) == (GateVerdict.INCONCLUSIVE, "the baseline wavers")

"""What the baseline does to itself accuses nobody, whatever the order in which it was seen."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from pytest_cutover.compare.diff.difference import Difference, Kind
from pytest_cutover.compare.diff.truncate import HIDDEN_ALIKE
from pytest_cutover.compare.evidence.baseline_flakiness import keys_of
from pytest_cutover.compare.verdict.wavering import without_wavering
from pytest_cutover.core.evidence import DifferenceEvidence, TestEvidence

ADDED = Difference(0, "GET /lots", Kind.ADDED, "/0/slow", "absent → boolean", None, "true")
VALUE = Difference(0, "GET /lots", Kind.VALUE, "/0/cache", "text → text", '"HIT"', '"MISS"')


def observed(
    one: Difference, *, unstable: bool = False, accepted: str | None = None
) -> DifferenceEvidence:
    return DifferenceEvidence(
        signature=one.signature,
        endpoint=one.endpoint,
        kind=str(one.kind),
        pointer=one.pointer,
        change=one.change,
        baseline=one.baseline or "(nothing)",
        candidate=one.candidate or "(nothing)",
        unstable=unstable,
        accepted=accepted,
    )


def a_test(
    name: str, *differences: DifferenceEvidence, wavering: tuple[Difference, ...] = ()
) -> TestEvidence:
    return TestEvidence(
        nodeid=f"{name}[candidate]",
        test=name,
        side="candidate",
        marker="characterization",
        differences=differences,
        wavering=keys_of(wavering, str),
    )


def left(*tests: TestEvidence) -> dict[str, int]:
    return {one.test: len(one.differences) for one in without_wavering(tests)}


def test_a_member_that_comes_and_goes_on_the_baseline_accuses_nobody() -> None:
    wavers = a_test("a", wavering=(ADDED,))
    assert {"a": 0, "b": 0} == left(wavers, a_test("b", observed(ADDED)))
    [_, doubted] = without_wavering([wavers, a_test("b", observed(ADDED))])
    assert doubted.inconclusive == (
        "the baseline departs from itself in this run, as the candidate from it, at "
        "GET /lots /0/slow"
    )


def test_a_value_is_excused_between_the_same_two_or_when_it_comes_and_goes() -> None:
    wavers = a_test("a", wavering=(VALUE,))
    other = replace(VALUE, candidate='"STALE"')
    assert {"a": 0, "b": 0} == left(wavers, a_test("b", observed(VALUE)))
    assert {"a": 0, "b": 1} == left(wavers, a_test("b", observed(other)))
    assert {"a": 0, "b": 0} == left(wavers, a_test("b", observed(other, unstable=True)))


def test_two_secrets_that_are_hidden_alike_excuse_no_others() -> None:
    hidden = replace(VALUE, baseline='"<secret>"', candidate=f'"<secret>" ({HIDDEN_ALIKE})')
    assert {"a": 0, "b": 1} == left(a_test("a", wavering=(hidden,)), a_test("b", observed(hidden)))


def test_an_accepted_difference_stays_so() -> None:
    accepted = observed(ADDED, accepted="1")
    assert {"a": 0, "b": 1} == left(a_test("a", wavering=(ADDED,)), a_test("b", accepted))


def test_without_wavering_nothing_is_excused() -> None:
    tests = [a_test("b", observed(ADDED), observed(VALUE, unstable=True))]
    assert tests == without_wavering(tests)


evidence = st.builds(
    a_test,
    st.sampled_from("abc"),
    st.sampled_from([observed(ADDED), observed(VALUE), observed(VALUE, unstable=True)]),
    wavering=st.sampled_from([(), (ADDED,), (VALUE,)]),
)


@given(st.lists(evidence, max_size=6), st.randoms())
def test_the_order_of_the_evidence_changes_nothing(tests: list[TestEvidence], rng: object) -> None:
    shuffled = list(tests)
    rng.shuffle(shuffled)  # type: ignore[attr-defined]

    def key(one: TestEvidence) -> str:
        return repr(one)

    assert sorted(without_wavering(tests), key=key) == sorted(without_wavering(shuffled), key=key)


def test_what_wavers_in_one_answer_about_a_thing_accuses_by_chance_in_no_other() -> None:
    deleted = replace(VALUE, endpoint="DELETE /lots")
    elsewhere = replace(VALUE, endpoint="DELETE /lots/{id}")
    by_chance = a_test("b", observed(VALUE, unstable=True))
    assert left(a_test("a", wavering=(deleted,)), by_chance)["b"] == 0
    assert left(a_test("a", wavering=(elsewhere,)), by_chance)["b"] == 1
    assert left(a_test("a", wavering=(deleted,)), a_test("b", observed(VALUE)))["b"] == 1
    assert (
        left(
            a_test("a", wavering=(replace(ADDED, endpoint="PUT /lots"),)),
            a_test("b", observed(ADDED)),
        )["b"]
        == 1
    )

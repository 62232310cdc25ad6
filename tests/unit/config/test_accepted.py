"""An accepted difference covers its signature within its scope, until its day, and no more."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_cutover.config.accepted import (
    AcceptedDifferences,
    Entry,
    Occurrence,
    append,
    judge,
    load_accepted,
    loads,
    matches,
)
from pytest_cutover.config.transformation import ValuePair
from pytest_cutover.core.errors import ConfigError
from pytest_cutover.core.nodeid import without_side

TODAY = date(2030, 1, 15)
UNKNOWN = "tests/test_lots.py::test_unknown_field[weight]"
ENTRY = Entry(
    signature="POST /api/lots | status |  | 400 → 422",
    scope=("tests/test_lots.py::test_unknown_field*", "too heavy"),
    reason="FastAPI answers 422",
    approver="Mira Ek <mira@example.com>",
    expires=TODAY + timedelta(days=30),
    number=1,
)
WHOLE = """\
[[accepted]]
signature = "s"
scope = ["a"]
reason = "r"
approver = "m"
expires = 2030-01-01
"""


def covering(entry: Entry, test: str, scenario: str | None = None) -> Entry | None:
    return AcceptedDifferences((entry,)).covering(entry.signature, test, scenario, TODAY)


def test_a_test_in_the_scope_is_covered() -> None:
    assert covering(ENTRY, UNKNOWN) is ENTRY


def test_a_scenario_in_the_scope_is_covered() -> None:
    assert covering(ENTRY, "tests/test_lots.py::test_weight", "too heavy") is ENTRY


def test_the_same_signature_outside_the_scope_is_a_new_finding() -> None:
    assert covering(ENTRY, "tests/test_lots.py::test_weight_above_maximum", "10000") is None


def test_another_signature_in_the_scope_is_a_new_finding() -> None:
    found = AcceptedDifferences((ENTRY,)).covering(
        "POST /api/lots | missing | /id | ", UNKNOWN, None, TODAY
    )

    assert found is None


def test_it_covers_on_its_last_day_and_not_on_the_next() -> None:
    assert covering(replace(ENTRY, expires=TODAY), UNKNOWN) is not None
    assert covering(replace(ENTRY, expires=TODAY - timedelta(days=1)), UNKNOWN) is None


def test_of_two_entries_the_one_that_lasts_longer_covers() -> None:
    longer = replace(ENTRY, expires=ENTRY.expires + timedelta(days=1), number=2)

    assert (
        AcceptedDifferences((ENTRY, longer)).covering(ENTRY.signature, UNKNOWN, None, TODAY)
        is longer
    )


def test_a_run_is_judged_as_a_whole() -> None:
    expired = replace(ENTRY, scope=("other",), expires=TODAY - timedelta(days=1))
    unused = replace(ENTRY, signature="gone", expires=TODAY + timedelta(days=14))
    inside = Occurrence(ENTRY.signature, UNKNOWN, accepted=ENTRY.key)
    outside = Occurrence(ENTRY.signature, "other")

    judgement = judge(
        AcceptedDifferences((ENTRY, expired, unused)), [inside, outside], today=TODAY, full_run=True
    )

    assert judgement.covered == ((inside, ENTRY),)
    assert judgement.uncovered == (outside,)
    assert judgement.expired == (expired,)
    assert judgement.unmatched == (unused,)
    assert judgement.near_expiry == (unused,)
    assert judgement.matched == {ENTRY.key: 1, expired.key: 1, unused.key: 0}


def test_an_entry_is_not_unused_where_its_scope_departs_in_another_way() -> None:
    """On a broken candidate "remove the entry" would be wrong advice."""
    otherwise = Occurrence("POST /api/lots | status |  | 400 → 500", UNKNOWN)

    assert (
        judge(AcceptedDifferences((ENTRY,)), [otherwise], today=TODAY, full_run=True).unmatched
        == ()
    )
    assert judge(AcceptedDifferences((ENTRY,)), [], today=TODAY, full_run=True).unmatched == (
        ENTRY,
    )


def test_a_part_of_the_suite_says_nothing_about_unused_entries() -> None:
    assert judge(AcceptedDifferences((ENTRY,)), [], today=TODAY, full_run=False).unmatched == ()


@pytest.mark.parametrize(("days", "near"), [(-1, False), (0, True), (14, True), (15, False)])
def test_two_weeks_before_the_end_it_is_told(days: int, near: bool) -> None:
    assert replace(ENTRY, expires=TODAY + timedelta(days=days)).near_expiry(TODAY) is near


@given(st.text())
def test_any_text_matches_itself(text: str) -> None:
    assert matches(text.replace("*", ""), text.replace("*", ""))


@given(st.text(), st.text(), st.text())
def test_a_star_stands_for_anything(before: str, middle: str, after: str) -> None:
    assert matches(f"{before}*{after}", before + middle + after)


@given(st.text(alphabet="[]!?abc-", min_size=1), st.text(alphabet="[]!?abc-", min_size=1))
def test_without_a_star_nothing_but_itself_matches(pattern: str, text: str) -> None:
    assert matches(pattern, text) == (pattern == text)


@pytest.mark.parametrize(
    ("nodeid", "expected"),
    [
        ("a.py::t[candidate]", "a.py::t"),
        ("a.py::t[x-baseline]", "a.py::t[x]"),
        ("a.py::t[x-baseline-again]", "a.py::t[x]"),
        ("a.py::t[baseline-again]", "a.py::t"),
        ("a.py::t[candidate-x]", "a.py::t[candidate-x]"),
        ("a.py::t[my candidate]", "a.py::t[my candidate]"),
        ("a.py::t", "a.py::t"),
    ],
)
def test_the_side_is_no_part_of_a_test(nodeid: str, expected: str) -> None:
    assert without_side(nodeid) == expected


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("", 'reason = "r"', ""), "accepted[1].reason: missing\n    next: add reason = …"),
        (("", 'reason = "r"', 'reason = " "'), "accepted[1].reason"),
        (("", 'approver = "m"', ""), "accepted[1].approver: missing"),
        (("", "expires = 2030-01-01", ""), "accepted[1].expires: missing"),
        (("", "2030-01-01", '"1.1.2030"'), "not a date\n    valid: YYYY-MM-DD"),
        (("", "2030-01-01", "2030-01-01T10:00:00"), "expected a date, such as 2030-12-03"),
        (("", "2030-01-01", "2030-02-30"), "line 6"),
        (("", '["a"]', "[]"), "an entry covers nothing without a scope"),
        (("", '"a"', '"a", 5'), "expected an array of test ids or scenarios"),
        (("", "reason", "reasn"), "did you mean `reason`?"),
        (("", "[[accepted]]", "<<<<<<< HEAD\n[[accepted]]"), "line 1: a conflict marker"),
        (("", "[[accepted]]", "[[acepted]]"), "did you mean `accepted`?"),
    ],
)
def test_a_mistake_names_the_file_and_the_entry(change: tuple[str, str, str], message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        loads(WHOLE.replace(change[1], change[2]), source="cutover-accepted.toml")

    assert str(caught.value).startswith("cutover-accepted.toml:")
    assert message in str(caught.value)


def test_the_same_scope_twice_for_one_signature_is_a_mistake() -> None:
    with pytest.raises(ConfigError) as caught:
        loads(WHOLE + WHOLE, source="f")

    assert "accepted[2]: the same signature and scope as accepted[1]: a" in str(caught.value)
    assert "next: remove one of the two" in str(caught.value)


def test_no_file_is_no_entry(tmp_path: Path) -> None:
    assert load_accepted(tmp_path / "none.toml").entries == ()


def test_a_written_date_may_stand_in_quotes() -> None:
    accepted = loads(WHOLE.replace("2030-01-01", '"2030-01-01"'), source="f")

    assert accepted.entries[0].expires == date(2030, 1, 1)


def test_a_side_in_the_scope_is_dropped() -> None:
    accepted = loads(WHOLE.replace('"a"', '"a.py::t[candidate]"'), source="f")

    assert accepted.entries[0].scope == ("a.py::t",)


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_appending_keeps_what_stands_there_byte_for_byte(tmp_path: Path, ending: str) -> None:
    path = tmp_path / "cutover-accepted.toml"
    before = f"# why we keep this\n{WHOLE}# the end\n".replace("\n", ending).encode()
    path.write_bytes(before)

    append(path, ENTRY, replace(ENTRY, signature="other"))

    after = path.read_bytes()
    assert after.startswith(before.rstrip())
    assert after.count(b"\n") == after.count(ending.encode())
    assert [entry.signature for entry in load_accepted(path).entries] == [
        "s",
        ENTRY.signature,
        "other",
    ]
    assert load_accepted(path).entries[1] == ENTRY
    assert [item.name for item in tmp_path.iterdir()] == [path.name]


@given(st.text(st.characters(exclude_categories=["Cs"])).filter(lambda text: text.strip()))
def test_any_text_survives_being_written(reason: str) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.toml"
        append(path, replace(ENTRY, reason=reason.strip()))

        assert load_accepted(path).entries[0].reason == reason.strip()


def test_a_duplicate_is_refused_and_nothing_written(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    append(path, ENTRY)
    before = path.read_bytes()

    with pytest.raises(ConfigError, match="the same signature and scope"):
        append(path, ENTRY)

    assert path.read_bytes() == before


def test_entries_in_another_form_are_not_mixed_with_tables(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_text(
        'accepted = [{signature="s", scope=["a"], reason="r", approver="m", expires=2030-01-01}]\n'
    )

    with pytest.raises(ConfigError, match="write them as"):
        append(path, ENTRY)


def test_a_file_that_cannot_be_replaced_stays_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.toml"
    append(path, ENTRY)
    before = path.read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", full)
    with pytest.raises(ConfigError, match="No space left on device; nothing was changed"):
        append(path, replace(ENTRY, signature="other"))

    assert path.read_bytes() == before
    assert [item.name for item in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("days", [30, -1])
def test_an_entry_that_raises_a_limit_is_no_affair_of_parity(days: int) -> None:
    waiver = replace(
        ENTRY,
        signature="POST /api/lots | p99_ms |  | 200 → 350",
        expires=TODAY + timedelta(days=days),
    )
    judged = judge(AcceptedDifferences((waiver,)), [], today=TODAY, full_run=True)
    assert (waiver.of_limit, ENTRY.of_limit) == (True, False)
    assert (judged.unmatched, judged.expired, judged.matched) == ((), (), {})


WORD = replace(
    ENTRY,
    signature="GET /jobs | value | /state | text → text",
    values=(("waiting", "pending"),),
)


def covered(entry: Entry, *pairs: tuple[str, str]) -> bool:
    found = AcceptedDifferences((entry,)).covering(
        entry.signature, UNKNOWN, None, TODAY, [ValuePair(*pair) for pair in pairs]
    )
    return found is entry


def test_a_value_that_nobody_reviewed_is_not_covered_at_the_same_place() -> None:
    assert covered(WORD, ("waiting", "pending"))
    assert not covered(WORD, ("waiting", "deleted"))
    assert not covered(WORD, ("waiting", "pending"), ("waiting", "deleted"))
    assert not covered(WORD)


def test_a_change_covers_what_it_yields() -> None:
    cents = replace(WORD, values=(), change="×100")

    assert covered(cents, ("7.77", "777"))
    assert not covered(cents, ("7.77", "778"))


def test_an_entry_of_version_0_1_holds_for_what_its_signature_fits() -> None:
    assert covered(replace(WORD, values=()), ("waiting", "deleted"))
    assert covered(replace(WORD, values=(), change="formats"), ("waiting", "deleted"))


def test_what_is_bound_is_written_and_read_again(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    cents = replace(WORD, values=(), change="×100", number=2)
    append(path, WORD, cents)

    assert load_accepted(path).entries == (WORD, cents)
    assert 'values = [["waiting", "pending"]]' in path.read_text("utf-8")
    assert 'change = "×100"' in path.read_text("utf-8")


def test_two_values_of_one_place_may_be_agreed_to_one_after_the_other(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    append(path, WORD)
    append(path, replace(WORD, values=(("waiting", "deleted"),)))
    with pytest.raises(ConfigError, match=r"the same signature and scope as accepted\[1\]"):
        append(path, WORD)

    assert len({entry.key for entry in load_accepted(path).entries}) == 2


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('change = "×7"', "no such change"),
        ("change = 7", "expected a string"),
        ('values = ["waiting", "pending"]', "not a pair of texts"),
        ("values = [[1, 2]]", "numbers as texts too"),
        ('values = "waiting"', "expected an array of pairs"),
    ],
)
def test_what_an_entry_cannot_be_bound_to_is_a_mistake(line: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        loads(f"{WHOLE}{line}\n", source="a.toml")


def test_an_entry_matches_the_values_it_is_bound_to_and_not_its_neighbours() -> None:
    other = replace(WORD, values=(("waiting", "deleted"),))
    seen = Occurrence(WORD.signature, UNKNOWN, accepted=WORD.key)

    judged = judge(AcceptedDifferences((WORD, other)), [seen], today=TODAY, full_run=True)

    assert judged.matched == {WORD.key: 1, other.key: 0}
    assert judged.unmatched == (other,)

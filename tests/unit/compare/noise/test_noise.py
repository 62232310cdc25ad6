"""What the baseline does by chance never becomes a finding."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from pytest_cutover.compare.diff.account import Fate
from pytest_cutover.compare.diff.transcripts import compare, compare_with_golden
from pytest_cutover.compare.golden.text import dump, load
from pytest_cutover.compare.noise.model import UnsteadyBaseline, learn
from pytest_cutover.compare.noise.rules import Mode, Rule, Rules
from pytest_cutover.core.exchange import Side, Transcript
from pytest_cutover.normalize.matchers import placeholders
from tests.unit.compare.building import (
    JSON_HEADERS,
    NOON_S,
    BusyPlant,
    Plant,
    brief,
    exchange,
    judged,
    transcript,
)

DAY_S = 86400.0
ANY_ORDER = Rules((Rule("/parents", Mode.UNORDERED, endpoint="GET /api/traceability"),))
seeds = st.integers(0, 2**32)


@settings(max_examples=30, deadline=None)
@given(seeds, seeds, seeds, st.sampled_from([None, 0, 500]))
def test_a_third_run_with_new_ids_and_another_clock_shows_nothing(
    one: int, two: int, three: int, millis: int | None
) -> None:
    assume(len({one, two, three}) == 3)
    first, again = Plant(one).transcript(), Plant(two, NOON_S + 2).transcript()
    golden = learn(first, again)
    third = Plant(three, NOON_S + DAY_S, Side.CANDIDATE, millis).transcript()
    assert [] == brief(compare(first, third, golden=golden, rules=ANY_ORDER).differences)
    assert [] == brief(compare_with_golden(golden, third, rules=ANY_ORDER).differences)


@settings(max_examples=30, deadline=None)
@given(st.tuples(*[st.integers(0, 2**60)] * 4), st.sampled_from([0.0, 59.0, DAY_S]))
def test_claims_counters_cursors_and_measured_times_show_nothing(
    drawn: tuple[int, int, int, int], later_s: float
) -> None:
    """A thousand such runs, with more of them at midnight: benchmarks/noise.py."""
    assume(len(set(drawn)) == 4)
    one, two, three, four = drawn
    first, again = BusyPlant(one).transcript(), BusyPlant(two, NOON_S + 2).transcript()
    golden = load(dump(learn(first, again, rules=ANY_ORDER)))
    live = BusyPlant(three, NOON_S + later_s).transcript()
    third = BusyPlant(four, NOON_S + later_s + 3, Side.CANDIDATE).transcript()
    assert [] == brief(compare(live, third, golden=golden, rules=ANY_ORDER).differences)
    assert [] == brief(compare_with_golden(golden, third, rules=ANY_ORDER).differences)


@settings(max_examples=50, deadline=None)
@given(seeds)
def test_two_recordings_whose_milliseconds_are_equal_still_teach_that_time_goes_on(
    seed: int,
) -> None:
    first = Plant(seed, millis=0).transcript()
    again = Plant(seed + 1, millis=0).transcript()
    third = Plant(seed + 2, NOON_S + DAY_S, Side.CANDIDATE).transcript()
    assert [] == brief(
        compare(first, third, golden=learn(first, again), rules=ANY_ORDER).differences
    )


@settings(max_examples=50, deadline=None)
@given(seeds)
def test_a_golden_of_an_earlier_launch_with_other_seeded_ids_is_not_stale(seed: int) -> None:
    golden = learn(Plant(seed).transcript(), Plant(seed + 1, NOON_S + 2).transcript())
    now = Plant(seed + 2, NOON_S + DAY_S).transcript("0d5b8c5e-2f4a-4e7b-8a39-9c1d2e3f4a5b")
    assert [] == brief(compare_with_golden(load(dump(golden)), now, rules=ANY_ORDER).differences)


def test_a_candidate_that_gives_another_seeded_id_than_the_live_baseline_is_found() -> None:
    first, again = Plant(1).transcript(), Plant(2, NOON_S + 2).transcript()
    other = Plant(3).transcript("0d5b8c5e-2f4a-4e7b-8a39-9c1d2e3f4a5b")
    found = compare(first, other, golden=learn(first, again), rules=ANY_ORDER).differences
    assert {("identity", "/user/id"), ("identity", "/operator_id")} <= set(brief(found))
    apart = compare(
        first, other, golden=learn(first, again), rules=ANY_ORDER, shared_state=False
    ).differences
    assert [] == brief(apart)


def test_the_status_of_a_baseline_that_wavers_cannot_be_learned() -> None:
    with pytest.raises(UnsteadyBaseline, match=r"status was 200 and then 503"):
        learn(transcript(exchange({})), transcript(exchange({}, status=503)))


def test_a_number_of_requests_that_wavers_cannot_be_learned() -> None:
    with pytest.raises(UnsteadyBaseline, match="1 requests, and 2 the next time"):
        learn(transcript(exchange({})), transcript(exchange({}), exchange({})))


def test_what_was_volatile_in_an_earlier_recording_stays_so() -> None:
    earlier = learn(transcript(exchange({"n": 1})), transcript(exchange({"n": 2})))
    now = transcript(exchange({"n": 3}))
    golden = learn(now, now, earlier=earlier)
    assert ["integer"] == [s.formats[0] for e in golden.exchanges if e.response
                           for s in placeholders(e.response.body.tree)]  # fmt: skip


def _text(tip: str) -> Transcript:
    page = "".join(f"line {at} of the page\n" for at in range(30))
    body = f"Tip: {tip}\n{page}".encode()
    return transcript(exchange(body=body, headers=(("Content-Type", "text/plain"),)))


def test_what_varied_between_earlier_texts_stays_a_hole() -> None:
    first, again, later = _text("red blue"), _text("red green"), _text("grey green")
    golden = learn(first, again)
    assert r"Tip: red <word>\nline 0" in dump(golden)
    golden = learn(first, later, earlier=golden)
    assert r"Tip: <word> <word>\nline 0" in dump(golden)
    golden = learn(first, first, earlier=load(dump(golden)))
    assert r"Tip: <word> <word>\nline 0" in dump(golden)
    assert [] == brief(compare(first, _text("pink navy"), golden=golden).differences)
    assert [("format", "")] == brief(
        compare(first, _text("pink x navy"), golden=golden).differences
    )


def test_a_secret_in_a_text_hides_nothing_beside_it() -> None:
    def form(token: str, password: str = "tr0ub4dor", role: str = "clerk") -> Transcript:
        body = f"token={token}&password={password}&role={role}\n{'x' * 300}\n".encode()
        one = transcript(exchange(body=body, headers=(("Content-Type", "text/plain"),)))
        return replace(one, secrets=frozenset({password}), credentials=frozenset({password}))

    tokens = [f"q3Rt0aZ7bC1dE9fG{at}x" for at in range(3)]
    golden = learn(form(tokens[0]), form(tokens[1]))
    assert "token=<token 18 #1>&password=<secret token 9>&role=clerk" in dump(golden)
    for role, expected in (("clerk", []), ("admin", [("value", "")])):
        third = form(tokens[2], role=role)
        assert expected == brief(compare(form(tokens[0]), third, golden=golden).differences)


def test_a_reading_of_the_clock_in_a_text_is_held_to_the_clock() -> None:
    def line(at_s: float, ahead_s: float = 0.0) -> Transcript:
        made = datetime.fromtimestamp(at_s + ahead_s, UTC).strftime("%d/%b/%Y:%H:%M:%S +0000")
        body = f"[{made}] GET /lots 200\n".encode()
        return transcript(exchange(body=body, headers=(("Content-Type", "text/plain"),), at_s=at_s))

    first, again = line(NOON_S), line(NOON_S + 2)
    late = line(NOON_S + DAY_S, 7200)
    assert [] == brief(judged(first, line(NOON_S + DAY_S), again=again).differences)
    assert ["now → +2 h"] == [one.change for one in judged(first, late, again=again).differences]


def test_a_seeded_timestamp_that_differs_from_the_earlier_recording_is_per_run() -> None:
    old = transcript(exchange({"made": "2020-01-01T10:00:00.000Z", "name": "a"}))
    new = transcript(exchange({"made": "2020-01-02T11:30:00.000Z", "name": "b"}))
    text = dump(learn(new, new, earlier=learn(old, old)))
    assert '"made": "<timestamp ms Z per run>"' in text
    assert '"name": "b"' in text


def test_a_key_that_only_one_recording_has_is_optional() -> None:
    first = transcript(exchange({"a": 1, "hint": "x"}))
    again = transcript(exchange({"a": 1}))
    assert [] == brief(judged(first, again, again=again).differences)


def test_rows_of_a_list_that_grew_are_held_to_what_they_hold() -> None:
    first = transcript(exchange([{"n": 1, "t": "a"}, {"n": 2, "t": "a"}]))
    again = transcript(exchange([{"n": 1, "t": "a"}, {"n": 2, "t": "a"}, {"n": 3, "t": "a"}]))
    for rows, departure in (
        ([{"n": 1, "t": "a"}, {"n": 2, "t": "a"}], []),
        ([{"n": 1, "t": "a"}, {"n": "2", "t": "a"}], [("type", "/1/n")]),
        ([{"n": 1, "t": "a"}, {"n": 2, "t": "foo"}], [("value", "/1/t")]),
        ([{"n": 2, "t": "a"}, {"n": 1, "t": "a"}], [("order", "")]),
        ([{"n": 1, "t": "a"}], [("length", "")]),
        ([], [("length", "")]),
        ([{"n": 1, "t": "a"}, {"n": 2, "t": "a"}] * 2, [("length", "")]),
    ):
        candidate = transcript(exchange(rows))
        assert departure == brief(judged(first, candidate, again=again).differences), rows


def test_an_order_that_the_baseline_itself_changes_is_none() -> None:
    first, again = transcript(exchange([1, 2, 3])), transcript(exchange([3, 1, 2]))
    assert [] == brief(judged(first, transcript(exchange([2, 1, 3])), again=again).differences)
    found = judged(first, transcript(exchange([2, 1, 4])), again=again).differences
    assert [("value", "/2")] == brief(found)


def test_a_value_that_the_test_sent_itself_is_no_id_of_this_run() -> None:
    sent = "11111111-2222-4333-8444-555555555555"
    text = dump(learn(*[transcript(exchange({"id": sent}, method="POST", sent={"id": sent}))] * 2))
    assert 2 == text.count(sent)


def test_a_local_time_that_calls_itself_utc_is_found() -> None:
    first, again = Plant(1).transcript(), Plant(2, NOON_S + 2).transcript()
    candidate = Plant(3).transcript()
    late = Plant(3, NOON_S + 7200).transcript()
    moved = replace(candidate, exchanges=tuple(
        replace(old, response=new.response)
        for old, new in zip(candidate.exchanges, late.exchanges, strict=True)
    ))  # fmt: skip
    found = compare(first, moved, golden=learn(first, again), rules=ANY_ORDER).differences
    assert ("value", "/created_at") in brief(found)
    assert "now → +2 h" in {difference.change for difference in found}


@pytest.mark.parametrize(
    ("ahead_s", "scale", "expected"),
    [
        (3600, 1, []),
        (3630, 1, []),
        (7200, 1, [("value", "now → +1 h")]),
        (3600 + 7 * 86400, 1, [("value", "now → +168 h")]),
        (3900, 1, [("value", "now → another time")]),
        (3600, 1000, [("format", "epoch s → epoch ms")]),
    ],
)
def test_an_expiry_is_held_to_its_distance_from_the_clock_and_to_its_unit(
    ahead_s: int, scale: int, expected: list[tuple[str, str]]
) -> None:
    def answer(at_s: float, ahead_s: int, scale: int = 1) -> Transcript:
        return transcript(exchange({"exp": int(at_s + ahead_s) * scale}, at_s=at_s))

    first, again = answer(NOON_S, 3600), answer(NOON_S + 2, 3600)
    found = judged(first, answer(NOON_S + DAY_S, ahead_s, scale), again=again).differences
    assert expected == [(str(one.kind), one.change) for one in found]


def test_a_start_that_is_long_ago_on_both_sides_is_no_reading_of_the_clock() -> None:
    def started(ago_s: float, at_s: float = NOON_S) -> Transcript:
        return transcript(exchange({"started": int(at_s - ago_s)}, at_s=at_s))

    golden = learn(started(1), started(1, NOON_S + 9))
    later = started(5000, NOON_S + DAY_S)
    assert [] == brief(compare(started(90_000), later, golden=golden).differences)


def learned_from(one: object, other: object) -> str:
    return dump(learn(transcript(exchange(one)), transcript(exchange(other))))


@pytest.mark.parametrize(
    ("one", "other", "line"),
    [
        ("took 12ms", "took 1.25ms", '"took <decimal string or digits>ms"'),
        ("LOT-2026-000123", "LOT-2026-000124", '"LOT-2026-<digits>"'),
        ("closed at 11:49:08", "closed at 17:32:19", '"closed at <time>"'),
        ("closed at 11:59:58", "closed at 11:59:59", '"closed at <time now>"'),
        ("two words", "three more words", '"<text> words"'),
        ("12", "7", '"<digits>"'),
        ("abcdefghIJKLmnop-Q", "a1cdefgh2JKLmnop3Q", '"<token 18>"'),
        ("hello-wonderful", "hallo-wonderful", '"<text>-wonderful"'),
        ("2026-01-01T10:00:00.123456Z", "2026-01-01T10:00:00.12Z", '"<timestamp any Z>"'),
        ("2026-01-01T10:00:00Z", "2026-01-01T10:00:01.123Z",
         '"<timestamp ms Z or timestamp s Z>"'),
        (None, "1b4e28ba-2fa1-41d2-883f-0016d3cca427", '"<null or uuid4>"'),
        (1, 2, '"<integer>"'),
        (1, 2.5, '"<number>"'),
        (12.0, 7.0, '"<decimal>"'),
        ("/lots?after=qX4rT-9bVn2-wKz81Lm", "/lots?after=Zp7mQw3_sD8fGh2jKl4",
         '"/lots?after=<token 19 #1>"'),
    ],
)  # fmt: skip
def test_the_symbol_of_two_recordings_is_as_narrow_as_chance_allows(
    one: object, other: object, line: str
) -> None:
    assert f'"json": {line}' in learned_from(one, other)


def test_what_expires_in_an_hour_follows_the_clock_even_within_one_second() -> None:
    expiry = int(NOON_S + 3600)
    later = transcript(exchange({"exp": expiry + 7}, at_s=NOON_S + 7))
    first = transcript(exchange({"exp": expiry}))
    assert [] == brief(judged(first, later).differences)
    assert [("value", "/exp")] == brief(
        judged(
            transcript(exchange({"exp": 1767225600})), transcript(exchange({"exp": 1767225601}))
        ).differences
    )


def test_an_object_keyed_by_ids_may_hold_other_ids() -> None:
    def by_id(seed: int, count: object = 1) -> object:
        return {Plant(seed).uuid(): {"count": count}}

    first, again = transcript(exchange(by_id(1))), transcript(exchange(by_id(2)))
    third, wrong = transcript(exchange(by_id(3))), transcript(exchange(by_id(3, "1")))
    assert [] == brief(judged(first, third, again=again).differences)
    found = brief(judged(first, wrong, again=again).differences)
    assert [("type", "/0/count")] == found


def test_an_unordered_rule_pairs_items_while_learning() -> None:
    def lots(*names: str, seed: int) -> object:
        plant = Plant(seed)
        return [{"name": name, "id": plant.uuid()} for name in names]

    rules = Rules((Rule("", Mode.UNORDERED),))
    golden = learn(
        transcript(exchange(lots("a", "b", seed=1))),
        transcript(exchange(lots("b", "a", seed=2))),
        rules=rules,
    )
    assert '"name": "a"' in dump(golden)
    first = transcript(exchange(lots("a", "b", seed=1)))
    for names, expected in ((("b", "a"), []), (("b", "c"), [("value", "/1/name")])):
        third = transcript(exchange(lots(*names, seed=3)))
        assert expected == brief(compare(first, third, golden=golden, rules=rules).differences)
        assert expected == brief(compare_with_golden(golden, third, rules=rules).differences)


def test_a_backend_that_names_itself_in_a_link_says_the_same_as_the_other() -> None:
    def linked(port: int, named: int) -> Transcript:
        one = exchange(
            {"self": f"http://127.0.0.1:{named}/api/lots/1"},
            headers=(*JSON_HEADERS, ("Location", f"http://127.0.0.1:{named}/api/lots/1")),
        )
        request = replace(one.request, headers=(("Host", f"127.0.0.1:{port}"),))
        return transcript(replace(one, request=request))

    assert [] == brief(judged(linked(3000, 3000), linked(8000, 8000)).differences)
    found = judged(linked(3000, 3000), linked(8000, 3000)).differences
    assert [("value", "/self"), ("header-value", "/headers/location")] == brief(found)
    golden = learn(linked(3000, 3000), linked(3000, 3000))
    assert '"location": "<origin>/api/lots/1"' in dump(golden)
    assert golden == load(dump(golden))


def test_a_secret_that_held_is_masked_in_the_golden_and_a_literal_to_live_answers() -> None:
    def answer(key: str, *, own: bool = False) -> Transcript:
        one = transcript(exchange({"api_key": key, "note": f"use {key} here"}))
        known = frozenset({key})
        return replace(one, secrets=known, credentials=known if own else frozenset())

    key, other = "ak-9f3bA7c1e5Wd2f40", "ak-1c5Wd2f40e9f3bA7"
    golden = learn(answer(key), answer(key))

    assert key not in dump(golden)
    assert load(dump(golden)) == golden
    assert not compare(answer(key), answer(key), golden=golden).differences
    found = compare(answer(key), answer(other), golden=golden).differences
    assert [one.pointer for one in found] == ["/api_key"]  # told once, where it is given out

    # What let somebody in is each side's own.
    credentials = learn(answer(key, own=True), answer(key, own=True))
    assert not compare(
        answer(key, own=True), answer(other, own=True), golden=credentials
    ).differences


def test_what_kind_of_secret_it_is_is_held_and_what_it_is_is_not() -> None:
    def answer(key: str) -> Transcript:
        return replace(transcript(exchange({"api_key": key})), secrets=frozenset({key}))

    keys = [f"sk_live_{'aR3x9Q' * 3}{at}{'bT7w' * 2}" for at in range(3)]
    golden = learn(answer(keys[0]), answer(keys[1]))
    assert "sk_live_<secret" in dump(golden)
    assert keys[0][8:] not in dump(golden)
    assert load(dump(golden)) == golden
    assert not compare(answer(keys[0]), answer(keys[2]), golden=golden).differences
    other = keys[2].replace("sk_live_", "sk_test_")
    found = compare(answer(keys[0]), answer(other), golden=golden).differences
    assert [one.pointer for one in found] == ["/api_key"]
    assert not any(key[8:] in f"{found[0].baseline}{found[0].candidate}" for key in (*keys, other))


def cookie(value: str) -> Transcript:
    """An answer that sets a cookie as Python's servers do: some characters want quotes."""
    shown = f'"{value}"' if "=" in value else value
    one = transcript(exchange({}, headers=(*JSON_HEADERS, ("Set-Cookie", f"who={shown}; Path=/"))))
    return replace(one, secrets=frozenset({value}))


def test_a_cookie_of_each_answer_has_quotes_where_its_characters_want_them() -> None:
    def signed(size: int, name: str) -> Transcript:
        payload = base64.b64encode(f"{name:x<{size}}".encode()).decode()
        return cookie(f"2|1:0|10:179567909{size % 10}|3:who|{len(payload)}:{payload}|{name * 8}")

    padded, bare = signed(241, "3fb1c0d9"), signed(240, "9a7e11f2")
    for first, again in ((padded, signed(245, "ac0e77b4")), (bare, signed(243, "5d2290aa"))):
        for candidate in (padded, bare):
            found = compare(first, candidate, golden=learn(first, again))
            assert (found.differences, found.account.of(Fate.OPEN)) == ((), 0)


def test_quotes_around_a_cookie_that_stays_are_a_difference() -> None:
    first, other = cookie("theme=dark"), cookie("theme:dark")
    bare = transcript(
        exchange({}, headers=(*JSON_HEADERS, ("Set-Cookie", "who=theme=dark; Path=/")))
    )
    bare = replace(bare, secrets=frozenset({"theme=dark"}))
    for candidate in (bare, other):
        assert compare(first, candidate, golden=learn(first, first)).differences

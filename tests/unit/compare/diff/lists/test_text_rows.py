"""Lines of a text that earlier tests made, on data of each side's own."""

from __future__ import annotations

from pytest_cutover.compare.diff.ids.correspondence import Correspondence
from pytest_cutover.compare.diff.lists.text_rows import arranged
from pytest_cutover.compare.diff.transcripts import Comparison, RoundContext, compare
from pytest_cutover.compare.noise.model import learn
from pytest_cutover.core.exchange import Side, Transcript
from pytest_cutover.core.unique import new_unique
from tests.unit.compare.building import brief, exchange, transcript

TYPE = (("Content-Type", "text/plain; version=0.0.4"),)


def _pairs(count: int) -> list[tuple[str, str]]:
    """Codes of earlier tests, in the order of the tests; sorted they stand otherwise."""
    while True:
        found = [(new_unique("click"), new_unique("click")) for _ in range(count)]
        ours, theirs = zip(*found, strict=True)
        ranks = [[sorted(side).index(one) for one in side] for side in (ours, theirs)]
        if ranks[0] != ranks[1]:
            return found


def _metrics(names: list[str], side: Side, requests: int, **counts: int) -> Transcript:
    lines = ["# TYPE app_requests_total counter", f"app_requests_total {requests}"]
    every = sorted([(name, 1) for name in names] + [("purchase", 6), ("signup", 8)])
    lines += [f'app_events_total{{name="{one}"}} {counts.get(one, n)}' for one, n in every]
    lines += ["# TYPE process_start_time_seconds gauge", f"process_requests_total {requests // 2}"]
    body = "\n".join([*lines, ""]).encode()
    return transcript(exchange(body=body, headers=TYPE, target="/metrics"), side=side)


def _compared(pairs: list[tuple[str, str]], names: list[str], **counts: int) -> Comparison:
    known = Correspondence()
    known.generated(pairs)
    ours = [left for left, _ in pairs]
    base, again = (_metrics(ours, Side.BASELINE, count) for count in (34, 61))
    cand = _metrics(names, Side.CANDIDATE, 47, **counts)
    return compare(
        base,
        cand,
        RoundContext(known=known.carried(), later=again),
        golden=learn(base, again),
        shared_state=False,
    )


def test_lines_that_are_sorted_by_names_of_earlier_tests_are_one_in_another_order() -> None:
    for _ in range(20):
        pairs = _pairs(4)
        names = [right for _, right in pairs]
        found = _compared(pairs, names)
        assert brief(found.differences) == []
        assert _compared(pairs, [*names[1:], new_unique("press")]).differences
        assert _compared(pairs, names, **{names[1]: 2}).differences
        assert _compared(pairs, names[1:]).differences


def test_lines_are_arranged_as_the_baseline_has_them_and_the_rest_stays() -> None:
    for _ in range(20):
        pairs = _pairs(4)
        known = Correspondence()
        known.generated(pairs)
        ours, theirs = (["head", *sorted(side), "up 1.5", ""] for side in zip(*pairs, strict=True))
        theirs[-2] = "up 7.25"
        found = arranged(known, "\n".join(ours), "\n".join(theirs))
        assert found == "\n".join([*ours[:-2], "up 7.25", ""])
        partners = [dict(pairs).get(line, line) for line in ours[:-2]]
        swapped = ["head", theirs[2], theirs[1], *theirs[3:]]
        foo = [*theirs[:2], "foo", *theirs[3:]]
        for wrong in (theirs[1:], foo, foo if partners == swapped[:-2] else swapped):
            assert arranged(known, "\n".join(ours), "\n".join(wrong)) is None

"""How many faults the parity gate sees, and what users could have today sees of the same.

A random single mutation of the candidate's side each time, in real transcripts of the reference
suite, in those of eleven services whose lists grow, and in texts, streams and cookies made for it.
What is found, and what is left open; what is held to its type alone is a row of its own. After
acceptance: one mutation is accepted as `pytest-cutover accept` would, another is made beside it; of
a text in another line, else it is a row of its own too.

Run: uv run --no-sync --with deepdiff --with apiparity-check python -m benchmarks.recall
         [--seed N] [--per-class N] [--transcripts FILE] [--of SOURCE ...] [--services NAME ...]

Without the two packages the table stands without these peers, and says so. The exit status says
whether the aims hold: found in 97 % and open in 3 % of each class at most, wrong (neither) in none;
in the reference suite all of the right kind, one finding for each mutation.
"""

from __future__ import annotations

import argparse
import random
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from benchmarks.accepting import Agreed
from benchmarks.made_answers import made
from benchmarks.mutation_of_rows import mutation_of_rows
from benchmarks.mutation_of_text import group_of, mutation_of_text
from benchmarks.mutation_plan import cookies_of, equalised, plan, replaced
from benchmarks.mutations import Mutation, tree_of, written
from benchmarks.peers import Peer, Syrupy, installed
from benchmarks.reference_transcripts import Recorded, Said, Suite, kept_or_recorded
from benchmarks.service_transcripts import services
from benchmarks.what_may_stand import COURSE, TYPE, held_to, may_stand
from pytest_cutover.compare.diff.difference import wildcard
from pytest_cutover.core.exchange import Exchange
from pytest_cutover.normalize.substitution import Substitution
from tests.services.runs import SERVICES

SOURCES = ("reference", "services", "made")
ACCEPTED = "after acceptance"
SAME_LINE = "after acceptance, in the same line"
FOUND_AIM, OPEN_AIM = 0.97, 0.03


@dataclass(frozen=True, slots=True)
class Case:
    """A mutation of one exchange of a test; `other` is made, and accepted, beside it.

    `recorded`: there is a golden; else the rounds alone say what is noise.
    """

    test: Recorded
    index: int
    mutation: Mutation
    recorded: bool = True
    other: tuple[int, Mutation] | None = None


@dataclass
class Row:
    """One class of mutations: how many, and what came of them."""

    made: int = 0
    found: int = 0
    open: int = 0
    right: int = 0
    single: int = 0
    peers: dict[str, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0, 0]))

    @property
    def wrong(self) -> int:
        """What passes for compared."""
        return self.made - self.found - self.open


def score(row: Row, mutation: Mutation, said: Said) -> list[str]:
    """Count what was found; gives what went wrong, if anything."""
    found = said.differences
    row.made += 1
    row.found += bool(found)
    row.open += bool(said.open) and not found
    names = {(str(one.kind), one.pointer) for one in found}
    right = bool(found) and all(
        (kind in mutation.kinds or not mutation.kinds)
        and (not mutation.pointers or at in mutation.pointers)
        for kind, at in names
    )
    row.right += right
    single = 0 < len({(str(d.kind), wildcard(d.pointer)) for d in found}) <= mutation.findings
    row.single += single
    wrong = [] if found else ["left open"] if said.open else ["missed"]
    if found and not right and mutation.kinds:
        wrong.append("another kind or place")
    return wrong + (["more than one finding"] if found and not single and mutation.kinds else [])


def of_peers(row: Row, peers: list[Peer], mutation: Mutation, pair: tuple[Exchange, ...]) -> None:
    """Count what the peers say of the same, where they are silent without the mutation."""
    base, plain, mutated = pair
    for peer in peers:
        before = peer.report(base, plain)
        if before:
            continue
        after = peer.report(base, mutated)
        counts = row.peers[peer.name]
        counts[0] += 1
        counts[1] += bool(after)
        counts[2] += bool(after) and all(kind in mutation.kinds for kind, _ in after)


def planned(suite: Suite, source: str) -> dict[str, list[Case]]:
    """Every mutation by its class."""
    groups: dict[str, list[Case]] = defaultdict(list)
    for test in suite.tests:
        for index, exchange in enumerate(test.candidate.exchanges):
            if exchange.response is None:
                continue
            if source == "reference":
                for mutation in plan(suite, test, index):
                    groups[mutation.group].append(Case(test, index, mutation))
                continue
            many = 8 if source == "made" else 1
            for mutation in (
                *mutation_of_rows(exchange, own_ids=not test.shared),
                *mutation_of_text(exchange, many),
                *cookies_of(exchange),
            ):
                for recorded in (True, False):
                    name = mutation.group if recorded else f"{mutation.group}, unrecorded"
                    groups[name].append(Case(test, index, mutation, recorded))
    return groups


def pairs(groups: dict[str, list[Case]], size: int, rng: random.Random) -> list[Case]:
    """Two mutations of one test: the one is accepted, the other must be seen all the same."""
    by_test: dict[int, list[Case]] = defaultdict(list)
    for name, cases in groups.items():
        if "none expected" not in name:
            for case in rng.sample(cases, min(40 * size, len(cases))):
                by_test[id(case.test)].append(case)
    found: list[Case] = []
    tests = [cases for cases in by_test.values() if len(cases) > 1]
    for _ in range(20 * size if tests else 0):  # of few mutations no two may be of two places
        if len(found) == size:
            break
        one, other = rng.sample(rng.choice(tests), 2)
        if one.mutation.pointers.isdisjoint(other.mutation.pointers) or one.index != other.index:
            found.append(replace(one, other=(other.index, other.mutation)))
    return found


def _with(test: Recorded, index: int, mutation: Mutation, seed: int) -> Recorded | None:
    """The test with a mutation in every round; None where it changes nothing that may be seen."""
    plain, rng = test.candidate.exchanges[index], random.Random(seed)
    mutated = mutation.make(plain, rng)
    if mutated is None or mutated == plain:
        return None
    return replaced(test, index, mutated, mutation.make, rng)


def _is_undone(case: Case, both: Recorded) -> bool:
    """Whether two mutations of an answer leave nothing: a line twice, then a line less."""
    plain, made = (one.candidate.exchanges[case.index] for one in (case.test, both))
    return may_stand(plain, made)


def _is_in_one_line(case: Case, before: Recorded, both: Recorded) -> bool:
    """Whether a second mutation of a text is of a line that the first, accepted one made: of a text
    a line is a place, as a pointer is of a document.
    """
    if case.other is None or case.other[0] != case.index:
        return False
    sides = [one.candidate.exchanges[case.index] for one in (case.test, before, both)]
    if any(group_of(one) is None for one in sides):
        return False
    plain, known, now = (Counter(one.response.body.splitlines()) for one in sides if one.response)
    return bool((known - plain) & (known - now))


def judged(suite: Suite, case: Case, seed: int) -> tuple[Recorded, Recorded, Said] | None:
    """The test without and with its mutation, and what the gate says of that; None for nothing."""

    def said(test: Recorded) -> Said:
        return test.said(suite.rules, suite.profiles, recorded=case.recorded)

    changed = _with(case.test, case.index, case.mutation, seed)
    if changed is None:
        return None
    if case.other is None:
        return case.test, changed, said(changed)
    index, mutation = case.other
    before = _with(case.test, index, mutation, seed + 1)
    try:
        both = before and _with(before, case.index, case.mutation, seed)
    except (LookupError, TypeError, AttributeError, AssertionError):
        return None  # the other mutation took its place away
    if before is None or both is None or _is_undone(case, both):
        return None
    if before.candidate.exchanges[case.index].response is None:
        return None  # of no answer nothing else can be wrong
    known, alone = said(before), said(changed)
    agreed = Agreed.of(known.differences)
    if agreed is None or known.open or not alone.differences or agreed.covers(alone.differences):
        return None  # what nobody can accept, or what is not seen by itself either
    now = said(both)
    left = agreed.left(now.differences)
    return before, both, replace(now, differences=left, accepted=agreed.entries)


def run(
    suite: Suite,
    groups: dict[str, list[Case]],
    rng: random.Random,
    *,
    peers: list[Peer],
    show: int,
) -> dict[str, Row]:
    """Make each mutation and ask everybody."""
    rows: dict[str, Row] = {}
    for group, cases in sorted(groups.items()):
        row = rows.setdefault(group, Row())
        for case in cases:
            result = judged(suite, case, rng.randrange(10**9))
            if result is None:
                continue
            before, test, said = result
            plain, mutated = (one.candidate.exchanges[case.index] for one in (before, test))
            mutation, counted = case.mutation, row
            if (case.other or not mutation.kinds) and "none expected" not in group:
                if may_stand(plain, mutated):
                    continue
                apart = SAME_LINE if _is_in_one_line(case, before, test) else group
                counted = rows.setdefault(held_to(before, test, case.index) or apart, Row())
            wrong = score(counted, mutation, said)
            if wrong and "none expected" not in group and counted is row and show > 0:
                show -= 1
                _explain(group, case, plain, mutated, said, wrong)
            left, right = Substitution.of(test.baseline), Substitution.of(test.candidate)
            of_peers(counted, peers, mutation, (
                equalised(test.baseline.exchanges[case.index], left), equalised(plain, right),
                equalised(mutated, right) if mutated.response else mutated,
            ))  # fmt: skip
    return rows


def _explain(
    group: str, case: Case, plain: Exchange, mutated: Exchange, said: Said, wrong: list[str]
) -> None:
    mutation = case.mutation
    print(f"! {group}: {', '.join(wrong)} in {case.test.golden.test} {plain.endpoint}")
    print(f"    expected {sorted(mutation.kinds)} at {sorted(mutation.pointers)}")
    for entry in said.accepted:
        print(f"    accepted {entry}")
    for one in said.differences:
        print(f"    found {one.kind} {one.pointer} {one.change}")
    for reason in said.open:
        print(f"    open {reason}")
    if plain.response and mutated.response:
        one, other = _spelled_alike(plain), _spelled_alike(mutated)
        pairs_ = enumerate(zip(one, other, strict=False))
        at = next((i for i, (a, b) in pairs_ if a != b), min(len(one), len(other)))
        for side, body in ((plain.response, one), (mutated.response, other)):
            print(f"    {side.status} {len(body)} at {at} {body[max(0, at - 60) :][:160]!r}")
        if plain.response.headers != mutated.response.headers:
            print(f"    {sorted(set(plain.response.headers) ^ set(mutated.response.headers))}")


def _spelled_alike(exchange: Exchange) -> bytes:
    assert exchange.response is not None
    try:
        return written(tree_of(exchange))
    except (AssertionError, ValueError, TypeError, AttributeError):
        return exchange.response.body


def table(rows: dict[str, Row], names: list[str]) -> bool:
    """Print what came of it; whether the aims hold."""
    print(f"\n{'class':42} {'made':>5} {'found':>7} {'open':>7} {'wrong':>5} {'kind':>7} {'one':>7}"
          + "".join(f" {name:>24}" for name in names))  # fmt: skip
    total, aims = Row(), True
    for group, row in rows.items():
        print(_line(group, row, names))
        if "none expected" in group:
            aims &= row.found == 0
            continue
        if group in (COURSE, TYPE, SAME_LINE):
            continue
        aims &= row.found >= FOUND_AIM * row.made and row.open <= OPEN_AIM * row.made
        aims &= row.wrong == 0
        for one in ("made", "found", "open", "right", "single"):
            setattr(total, one, getattr(total, one) + getattr(row, one))
        for name, counts in row.peers.items():
            total.peers[name] = [a + b for a, b in zip(total.peers[name], counts, strict=True)]
    print(_line("all that should be found", total, names))
    return aims


def _line(group: str, row: Row, names: list[str]) -> str:
    shares = [f"{_percent(n, row.made):>7}" for n in (row.found, row.open)]
    shares += [f"{row.wrong:>5}"]
    shares += [f"{_percent(n, row.made):>7}" for n in (row.right, row.single)]
    cells = []
    for name in names:
        asked, found, right = row.peers[name]
        kind = "" if name == Syrupy.name else f", kind {_percent(right, asked)}"
        cells.append(f" {_percent(found, asked) + kind:>24}")
    return f"{group:42} {row.made:>5} {' '.join(shares)}{''.join(cells)}"


def _percent(part: int, whole: int) -> str:
    if not whole:
        return "-"
    share = 100 * part / whole
    return "100 %" if part == whole else f"{min(share, 99.9):.1f} %"


def alarms(suite: Suite, peers: list[Peer]) -> None:
    """How many of the answers each says are different, before anything is mutated."""
    total = sum(len(test.baseline.exchanges) for test in suite.tests)
    ours = sum(len(test.said(suite.rules, suite.profiles).differences) for test in suite.tests)
    print(f"{total} answers without a mutation; false alarms: pytest-cutover {ours}", end="")
    for peer in peers:
        count = 0
        for test in suite.tests:
            left, right = Substitution.of(test.baseline), Substitution.of(test.candidate)
            for base, cand in zip(test.baseline.exchanges, test.candidate.exchanges, strict=True):
                count += bool(peer.report(equalised(base, left), equalised(cand, right)))
        print(f", {peer.name} {count}", end="")
    print()


def suite_of(source: str, transcripts: Path | None, names: Sequence[str], seed: int) -> Suite:
    """The tests of one source."""
    if source == "reference":
        return kept_or_recorded(transcripts)
    return services(names) if source == "services" else made(seed)


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("--per-class", type=int, default=250)
    parser.add_argument("--transcripts", type=Path, help="kept here, and read from here next time")
    parser.add_argument("--show", type=int, default=10, help="so many failures in full")
    parser.add_argument("--of", nargs="*", choices=SOURCES, default=SOURCES, dest="sources")
    parser.add_argument("--services", nargs="*", choices=SERVICES, default=SERVICES)
    options = parser.parse_args()
    rng, started = random.Random(options.seed), time.perf_counter()
    rows: dict[str, Row] = {}
    peers, missing = installed()
    if missing:
        print(f"not installed, so not in the table: {', '.join(missing)}")
    for source in options.sources:
        suite = suite_of(source, options.transcripts, options.services, options.seed)
        real = sum(test.real for test in suite.tests)
        print(f"{source}, seed {options.seed}; {len(suite.tests)} tests, {real} of a real pair")
        alarms(suite, peers)
        every = planned(suite, source)
        print(f"{sum(map(len, every.values())):,} single mutations are possible")
        size = options.per_class
        chosen = {name: rng.sample(all_, min(size, len(all_))) for name, all_ in every.items()}
        chosen[ACCEPTED] = pairs(every, size, rng)
        for group, row in run(suite, chosen, rng, peers=peers, show=options.show).items():
            rows[group] = added(rows[group], row) if group in rows else row
    aims = table(dict(sorted(rows.items())), [peer.name for peer in peers])
    print(f"{time.perf_counter() - started:.0f} s; the aims are {'met' if aims else 'missed'}")
    return int(not aims)


def added(one: Row, other: Row) -> Row:
    """Two rows of one class, of two sources."""
    for name in ("made", "found", "open", "right", "single"):
        setattr(one, name, getattr(one, name) + getattr(other, name))
    for name, counts in other.peers.items():
        one.peers[name] = [a + b for a, b in zip(one.peers[name], counts, strict=True)]
    return one


if __name__ == "__main__":
    raise SystemExit(main())

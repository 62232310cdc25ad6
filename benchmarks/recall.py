"""How many faults the parity gate sees, and what users could have today sees of the same.

Real transcripts of the reference suite, a random single mutation of the candidate's side each
time. Run: python -m benchmarks.recall [--seed N] [--per-class N] [--transcripts FILE]

Needs the dependency group `benchmarks` (`uv sync --group benchmarks`). The exit status says whether
the aims hold: 100 % of all that is not volatile, 100 % of format changes inside what is, one
finding for each mutation.
"""

from __future__ import annotations

import argparse
import random
import time
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.mutation_plan import equalised, plan, replaced
from benchmarks.mutations import Mutation
from benchmarks.peers import Apiparity, Deep, Peer, Syrupy
from benchmarks.reference_transcripts import Recorded, Suite, kept_or_recorded
from pytest_cutover.compare.diff.difference import Difference, wildcard
from pytest_cutover.compare.diff.transcripts import compare
from pytest_cutover.compare.normalize.substitution import Substitution
from pytest_cutover.core.exchange import Exchange

Case = tuple[Recorded, int, Mutation]


@dataclass
class Row:
    """One class of mutations: how many, and what came of them."""

    made: int = 0
    found: int = 0
    right: int = 0
    single: int = 0
    peers: dict[str, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0, 0]))


def judged(suite: Suite, test: Recorded) -> tuple[Difference, ...]:
    """What the gate would find in a test."""
    return compare(
        test.baseline, test.candidate, golden=test.golden, rules=suite.rules,
        profiles=suite.profiles,
    ).differences  # fmt: skip


def score(row: Row, mutation: Mutation, found: tuple[Difference, ...]) -> list[str]:
    """Count what was found; gives what went wrong, if anything."""
    row.made += 1
    row.found += bool(found)
    names = {(str(one.kind), one.pointer) for one in found}
    right = bool(found) and all(
        kind in mutation.kinds and (not mutation.pointers or at in mutation.pointers)
        for kind, at in names
    )
    row.right += right
    single = 0 < len({(str(d.kind), wildcard(d.pointer)) for d in found}) <= mutation.findings
    row.single += single
    wrong = [] if found else ["missed"]
    if found and not right:
        wrong.append("another kind or place")
    return wrong + (["more than one finding"] if found and not single else [])


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


def sampled(suite: Suite, per_class: int, rng: random.Random) -> dict[str, list[Case]]:
    """A sample of each class, over all tests."""
    groups: dict[str, list[Case]] = defaultdict(list)
    for test in suite.tests:
        for index in range(len(test.candidate.exchanges)):
            for mutation in plan(suite, test, index):
                groups[mutation.group].append((test, index, mutation))
    print(f"{sum(map(len, groups.values())):,} single mutations are possible")
    return {name: rng.sample(all_, min(per_class, len(all_))) for name, all_ in groups.items()}


def run(
    suite: Suite, groups: dict[str, list[Case]], rng: random.Random, show: int
) -> dict[str, Row]:
    """Make each mutation and ask everybody."""
    peers: list[Peer] = [Syrupy(), Deep(), Apiparity()]
    rows: dict[str, Row] = {}
    for group, cases in sorted(groups.items()):
        row = rows[group] = Row()
        for test, index, mutation in cases:
            plain = test.candidate.exchanges[index]
            mutated = mutation.make(plain, rng)
            if mutated is None or mutated == plain:
                continue
            found = judged(suite, replaced(test, index, mutated))
            wrong = score(row, mutation, found)
            if wrong and mutation.kinds and show > 0:
                show -= 1
                _explain(group, mutation, test, plain, mutated, found, wrong)
            left, right = Substitution.of(test.baseline), Substitution.of(test.candidate)
            of_peers(row, peers, mutation, (
                equalised(test.baseline.exchanges[index], left), equalised(plain, right),
                equalised(mutated, right) if mutated.response else mutated,
            ))  # fmt: skip
    return rows


def _explain(group: str, mutation: Mutation, test: Recorded, plain: Exchange, mutated: Exchange,
             found: tuple[Difference, ...], wrong: list[str]) -> None:  # fmt: skip
    print(f"! {group}: {', '.join(wrong)} in {test.golden.test} {plain.endpoint}")
    print(f"    expected {sorted(mutation.kinds)} at {sorted(mutation.pointers)}")
    for one in found:
        print(f"    found {one.kind} {one.pointer} {one.change}")
    for side in (plain, mutated):
        if side.response is not None:
            print(f"    {side.response.status} {side.response.body[:300]!r}")
    if mutated.response and plain.response and mutated.response.headers != plain.response.headers:
        print(f"    {sorted(set(plain.response.headers) ^ set(mutated.response.headers))}")


def table(rows: dict[str, Row]) -> bool:
    """Print what came of it; whether the aims hold."""
    names = [Syrupy.name, Deep.name, Apiparity.name]
    print(f"\n{'class':42} {'made':>5} {'recall':>7} {'kind':>7} {'one':>7}"
          + "".join(f" {name:>24}" for name in names))  # fmt: skip
    total, aims = Row(), True
    for group, row in rows.items():
        print(_line(group, row, names))
        if "none expected" in group:
            aims &= row.found == 0
            continue
        aims &= row.found == row.right == row.single == row.made
        for one in ("made", "found", "right", "single"):
            setattr(total, one, getattr(total, one) + getattr(row, one))
        for name, counts in row.peers.items():
            total.peers[name] = [a + b for a, b in zip(total.peers[name], counts, strict=True)]
    print(_line("all that should be found", total, names))
    return aims


def _line(group: str, row: Row, names: list[str]) -> str:
    shares = [f"{_percent(n, row.made):>7}" for n in (row.found, row.right, row.single)]
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


def alarms(suite: Suite) -> None:
    """How many of the answers each says are different, before anything is mutated."""
    total = sum(len(test.baseline.exchanges) for test in suite.tests)
    ours = sum(len(judged(suite, test)) for test in suite.tests)
    print(f"{total} answers without a mutation; false alarms: pytest-cutover {ours}", end="")
    for peer in (Syrupy(), Deep(), Apiparity()):
        count = 0
        for test in suite.tests:
            left, right = Substitution.of(test.baseline), Substitution.of(test.candidate)
            for base, cand in zip(test.baseline.exchanges, test.candidate.exchanges, strict=True):
                count += bool(peer.report(equalised(base, left), equalised(cand, right)))
        print(f", {peer.name} {count}", end="")
    print()


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("--per-class", type=int, default=250)
    parser.add_argument("--transcripts", type=Path, help="kept here, and read from here next time")
    parser.add_argument("--show", type=int, default=10, help="so many failures in full")
    options = parser.parse_args()
    suite = kept_or_recorded(options.transcripts)
    real = sum(test.real for test in suite.tests)
    print(f"seed {options.seed}; {len(suite.tests)} tests, {real} of them of the real candidate")
    alarms(suite)
    rng, started = random.Random(options.seed), time.perf_counter()
    rows = run(suite, sampled(suite, options.per_class, rng), rng, options.show)
    aims = table(rows)
    print(f"{time.perf_counter() - started:.0f} s; the aims are {'met' if aims else 'missed'}")
    return int(not aims)


if __name__ == "__main__":
    raise SystemExit(main())

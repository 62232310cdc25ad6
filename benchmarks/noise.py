"""Runs of one test whose answers differ by chance only: no finding may come of any of them.

Ids, tokens, signed claims, counters, measured times, cursors, objects keyed by ids, items in any
order where a rule says so; the clock goes on by up to two days, and milliseconds are sometimes the
same in all runs, or all zero. Each run records anew, compares with the live baseline, and with the
golden alone. Run: python -m benchmarks.noise [--runs N] [--seed N]
"""

from __future__ import annotations

import argparse
import random
from collections import Counter

from pytest_cutover.compare.diff.difference import Difference
from pytest_cutover.compare.diff.transcripts import compare, compare_with_golden
from pytest_cutover.compare.golden.text import dump, load
from pytest_cutover.compare.noise.model import learn
from pytest_cutover.compare.noise.rules import Mode, Rule, Rules
from pytest_cutover.core.exchange import Side
from tests.unit.compare.building import NOON_S, BusyPlant

ANY_ORDER = Rules((Rule("/parents", Mode.UNORDERED, endpoint="GET /api/traceability"),))
MILLIS = (None, None, 0, 500, 999)
LATER_S = (0, 1, 59, 3600, 43_200, 86_400, 172_800)


def found_by_chance(rng: random.Random) -> list[Difference]:
    """What is found in one run: two recordings, a live baseline and a candidate."""

    def plant(at_s: float, side: Side = Side.BASELINE) -> BusyPlant:
        return BusyPlant(rng.getrandbits(40), at_s, side, rng.choice(MILLIS))

    noon, later = NOON_S + rng.randrange(86_400), rng.choice(LATER_S)
    first = plant(noon).transcript()
    golden = load(dump(learn(first, plant(noon + rng.randrange(3)).transcript(), rules=ANY_ORDER)))
    live = plant(noon + later).transcript()
    candidate = plant(noon + later + rng.randrange(5), Side.CANDIDATE).transcript()
    found = [
        compare(live, candidate, golden=golden, rules=ANY_ORDER),
        compare_with_golden(golden, candidate, rules=ANY_ORDER),
        compare_with_golden(golden, live, rules=ANY_ORDER),
    ]
    assert not any(one.inconclusive for one in found)
    return [difference for one in found for difference in one.differences]


def main() -> int:
    """Print how many runs showed something, and what; the exit status says whether any did."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--runs", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    options = parser.parse_args()
    rng, shown, alarmed = random.Random(options.seed), Counter[str](), 0
    for _ in range(options.runs):
        found = found_by_chance(rng)
        alarmed += bool(found)
        shown.update(one.signature for one in found)
    print(f"seed {options.seed}: {alarmed} of {options.runs} runs showed something by chance")
    for signature, count in shown.most_common(20):
        print(f"{count:6} {signature}")
    return int(alarmed > 0)


if __name__ == "__main__":
    raise SystemExit(main())

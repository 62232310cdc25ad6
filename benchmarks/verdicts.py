"""How often the performance gate is wrong, undecided, and how soon it decides.

    python -m benchmarks.verdicts [--quick] [--shapes] [--only LINES] [--seed N]

A simulation with the very code of the gate, beside what else is in use. Nothing is timed: the same
seed gives the same table on every machine.

The first part is P50 against the baseline over the shapes that latencies have, with five peers on
the same pairs (``verdicts_shapes``): a fixed number of runs, some four minutes of one core, half a
minute with --quick; with --shapes it is the only part. The rest is about rates: P95, P99, errors
and the maximum (``proportions.settle``, the discounts of ``RunTail``'s clusters and of ``Stalls``)
beside point estimates, a Clopper-Pearson interval peeked at every 50 requests and, when it is
installed, the package ``ville``. alpha = 0.05, 25 gates. About ten minutes of one core, under one
with --quick.

Two models of the world of rates. *Independent*: latencies are lognormal with a slow tail, under
drift. *Bursts*: five endpoints take turns of one block; bursts of L requests of the run
make the candidate's requests in them slow. A decided endpoint stops; the rest go on until the run
has sent 100,000 requests (five minutes at 3 ms). The probe watches as long as 2,000 requests take.
A verdict is wrong when it contradicts the true rate over what was sampled until then.

Three rows miss an aim, and why. Bursts of 30 at half and at twice the allowed rate are 17 and 67 in
100,000 requests: the *oracle* rows show what a likelihood ratio that knows both rates leaves open
when it may be looked at at any time; with 150,000 requests the gate keeps the aim. And without a
probe an endpoint passes after 432 clean requests, 4,320 of the run, in which no burst of 30 at
1.5 % falls once in exp(2.16) = 8.7 times.
"""

from __future__ import annotations

import argparse
import importlib.util
import time
from collections.abc import Callable, Iterator
from typing import NoReturn

import numpy as np

from benchmarks.verdict_rows import HEAD, STRICT, Row
from benchmarks.verdicts_bursts import agreement, burst_rows
from benchmarks.verdicts_independent import maximum_rows, rate_rows
from benchmarks.verdicts_peers import peeked_rows, point_rows, ville_rows
from benchmarks.verdicts_shapes import head, lines, told_the_family


def main() -> None:
    """Print the table; the exit status is 1 when an aim is missed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--quick", action="store_true", help="a tenth of the runs")
    parser.add_argument("--shapes", action="store_true", help="P50 over the shapes, nothing else")
    parser.add_argument("--only", default="", help="lines of P50 that begin so, nothing else")
    parser.add_argument("--seed", type=int, default=20_210_501)
    options = parser.parse_args()
    scale = 0.1 if options.quick else 1.0
    rng = np.random.default_rng(options.seed)
    began = time.perf_counter()
    print(f"seed {options.seed}, alpha {STRICT.alpha}, {STRICT.gates} gates, runs x {scale:g}")
    missed = 0
    print(f"-- P50 against the baseline, in per cent at 5 / 30 / 100 ms a request\n{head()}")
    for line in lines(scale, options.seed, options.only):
        print(line, flush=True)
        missed += line.missed
    if not options.only:
        print(told_the_family())
    if options.shapes or options.only:
        _end(missed, began, quick=options.quick)
    print(HEAD)
    groups: list[tuple[str, Callable[[float, np.random.Generator], Iterator[Row]]]] = [
        ("the gate, independent requests", rate_rows),
        ("the gate, bursts in time over five endpoints", burst_rows),
        ("the gate, maximum", maximum_rows),
        ("peer: point estimates", point_rows),
        ("peer: peeking at a fixed-n interval", peeked_rows),
    ]
    if importlib.util.find_spec("ville"):
        groups.append(("peer: ville", ville_rows))
    for title, rows in groups:
        print(f"-- {title}")
        for row in rows(scale, rng):
            print(row, flush=True)
            missed += row.missed
    runs = max(2, int(12 * scale))
    print(f"-- the simulation against judge_quantile, block by block: {agreement(runs, rng)}")
    if not importlib.util.find_spec("ville"):
        print("-- peer: ville is not installed (pip install ville): no oracle in this run")
    _end(missed, began, quick=options.quick)


def _end(missed: int, began: float, *, quick: bool) -> NoReturn:
    print(f"{missed} rows miss an aim; {time.perf_counter() - began:.0f} s")
    raise SystemExit(1 if missed and not quick else 0)


if __name__ == "__main__":
    main()

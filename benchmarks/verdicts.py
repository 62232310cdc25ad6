"""How often the performance gate is wrong, undecided, and how soon it decides.

    python -m benchmarks.verdicts [--quick] [--seed N]

A simulation with the very code of the gate (``shares.settle``, the discounts of ``RunTail``'s
clusters and of ``Stalls``) beside what else is in use: point estimates, pytest-benchmark's
``median:10%``, a Clopper-Pearson interval peeked at every 50 requests and, when it is installed,
the package ``ville``. alpha = 0.05, 25 gates. One core; about ten minutes, under one with --quick.

Two models of the world. *Independent*: latencies are lognormal with a slow tail, under drift and
coarse clocks. *Bursts*: five endpoints take turns of one block; bursts of L requests of the run
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

import numpy as np

from benchmarks.verdict_rows import HEAD, STRICT, Row
from benchmarks.verdicts_bursts import agreement, burst_rows
from benchmarks.verdicts_independent import maximum_rows, rate_rows, ratio_rows
from benchmarks.verdicts_peers import median_rows, peeked_rows, point_rows, ville_rows


def main() -> None:
    """Print the table; the exit status is 1 when an aim is missed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--quick", action="store_true", help="a tenth of the runs")
    parser.add_argument("--seed", type=int, default=20_210_501)
    options = parser.parse_args()
    scale = 0.1 if options.quick else 1.0
    rng = np.random.default_rng(options.seed)
    began = time.perf_counter()
    print(f"seed {options.seed}, alpha {STRICT.alpha}, {STRICT.gates} gates, runs x {scale:g}")
    print(HEAD)
    missed = 0
    groups: list[tuple[str, Callable[[float, np.random.Generator], Iterator[Row]]]] = [
        ("the gate, independent requests", rate_rows),
        ("the gate, regression of P50", ratio_rows),
        ("the gate, bursts in time over five endpoints", burst_rows),
        ("the gate, maximum", maximum_rows),
        ("peer: point estimates", point_rows),
        ("peer: pytest-benchmark", median_rows),
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
    print(f"{missed} rows miss an aim; {time.perf_counter() - began:.0f} s")
    raise SystemExit(1 if missed and not options.quick else 0)


if __name__ == "__main__":
    main()

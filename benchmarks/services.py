"""The services against themselves in every way of running them, and their faults, as one table.

    python -m benchmarks.services                       eleven of them in eight ways, five runs each
    python -m benchmarks.services --runs 1 feed shop    two of them, once
    python -m benchmarks.services stats --workers 4 --databases two --mode url
    python -m benchmarks.services --runs 0 --faults 20  twenty faults of each, one database and two

Each run is told as it ends, and kept as a line of JSON with `--json FILE`. The exit status is 1
where a service was accused of being itself, was left undecided, or kept a fault to itself. With
five runs it takes some hours; `tests/slow/test_services.py` holds the same to it, cell by cell.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from tests.services import runs

WORKERS = (0, 4)


@dataclass(frozen=True, slots=True)
class Told:
    """One run: the way it was run in, its verdict, and whether that is the right one."""

    service: str
    way: tuple[str, str, str]
    verdict: str
    right: bool
    seconds: float
    reasons: list[str]

    def line(self) -> str:
        """Return the run in a line, with what speaks against it where it is not right."""
        why = "" if self.right else "  ".join(self.reasons[:3])
        way = " ".join(self.way)
        return f"{self.verdict:13} {self.service:13} {way:22} {self.seconds:5.1f} s  {why}"


def _against_itself(options: argparse.Namespace) -> Iterator[Told]:
    for name in options.services:
        for mode in options.mode:
            for databases in options.databases:
                for workers in options.workers:
                    with runs.project(name, mode=mode, databases=databases) as project:
                        for _ in range(options.runs):
                            run = project.run(workers=workers)
                            way = (mode, databases, f"-n {workers}" if workers else "serial")
                            right = run.verdict == "GO"
                            yield Told(name, way, run.verdict, right, run.seconds, run.reasons)
                            if mode == "launched":
                                project.forget()


def _with_a_fault(options: argparse.Namespace) -> Iterator[Told]:
    for name in options.services:
        faults = runs.faults(name)
        random.Random(1).shuffle(faults)
        for fault in faults[: options.faults]:
            for databases in options.databases:
                run = runs.run(name, databases=databases, fault=fault.name, asserting=False)
                right = run.verdict == "NO-GO" and bool(run.findings_at(fault.endpoint))
                way = ("fault", databases, fault.name)
                yield Told(name, way, run.verdict, right, run.seconds, run.reasons)


def _table(told: list[Told]) -> str:
    """Return how many runs were right of how many, a line for each service."""
    ways = sorted({(one.way if one.way[0] != "fault" else (*one.way[:2], "")) for one in told})
    count: Counter[tuple[str, tuple[str, ...]]] = Counter()
    right: Counter[tuple[str, tuple[str, ...]]] = Counter()
    for one in told:
        way = one.way if one.way[0] != "fault" else (*one.way[:2], "")
        count[one.service, way] += 1
        right[one.service, way] += one.right
    head = [" ".join(way).strip() for way in ways]
    lines = [" | ".join(["service      ", *head])]
    for name in dict.fromkeys(one.service for one in told):
        cells = [f"{right[name, way]} of {count[name, way]}" for way in ways]
        padded = [cell.ljust(len(title)) for cell, title in zip(cells, head, strict=True)]
        lines.append(" | ".join([name.ljust(13), *padded]))
    return "\n".join(lines)


def main() -> int:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.services")
    parser.add_argument("services", nargs="*", default=list(runs.SERVICES))
    parser.add_argument("--mode", nargs="*", default=get_args(runs.Mode))
    parser.add_argument("--databases", nargs="*", default=get_args(runs.Databases))
    parser.add_argument("--workers", nargs="*", type=int, default=WORKERS)
    parser.add_argument("--runs", type=int, default=5, help="of each service in each way")
    parser.add_argument("--faults", type=int, default=0, help="so many of each service")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    told: list[Told] = []
    for found in (_against_itself(options), _with_a_fault(options)):
        for one in found:
            told.append(one)
            print(one.line(), flush=True)
            if options.json:
                with options.json.open("a", encoding="utf-8") as file:
                    file.write(json.dumps([one.service, *one.way, one.verdict, one.reasons]) + "\n")
    print(_table(told))
    return 0 if all(one.right for one in told) else 1


if __name__ == "__main__":
    sys.exit(main())

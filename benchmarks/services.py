"""The services against themselves in every way of running them, and their faults, as one table.

    python -m benchmarks.services                       eleven of them in eight ways, five runs each
    python -m benchmarks.services --runs 1 feed shop    two of them, once
    python -m benchmarks.services stats --workers 4 --databases two --mode url
    python -m benchmarks.services --runs 0 --faults 20  twenty faults of each, one database and two
    python -m benchmarks.services --json F --skip-done --seconds 3000   what F lacks, for 50 minutes
    python -m benchmarks.services --json F --table      what F says, nothing run

Each run is told as it ends, and kept as a line of JSON with `--json FILE`; with `--skip-done` what
stands there already is not run again, and counts. Launched cells take turns: each once, then each
again, so that a command that was ended early has asked all of them. `--keep FOLDER` keeps gate.json
and the output of each run that is not right. A run waits more than it works: `--lanes 3` has three
at a time. The exit status is 1 where a service was accused of being itself, was left undecided, or
kept a fault to itself, and 2 where `--seconds` were over before all was run.
`tests/slow/test_services.py` holds the same to it, cell by cell.
"""

from __future__ import annotations

import argparse
import itertools
import json
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import get_args

from tests.services import runs
from tests.services.serving import Fault

WORKERS = (0, 4)
Way = tuple[str, str, str]  # mode, data, and workers or the fault


@dataclass(frozen=True, slots=True)
class Told:
    """One run: the way it was run in, its verdict, and whether that is the right one."""

    service: str
    way: Way
    verdict: str
    right: bool
    seconds: float
    reasons: list[str]

    def line(self) -> str:
        """Return the run in a line, with what speaks against it where it is not right."""
        why = "" if self.right else "  ".join(self.reasons[:3])
        way = " ".join(self.way)
        return f"{self.verdict:13} {self.service:13} {way:22} {self.seconds:5.1f} s  {why}"


@dataclass(slots=True)
class Book:
    """What was run, in this call and in those before it that wrote to the same file.

    `until_s` is the time from which on no further run begins; `keep` is where runs that are not
    right leave what they said. Several runs may end at once.
    """

    file: Path | None
    until_s: float
    keep: Path | None
    told: list[Told] = field(default_factory=list)
    writing: threading.Lock = field(default_factory=threading.Lock)

    def read(self) -> None:
        """Take over what earlier calls wrote."""
        if self.file is not None and self.file.exists():
            for line in self.file.read_text("utf-8").splitlines():
                service, *way, verdict, right, seconds, reasons = json.loads(line)
                mode, databases, how = way
                self.told.append(
                    Told(service, (mode, databases, how), verdict, right, seconds, reasons)
                )

    def times(self, service: str, way: Way) -> int:
        """How often a service was run in a way."""
        return sum((one.service, one.way) == (service, way) for one in self.told)

    def is_over(self) -> bool:
        """Whether the time is up."""
        return time.monotonic() >= self.until_s

    def add(self, one: Told, run: runs.Run | None) -> None:
        """Tell a run, and write it down."""
        with self.writing:
            self.told.append(one)
            print(one.line(), flush=True)
            if self.file is not None:
                kept = [one.service, *one.way, one.verdict, one.right, round(one.seconds, 1)]
                with self.file.open("a", encoding="utf-8") as file:
                    file.write(json.dumps([*kept, one.reasons]) + "\n")
            if self.keep is not None and not one.right and run is not None:
                name = "-".join([one.service, *one.way, str(len(self.told))]).replace(" ", "")
                folder = self.keep / name
                folder.mkdir(parents=True, exist_ok=True)
                (folder / "gate.json").write_text(json.dumps(run.gate), "utf-8")
                (folder / "output.txt").write_text(run.output, "utf-8")


Task = Callable[[Book], None]


def _against_itself(options: argparse.Namespace) -> Iterator[Task]:
    """Yield what runs each cell so often as is asked for.

    Servers by URL have rows that stay: their runs follow each other, on the same data. Of the
    others each cell has its turn before one has its next.
    """
    at_once = [(mode, options.runs) for mode in options.mode if mode == "url"]
    one_by_one = [
        (mode, turn + 1) for turn in range(options.runs) for mode in options.mode if mode != "url"
    ]
    for (mode, wanted), databases, workers, name in itertools.product(
        [*one_by_one[:1], *at_once, *one_by_one[1:]],
        options.databases,
        options.workers,
        options.services,
    ):
        yield partial(_run_cell, name, mode, databases, workers, wanted)


def _run_cell(
    name: str, mode: runs.Mode, databases: runs.Databases, workers: int, wanted: int, book: Book
) -> None:
    way = (mode, databases, f"-n {workers}" if workers else "serial")
    if book.times(name, way) >= wanted or book.is_over():
        return
    with runs.project(name, mode=mode, databases=databases) as project:
        while book.times(name, way) < wanted and not book.is_over():
            book.add(*_told(name, way, partial(project.run, workers=workers)))
            if mode == "launched":
                project.forget()


def _with_a_fault(options: argparse.Namespace) -> Iterator[Task]:
    """Yield what runs each fault on each kind of data."""
    for name in options.services:
        faults = runs.faults(name)
        random.Random(1).shuffle(faults)
        for fault, databases in itertools.product(faults[: options.faults], options.databases):
            yield partial(_run_fault, name, databases, fault)


def _run_fault(name: str, databases: runs.Databases, fault: Fault, book: Book) -> None:
    way = ("fault", databases, fault.name)
    if book.times(name, way) or book.is_over():
        return
    run = partial(runs.run, name, databases=databases, fault=fault.name, asserting=False)
    book.add(*_told(name, way, run, fault.endpoint))


def _told(
    name: str, way: Way, run: Callable[[], runs.Run], faulty: str = ""
) -> tuple[Told, runs.Run | None]:
    """Run once, and say whether the verdict is right: GO, or a finding at the `faulty` endpoint."""
    try:
        ran = run()
    except (RuntimeError, subprocess.TimeoutExpired) as error:
        return Told(name, way, "ERROR", False, 0.0, [str(error)[-600:]]), None
    right = ran.verdict == "GO"
    if faulty:
        right = ran.verdict == "NO-GO" and bool(ran.findings_at(faulty))
    return Told(name, way, ran.verdict, right, ran.seconds, ran.reasons), ran


def _table(told: list[Told]) -> str:
    """Return a line for each service: GO / INCONCLUSIVE / NO-GO of each way, faults found of all.

    What ended in no verdict counts as NO-GO.
    """
    ways = sorted({_column(one) for one in told})
    lines = [["service", *(" ".join(way).strip() for way in ways)]]
    for name in (*dict.fromkeys(one.service for one in told), "all"):
        cells = [name]
        for way in ways:
            runs_of = [one for one in told if _column(one) == way and name in (one.service, "all")]
            verdicts = Counter(one.verdict for one in runs_of)
            if way[0] == "fault":
                cells.append(f"{sum(one.right for one in runs_of)} of {len(runs_of)}")
            else:
                go, open_ = verdicts["GO"], verdicts["INCONCLUSIVE"]
                cells.append(f"{go} / {open_} / {len(runs_of) - go - open_}")
        lines.append(cells)
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        for line in lines
    )


def _column(one: Told) -> Way:
    return (*one.way[:2], "") if one.way[0] == "fault" else one.way


def main() -> int:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.services")
    parser.add_argument("services", nargs="*", default=list(runs.SERVICES))
    parser.add_argument("--mode", nargs="*", default=get_args(runs.Mode))
    parser.add_argument("--databases", nargs="*", default=get_args(runs.Databases))
    parser.add_argument("--workers", nargs="*", type=int, default=WORKERS)
    parser.add_argument("--runs", type=int, default=5, help="of each service in each way")
    parser.add_argument("--faults", type=int, default=0, help="so many of each service")
    parser.add_argument("--lanes", type=int, default=1, help="so many runs at a time")
    parser.add_argument("--json", type=Path, help="a line for each run, added at the end")
    parser.add_argument("--skip-done", action="store_true", help="count what --json has already")
    parser.add_argument("--seconds", type=float, default=float("inf"), help="begin no run after")
    parser.add_argument("--keep", type=Path, help="a folder for what runs that are not right say")
    parser.add_argument("--table", action="store_true", help="print what --json has, run nothing")
    options = parser.parse_args()
    if (options.skip_done or options.table) and options.json is None:
        parser.error("--skip-done and --table say what stands in a file: give --json FILE")
    book = Book(options.json, time.monotonic() + options.seconds, options.keep)
    if options.skip_done or options.table:
        book.read()
    if not options.table:
        tasks = [*_against_itself(options), *_with_a_fault(options)]
        with ThreadPoolExecutor(options.lanes) as lanes:
            for done in [lanes.submit(task, book) for task in tasks]:
                done.result()
    print(_table(book.told))
    if not options.table and book.is_over():
        print(f"the {options.seconds:.0f} seconds are over: give --skip-done to go on")
        return 2
    return 0 if all(one.right for one in book.told) else 1


if __name__ == "__main__":
    sys.exit(main())

"""How many drifts of the second reference pair generated requests find, and what they find wrongly.

    python benchmarks/warehouse.py [--together N] [--only NAME …] [--undrifted CASES] [--itself]

Each run is a user's, with the documented command and nothing but a login: `pytest` with two URLs,
the contract and 40 cases per operation. Drifts are switched on `--together` at a time, so that what
one does to the data hides little of another. A line of the report is a cause; it belongs to the
drifts whose `shows` in the manifest it fits. *Found*: drifts with a line. *Precision*: lines that
belong to a drift. *Lines per drift*: lines, over drifts that were found.
The seconds of a run and the requests per second are lifted (a target in `cutover.toml` with these
two URLs and the same consent), for what is counted is work; `--capped` takes the command as it
stands in the documentation, which asks each side 50 times a second at most.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.fuzz import told_by  # noqa: E402
from examples.warehouse.serve import HERE, pair  # noqa: E402
from examples.warehouse.shown import manifest  # noqa: E402

_MOST_SECONDS = 3000


@dataclass(frozen=True)
class Result:
    """What one run said: its report, what its items counted, and its seconds of processor."""

    report: dict[str, Any]
    told: tuple[dict[str, Any], ...]
    cpu_s: float
    seconds: float

    def lines(self) -> list[str]:
        """Each cause as its findings: endpoint, kind, pointer and change."""
        by_id = {one["id"]: one for one in self.report["findings"]}
        return [
            "\n".join(
                " | ".join((found["endpoint"], found["kind"], found["pointer"], found["change"]))
                for found in (by_id[one] for one in cause["findings"])
            )
            for cause in self.report["causes"]
        ]

    def figures(self) -> str:
        """What was sent and entered, and what it took of the processor here."""
        compared = sum(one["compared"] for one in self.told)
        spent = sum(sum(one["cpu_s"].values()) for one in self.told)
        shrinking = sum(one["cpu_s"].get("shrinking", 0.0) for one in self.told)
        each = 1000 * (spent - shrinking) / max(compared, 1)
        entered = next((n for n in self.report["notes"] if "entered with success" in n), "")
        return (
            f"{compared:,} cases, {each:.1f} ms of processor a case, {entered.partition(': ')[2]},"
            f" {self.report['verdict']}, {self.seconds:.0f} s by the clock"
        )


_TARGET = """
[targets.pair]
baseline.url = "{baseline}"
candidate.url = "{candidate}"
writes = true
fuzz_writes = true
max_requests_per_second = 10000.0
"""


def run(
    *,
    drifts: str = "",
    itself: bool = False,
    cases: int = 40,
    workers: int = 0,
    capped: bool = False,
    keep: Path | None = None,
) -> Result:
    """Start a pair and the documented command beside it; give what it said."""
    with tempfile.TemporaryDirectory(prefix="warehouse-") as name:
        folder = Path(name)
        for file in ("conftest.py", "openapi.json"):
            shutil.copy(HERE / file, folder)
        (folder / "cutover.toml").write_text(f"[fuzz]\nseconds = {_MOST_SECONDS}.0\n", "utf-8")
        (folder / "pytest.ini").write_text("[pytest]\naddopts = -p no:schemathesis -p no:locust\n")
        with pair(drifts=drifts, itself=itself) as (baseline, candidate):
            target = [f"--cutover-baseline={baseline}", f"--cutover-candidate={candidate}"]
            target.append("--cutover-writes")
            if not capped:
                with (folder / "cutover.toml").open("a", encoding="utf-8") as file:
                    file.write(_TARGET.format(baseline=baseline, candidate=candidate))
                target = ["--cutover-target=pair"]
            began, cpu = time.perf_counter(), os.times()
            subprocess.run(
                [
                    sys.executable, "-m", "pytest", "-q", *target, f"--cutover-fuzz={cases}",
                    "--cutover-schema=openapi.json", "--junitxml=junit.xml",
                    *([f"-n{workers}"] if workers else []),
                ],
                cwd=folder, check=False, timeout=_MOST_SECONDS, stdout=subprocess.DEVNULL,
                env={**os.environ, "PYTHONPATH": str(ROOT)},
            )  # fmt: skip
            took, after = time.perf_counter() - began, os.times()
        report = json.loads((folder / ".cutover/gate.json").read_text("utf-8"))
        if keep is not None:
            shutil.copytree(folder, keep / str(time.time_ns()))
        told = told_by(ElementTree.parse(folder / "junit.xml"))
    spent = after.children_user + after.children_system - cpu.children_user - cpu.children_system
    return Result(report, told, spent, took)


def owners(line: str, drifts: list[dict[str, Any]]) -> list[str]:
    """The drifts that a line may belong to: one of its findings is where and what they show."""
    return [
        drift["name"]
        for drift in drifts
        if any(
            re.fullmatch(pattern, finding)
            for finding in line.splitlines()
            for pattern in drift["shows"]
        )
    ]


def drifted(names: list[str], together: int, *, capped: bool, keep: Path | None) -> int:
    """Recall, precision and lines per drift; 0 where the aims are met."""
    chosen = [one for one in manifest() if not names or one["name"] in names]
    groups = [
        chosen[start :: -(-len(chosen) // together)] for start in range(-(-len(chosen) // together))
    ]
    found: set[str] = set()
    lines = belonging = 0
    for group in groups:
        result = run(drifts=",".join(one["name"] for one in group), capped=capped, keep=keep)
        print(f"{len(group)} drifts: {result.figures()}")
        for line in result.lines():
            named = owners(line, group)
            found |= set(named)
            lines += 1
            belonging += bool(named)
            shown = line.replace("\n", "\n" + " " * 30)
            print(f"  {', '.join(named) or 'NOBODY':<28}{shown}", flush=True)
        for one in group:
            if one["name"] not in found:
                print(f"  missed                      {one['name']}", flush=True)
    share, precision = len(found) / len(chosen), belonging / max(lines, 1)
    print(f"found            {len(found)} of {len(chosen)} ({share:.0%})")
    print(f"precision        {precision:.2f} of {lines} lines")
    print(f"lines per drift  {lines / max(len(found), 1):.2f}")
    return 0 if share >= 0.9 and precision == 1 and lines <= 1.2 * len(found) else 1


def undrifted(cases: int, itself: bool, *, workers: list[int], keep: Path | None) -> int:
    """Whatever is found here is a false alarm, and whatever is open a fault too."""
    wrong = 0
    for many in workers:
        result = run(itself=itself, cases=cases, workers=many, keep=keep)
        wrong += len(result.report["findings"])
        print(f"undrifted{f', {many} workers' if many else ''}: {result.figures()}")
        for gate in result.report["gates"]:
            if gate["verdict"] == "inconclusive":
                wrong += 1
                print(f"  open                        {gate['code']} {gate['message']}", flush=True)
        for line in result.lines():
            print(f"  wrong                       {line}", flush=True)
    print(f"findings and open gates on an undrifted pair: {wrong}")
    return 1 if wrong else 0


def main() -> None:
    """Either measure."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--together", type=int, default=10, help="drifts in one run")
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--undrifted", type=int, default=0, help="cases per operation")
    parser.add_argument("--workers", type=int, nargs="*", default=[0, 2], help="of --undrifted")
    parser.add_argument("--itself", action="store_true", help="FastAPI on both sides")
    parser.add_argument("--capped", action="store_true", help="at 50 requests a second and side")
    parser.add_argument("--keep", type=Path, help="where the folder of each run is copied to")
    options = parser.parse_args()
    if options.undrifted:
        sys.exit(
            undrifted(options.undrifted, options.itself, workers=options.workers, keep=options.keep)
        )
    sys.exit(drifted(options.only, options.together, capped=options.capped, keep=options.keep))


if __name__ == "__main__":
    main()

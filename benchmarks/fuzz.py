"""What fuzzing finds on the reference pair, what it finds wrongly, and how fast it is.

    python benchmarks/fuzz.py [--cases N …] [--itself N] [--har-mb N]

Each target runs in a process of its own, as a user would run it: `pytest` in the repository with
no test of the suite. *Recall*: of the drifts of ``examples/flowviz/drifts.toml`` that a request can
provoke, how many have a finding of their kind and place. *Precision*: findings that are a seeded
drift or a known difference. *Findings per cause*: findings that belong to seeded drifts, over the
findings that their manifest lists. Cases per second are compared cases over the time of the items
without shrinking: generation, both requests and comparison included. Beside that stands what the
parts of the work took of the processor here, which other work on the machine does not change much.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
import time
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

ROOT = Path(__file__).parents[1]
Place = tuple[str, str, str]
# FlowViz's known differences, as endpoint pattern, kind, pointer and change.
KNOWN = (
    (r".*", "status", "", r"400 → 422.*"),
    (r".*", "missing", "/error", r".*"),
    (r".*", "added", "/detail", r".*"),
    (r"POST /api/login", "format", "/token", r".*jwt.*"),
    (r"POST /api/login", "header-value", "/headers/set-cookie/flowviz_session", r".*jwt.*"),
    (r"POST /api/(lots|qc-decisions)", "status", "", r".* → 422 \(unknown field request\)"),
    (r"\*", "status", "", r"(404 → 405|304 → 200).*"),
)


@dataclass(frozen=True)
class Result:
    """One run: its findings, what it said of itself, and what its items told."""

    findings: list[dict[str, Any]]
    note: str
    seconds: float
    verdict: str
    told: tuple[dict[str, Any], ...]

    def speed(self) -> str:
        """Cases per second, and milliseconds of the processor for a case and its parts."""
        compared = sum(one["compared"] for one in self.told)
        wall = sum(one["seconds"] - one["shrinking_s"] for one in self.told)
        parts: dict[str, float] = {}
        for one in self.told:
            for part, seconds in one["cpu_s"].items():
                parts[part] = parts.get(part, 0.0) + seconds
        shrinking = parts.pop("shrinking", 0.0)
        each = {part: 1000 * seconds / max(compared, 1) for part, seconds in parts.items()}
        listed = ", ".join(f"{part} {milliseconds:.1f}" for part, milliseconds in each.items())
        return (
            f"{compared:,} cases, {compared / max(wall, 0.001):.0f} a second; processor "
            f"{sum(each.values()):.1f} ms a case ({listed}), shrinking {shrinking:.1f} s in all"
        )


def run(target: str, cases: int, seconds: int) -> Result:
    """A fuzz run of one target."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "empty").mkdir()
        began = time.perf_counter()
        subprocess.run(
            [
                sys.executable, "-m", "pytest", str(Path(folder) / "empty"), f"--rootdir={ROOT}",
                "-c", str(ROOT / "pyproject.toml"), "-q", "-p", "no:cacheprovider",
                f"--confcutdir={ROOT}", "-p", "conftest", f"--cutover-target={target}",
                f"--cutover-fuzz={cases}", f"--cutover-report={folder}",
                f"--cutover-schema={ROOT / 'contract/openapi.yaml'}",
                f"--junitxml={folder}/junit.xml",
            ],
            cwd=ROOT, timeout=seconds, check=False, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        took = time.perf_counter() - began
        report = json.loads((Path(folder) / "gate.json").read_text("utf-8"))
        junit = ElementTree.parse(Path(folder) / "junit.xml")
    told = told_by(junit)
    note = next((text for text in report["notes"] if text.startswith("fuzz:")), "")
    found = [one for one in report["findings"] if one["code"] == "CUT110"]
    return Result(found, note, took, report["verdict"], told)


def told_by(junit: Any) -> tuple[dict[str, Any], ...]:
    """What the items of a fuzz run counted, from its JUnit file."""
    lines = (one.get("value", "") for one in junit.iter("property") if one.get("name") == "cutover")
    return tuple(json.loads(line)["fuzz"] for line in lines if line.startswith('{"fuzz":'))


def place(finding: dict[str, Any]) -> Place:
    """Endpoint, kind and pointer."""
    return finding["endpoint"], finding["kind"], finding["pointer"]


def is_known(finding: dict[str, Any]) -> bool:
    """Whether a finding is one of the differences that the team agreed to."""
    return any(
        re.fullmatch(endpoint, finding["endpoint"])
        and (kind, pointer) == (finding["kind"], finding["pointer"])
        and re.fullmatch(change, finding["change"])
        for endpoint, kind, pointer, change in KNOWN
    )


def manifest() -> list[dict[str, Any]]:
    """The seeded drifts."""
    text = (ROOT / "examples/flowviz/drifts.toml").read_text("utf-8")
    drifts: list[dict[str, Any]] = tomllib.loads(text)["drift"]
    return drifts


def expected(drift: dict[str, Any]) -> set[Place]:
    """What must be found of a drift."""
    return {
        (one.get("endpoint", drift["endpoint"]), one["kind"], one["pointer"])
        for part in ("findings", "also")
        for one in drift.get(part, ())
    }


def drifted(cases: int) -> None:
    """Recall, precision and findings per cause."""
    result = run("drifted", cases, 300)
    drifts = manifest()
    strange = [one for one in result.findings if not is_known(one)]
    seen = {place(one) for one in strange}
    provokable = [drift for drift in drifts if drift["provokable_by_request"]]
    found = [drift for drift in provokable if expected(drift) & seen]
    more = [d for d in drifts if not d["provokable_by_request"] and expected(d) & seen]
    seeded = set().union(*(expected(drift) for drift in drifts))
    right = [one for one in strange if place(one) in seeded]
    wrong = [one for one in strange if place(one) not in seeded]
    listed = sum(len(expected(drift) & seen) for drift in (*found, *more))
    print(f"drifted, {cases} cases per operation: {result.seconds:.0f} s, {result.note}")
    print(f"  speed                {result.speed()}")
    print(f"  recall               {len(found)} of {len(provokable)} provokable by a request")
    print(f"  found beyond them    {len(more)}")
    total = len(result.findings)
    print(f"  precision            {(total - len(wrong)) / max(total, 1):.2f} of {total} findings")
    print(f"  findings per cause   {len(right) / max(listed, 1):.2f}")
    for drift in provokable:
        if drift not in found:
            print(f"  missed               {drift['name']}: {drift['trigger']}")
    for one in wrong:
        print(f"  not of the manifest  {one['signature']} ({one['change']})")


def undrifted(target: str, cases: int, seconds: int) -> None:
    """Findings that are neither known nor seeded: false alarms."""
    result = run(target, cases, seconds)
    strange = [one for one in result.findings if target == "itself" or not is_known(one)]
    print(f"{target}, {cases} cases per operation: {result.seconds:.0f} s, {result.note}")
    pending = [one for one in result.findings if one["accepted"] is None]
    print(f"  speed                {result.speed()}")
    print(
        f"  findings             {len(result.findings)}, of them unexpected {len(strange)}, "
        f"not accepted {len(pending)}"
    )
    for one in strange:
        print(f"  unexpected           {one['signature']} ({one['change']})")


READ = """
import resource, sys
from pathlib import Path
from pytest_cutover.backends.redaction.secrets import Secrets
from pytest_cutover.replay.importers.har import recording
from pytest_cutover.replay.importers.har_stream import entries
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
found = recording(entries(Path(sys.argv[1])), Secrets().observe)
used = resource.getrusage(resource.RUSAGE_SELF)
print(len(found.steps), (used.ru_maxrss - before) // 1024, round(used.ru_utime + used.ru_stime, 1))
"""


def recorded(megabytes: int) -> None:
    """How long a large recording takes to read, and in what memory beyond the imports."""
    rows = [{"id": f"{number:08}", "text": "lorem ipsum " * 8} for number in range(4_000)]
    answer = {"mimeType": "application/json", "text": json.dumps({"rows": rows})}
    entry = {
        "request": {"method": "GET", "url": "https://shop.example/report", "headers": []},
        "response": {"status": 200, "headers": [], "content": answer},
    }
    text = json.dumps(entry)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "large.har"
        with path.open("w") as file:
            file.write('{"log": {"entries": [' + text)
            file.writelines("," + text for _ in range(megabytes * 1_000_000 // len(text)))
            file.write("]}}")
        run = [sys.executable, "-c", READ, str(path)]
        size = path.stat().st_size
        said = subprocess.run(run, capture_output=True, text=True, check=True).stdout.split()
    print(f"recording of {size / 1e6:.0f} MB: {said[0]} requests, {said[2]} s of processor, "
          f"{said[1]} MB of memory")  # fmt: skip


def main() -> None:
    """All three targets."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cases", type=int, nargs="*", default=[40, 100])
    parser.add_argument("--itself", type=int, default=1200, help="cases per operation, 0 for none")
    parser.add_argument("--har-mb", type=int, default=0, help="read a recording of this size too")
    options = parser.parse_args()
    if options.har_mb:
        recorded(options.har_mb)
    for cases in options.cases:
        drifted(cases)
    if options.cases:
        undrifted("quick", max(options.cases), 300)
    if options.itself:
        undrifted("itself", options.itself, 600)


if __name__ == "__main__":
    main()

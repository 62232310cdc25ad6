"""Do causes keep drifts apart, and each drift together? Random subsets of 1, 5 and 40 of them.

Purity is the share of causes that hold findings of one drift only, completeness that of drifts
whose findings stand in one cause. The findings are those of the reference (a run of the target
`drifted`, or the gate.json that is given) and of the second pair (each drift alone, asked by its
own `curl`). What a finding belongs to does not depend on the others, so that a subset is drawn from
what all of them show.

Run: python benchmarks/causes.py [--gate-json FILE] [--pair reference|warehouse]
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

from pytest_cutover.compare.diff.transcripts import compare
from pytest_cutover.compare.evidence.explaining import alike
from pytest_cutover.compare.evidence.reviewed_values import Acceptance
from pytest_cutover.compare.noise.model import UnsteadyBaseline, learn
from pytest_cutover.compare.verdict.findings import findings_of
from pytest_cutover.config.accepted import AcceptedDifferences
from pytest_cutover.core.evidence import DifferenceEvidence, TestEvidence
from pytest_cutover.core.exchange import Exchange, Request, Response, Side, Transcript
from pytest_cutover.gate.causes.collect import causes_of
from pytest_cutover.gate.causes.explanations import confirmed
from pytest_cutover.gate.severity import findings_in_order
from pytest_cutover.report.io.gate_json import read_report
from pytest_cutover.report.model import Finding

ROOT = Path(__file__).parent.parent
SIZES, DRAWS = (1, 5, 40), 200
FEWEST_COMPLETE = 0.9


@dataclass(frozen=True, slots=True)
class Drifted:
    """What one drift shows, what its answers have alike, and those of the pair without it."""

    name: str
    findings: tuple[Finding, ...]
    alike: frozenset[str] = frozenset()
    sound: frozenset[str] = frozenset()


def main() -> int:
    """Prints the measurements and each impure cause; the exit status says whether they suffice."""
    parser = argparse.ArgumentParser()
    parser.add_argument(
        "--gate-json", type=Path, help="a run of the target drifted, else one is made"
    )
    parser.add_argument("--pair", choices=("reference", "warehouse"))
    given = parser.parse_args()
    pairs = {"reference": lambda: of_reference(given.gate_json), "warehouse": of_warehouse}
    wanted = [given.pair] if given.pair else list(pairs)
    return max(measured(name, pairs[name]()) for name in wanted)


def measured(name: str, drifts: Sequence[Drifted]) -> int:
    """Prints what subsets of the drifts come to; 1 where that is not enough."""
    shown = [one for one in drifts if one.findings]
    print(
        f"{name}: {len(shown)} of {len(drifts)} drifts show "
        f"{sum(len(one.findings) for one in shown)} findings"
    )
    worst = 0
    for size in SIZES:
        pure = causes = whole = seen = 0
        impure: set[str] = set()
        for draw in range(DRAWS):
            chosen = random.Random(draw).sample(shown, min(size, len(shown)))
            told = grouped(chosen, shown)
            for title, names in told:
                causes += 1
                pure += len(names) == 1
                if len(names) > 1:
                    impure.add(f"{title}: {', '.join(sorted(names))}")
            for drift in chosen:
                seen += 1
                whole += sum(drift.name in names for _, names in told) == 1
        purity, complete = pure / causes, whole / seen
        print(f"  {size:>2} drifts: purity {purity:.3f}, completeness {complete:.3f}")
        for line in sorted(impure):
            print(f"     impure: {line}")
        worst = max(worst, int(purity < 1 or complete < FEWEST_COMPLETE))
    for drift in shown:
        told = grouped([drift], shown)
        if len(told) > 1:
            print(f"  in {len(told)} causes: {drift.name}: {' · '.join(t for t, _ in told)}")
    return worst


def grouped(chosen: Sequence[Drifted], every: Sequence[Drifted]) -> list[tuple[str, set[str]]]:
    """The causes of these drifts: the title, and whose findings are in it."""
    sound = {token for one in every if one not in chosen for token in one.sound}
    same = sound | {token for one in chosen for token in one.alike}
    owner = {f"{number:04x}{one.id[4:]}": drift.name for number, (drift, one) in _numbered(chosen)}
    found = [replace(one, id=f"{number:04x}{one.id[4:]}") for number, (_, one) in _numbered(chosen)]
    causes = causes_of(findings_in_order(confirmed(found, same)))
    return [(one.title, {owner[finding] for finding in one.findings}) for one in causes]


def _numbered(chosen: Iterable[Drifted]) -> Iterable[tuple[int, tuple[Drifted, Finding]]]:
    return enumerate((drift, one) for drift in chosen for one in drift.findings)


def of_reference(path: Path | None) -> list[Drifted]:
    """The drifts of FlowViz, by the kinds and places that their table says they show at."""
    if path is None:
        folder = Path(tempfile.mkdtemp())
        command = [sys.executable, "-m", "pytest", "tests/characterization", "-q"]
        command += ["--cutover-target=drifted", f"--cutover-report={folder}"]
        subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL, check=False)
        path = folder / "gate.json"
    findings = [one for one in read_report(path).findings if one.accepted is None]
    table = tomllib.loads((ROOT / "examples/flowviz/drifts.toml").read_text("utf-8"))["drift"]
    found = []
    for drift in table:
        places = {
            (place.get("endpoint", drift["endpoint"]), place["kind"], place["pointer"])
            for part in ("findings", "consequences")
            for place in drift.get(part, ())
        }
        mine = [one for one in findings if (one.endpoint, one.kind, one.pointer) in places]
        # Two drifts may show at one place; the first of the table has it.
        findings = [one for one in findings if one not in mine]
        found.append(Drifted(drift["name"], tuple(mine)))
    return found


def of_warehouse() -> list[Drifted]:
    """The drifts of the second pair, each switched on alone and asked by its own command."""
    from examples.warehouse.serve import FASTAPI, backend, database_server
    from examples.warehouse.shown import manifest

    found = []
    with database_server() as database:
        for drift in manifest():
            name = drift["name"]
            with (
                backend(FASTAPI, database, "sound") as sound,
                backend(FASTAPI, database, "again") as again,
                backend(FASTAPI, database, "drifted", drifts=name) as drifted,
            ):
                try:
                    asked = [exchange(url, drift) for url in (sound, again, drifted)]
                    found.append(compared(name, *asked))
                except (subprocess.SubprocessError, ValueError, UnsteadyBaseline) as error:
                    print(f"  left out: {name}: {error}", flush=True)
    return found


def compared(name: str, base: Exchange, again: Exchange, cand: Exchange) -> Drifted:
    """The findings between one answer and another, under the noise of the first asked twice."""
    first, second, third = (
        Transcript(test=name, side=side, exchanges=(one,), generated=(), session_started_s=1e9)
        for side, one in ((Side.BASELINE, base), (Side.BASELINE, again), (Side.CANDIDATE, cand))
    )
    acceptance = Acceptance(AcceptedDifferences(), date(2030, 1, 1), str)
    differences = compare(first, third, golden=learn(first, second), shared_state=False).differences
    told = tuple(
        DifferenceEvidence(
            signature=one.signature,
            endpoint=one.endpoint,
            kind=str(one.kind),
            pointer=one.pointer,
            change=one.change,
            baseline=one.baseline or "",
            candidate=one.candidate or "",
            values=acceptance.seen([one]),
            explanation=acceptance.explain(one),
        )
        for one in differences
    )
    test = TestEvidence(nodeid=name, test=name, side="both", marker="fuzz", differences=told)
    return Drifted(
        name,
        findings_of([test], {}, {}),
        frozenset(alike(first, third, differences)),
        frozenset(alike(first, first, ())),
    )


def exchange(url: str, drift: dict[str, Any]) -> Exchange:
    """What a backend answers to the command of a drift, after those that go before it."""
    from examples.warehouse.shown import raw_answer

    said = raw_answer(url, drift)
    head, _, body = said.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = tuple((k, v.strip()) for k, _, v in (line.partition(":") for line in lines))
    response = Response(int(first.split()[1]), headers, body)
    method, _, target = drift["endpoint"].partition(" ")
    endpoint = drift["endpoint"] if target else f"GET /{drift['name']}"
    request = Request(method, target or "/", (), b"")
    return Exchange(
        request=request, response=response, endpoint=endpoint, started_s=1e9, ended_s=1e9 + 0.1
    )


if __name__ == "__main__":
    raise SystemExit(main())

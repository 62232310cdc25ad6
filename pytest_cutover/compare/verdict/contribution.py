"""What parity says at the end of a run: from what arrived, and what processes kept, to its gates.

The gate asks on the controller, where no test has run: nothing here knows of the judging of tests.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from pytest_cutover.backends.http.recorder import Recorder
from pytest_cutover.backends.session import Session
from pytest_cutover.compare.evidence.seeds import SEEDED
from pytest_cutover.compare.golden.files import GoldenFiles
from pytest_cutover.compare.noise.rules import Rules
from pytest_cutover.compare.verdict.exchanges_shown import read_exchanges
from pytest_cutover.compare.verdict.gates import GateInputs, contribution
from pytest_cutover.config.accepted import AcceptedDifferences
from pytest_cutover.core.evidence import TestEvidence
from pytest_cutover.core.exchange import READS, Side
from pytest_cutover.core.nodeid import SEED
from pytest_cutover.core.run_evidence import RunEvidence
from pytest_cutover.gate.verdict import Contribution
from pytest_cutover.report import model
from pytest_cutover.report.model import BothSides, NotJudged


@dataclass(slots=True, kw_only=True, eq=False)  # pytest keeps its plugins in sets
class ParityContribution:
    """Parity's answer to the gate. `rules` are those of the target, `today` decides what has
    expired.
    """

    session: Session
    accepted: AcceptedDifferences
    today: date
    files: GoldenFiles
    rules: Rules

    def pytest_cutover_judge(self, evidence: RunEvidence) -> Contribution:
        """Return the parity gates, and the findings."""
        kept = self.session.plan.spool_dir
        heard = evidence.received.of(SEEDED)
        orphans = self.files.orphans(one.test for one in evidence.tests) if evidence.full else ()
        found = contribution(
            evidence,
            GateInputs(
                accepted=self.accepted,
                today=self.today,
                examples=read_examples(kept),
                exchanges=read_exchanges(kept),
                orphans=orphans,
                rules=rule_report(self.rules, (*evidence.tests, *heard)),
                seeds=heard,
            ),
        )
        target = self.session.plan.target
        left = left_to_tests(heard, self.session.seeds, target.shared_state)
        return replace(found, not_judged=(*found.not_judged, *left))


def read_examples(directory: Path) -> dict[str, BothSides]:
    """Return the examples that this run's processes have kept, by the names of their files."""
    found = {}
    for path in sorted(directory.glob("*.json")):
        with contextlib.suppress(OSError, ValueError, KeyError):
            pair = json.loads(path.read_text("utf-8"))
            found[path.name] = BothSides(pair["baseline"], pair["candidate"])
    return found


def rule_report(rules: Rules, tests: Collection[TestEvidence]) -> tuple[model.RuleReport, ...]:
    """Return what each rule did in a run: in how many tests it named a place, and whether it
    constrains.

    A rule is vacuous where it applied somewhere and no change of a value would have been caught.
    """
    caught = {rule for one in tests for rule in one.rules_caught}
    dead = {rule for one in tests for rule in one.rules_dead} - caught
    return tuple(
        model.RuleReport(
            endpoint=rule.endpoint,
            pointer=rule.pointer,
            rule=str(rule.mode),
            matched=sum(rule.id in one.rules_used for one in tests),
            reason=rule.reason,
            vacuous=rule.id in dead,
        )
        for rule in rules.rules
    )


def left_to_tests(
    found: Iterable[TestEvidence], seeds: Mapping[Side, Recorder], shared_state: bool | None
) -> Iterator[NotJudged]:
    """Say what of the seed is not compared: what it read, where both sides may have the same data,
    and all of it where no test was that is compared.
    """
    found = tuple(found)
    reads = max((_reads(one) for one in found), default=0)
    asked = max((len(one.exchanges) for one in seeds.values()), default=0)
    if reads and shared_state is not False:
        why = "the second side finds what the first has made"
        yield NotJudged(title=f"what {SEED} read ({_number(reads)})", reason=why)
    elif asked and not found:
        yield NotJudged(title=f"{SEED} ({_number(asked)})", reason="no test was compared")


def _number(requests: int) -> str:
    return f"{requests} {'request' if requests == 1 else 'requests'} to a side"


def _reads(one: TestEvidence) -> int:
    return sum(n for endpoint, _, n in one.seen if endpoint.partition(" ")[0] in READS)

"""What one test contributes to the gates, and how it travels from worker to controller.

It travels as one ASCII JSON string in `report.user_properties`: lone surrogates and integers that
do not fit 32 bits crash the transport of pytest-xdist, and bodies would swell JUnit files.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from pytest_cutover.core.invocation import Invocation

PROPERTY = "cutover"
_TUPLES = ("endpoints", "stale", "wavering", "rules_used", "rules_caught", "rules_dead")


@dataclass(frozen=True, slots=True, kw_only=True)
class DifferenceEvidence:
    """One difference, as evidence: scrubbed, cut to size, without bodies.

    `pointer` has its array indices wildcarded, as in the signature. `accepted` is the key of the
    entry that covers it. `spool` names a file with the whole example, in the run's own folder.
    """

    signature: str
    endpoint: str
    kind: str
    pointer: str
    change: str
    baseline: str
    candidate: str
    reproduce_baseline: str = ""
    reproduce_candidate: str = ""
    unstable: bool = False
    accepted: str | None = None
    spool: str | None = None
    test: str = ""  # what accepted differences take for the test, where it is not the item


@dataclass(frozen=True, slots=True, kw_only=True)
class TestEvidence:
    """What one item showed.

    `test` is the node id without the side, `side` one of ``baseline``, ``candidate``,
    ``baseline-again`` and ``both``. `compared` says with what: ``live``, ``golden``, or ``""`` for
    not at all. `seen` are (endpoint, status) pairs with the number of times. `blocked` is a reason
    of the environment for which nothing could be asked. `wavering` says how the baseline
    departed from itself between the rounds of the test, in keys of the parity room. `rules_caught`
    are the parity rules under which a change of the value would be found here, `rules_dead` those
    under which none would.
    """

    __test__ = False  # not a test class, whatever its name says to pytest

    nodeid: str
    test: str
    side: str
    marker: str
    endpoints: tuple[str, ...] = ()
    scenario: str | None = None
    requests: int = 0
    compared: str = ""
    unrecorded: bool = False
    stale: tuple[str, ...] = ()
    differences: tuple[DifferenceEvidence, ...] = ()
    dropped_differences: int = 0
    inconclusive: str | None = None
    wavering: tuple[str, ...] = ()
    requests_differ: bool = False
    body_failed: bool = False
    blocked: str | None = None
    golden: str | None = None
    recorded: str | None = None
    rules_used: tuple[str, ...] = ()
    rules_caught: tuple[str, ...] = ()
    rules_dead: tuple[str, ...] = ()
    seen: tuple[tuple[str, int, int], ...] = ()

    def to_text(self) -> str:
        """One line of ASCII."""
        return json.dumps(asdict(self), ensure_ascii=True, separators=(",", ":"))

    @classmethod
    def from_text(cls, text: str) -> TestEvidence:
        """The evidence that a line holds. Raises ValueError for anything else."""
        raw: dict[str, Any] = json.loads(text)
        try:
            raw["differences"] = tuple(DifferenceEvidence(**entry) for entry in raw["differences"])
            raw["seen"] = tuple((str(e), int(s), int(n)) for e, s, n in raw["seen"])
            for name in _TUPLES:
                raw[name] = tuple(raw[name])
            return cls(**raw)
        except (KeyError, TypeError) as error:
            raise ValueError(f"not evidence of this version: {error}") from error


@dataclass(frozen=True, slots=True)
class ItemOutcome:
    """How pytest reports an item: ``passed``, ``failed``, ``skipped``, ``xfailed``, ``error``."""

    nodeid: str
    word: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class RunProblem:
    """Something outside a test for which the run cannot vouch: a crash, an interrupt, a launch."""

    code: str
    title: str
    message: str
    nodeids: tuple[str, ...] = ()
    next: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunEvidence:
    """Everything that a run gathered, whatever the order of its arrival.

    `narrowed` says how the run was made smaller than the suite, and is empty for a full run.
    `command` repeats the run. `suite` says whether the phase compares both sides at all.
    """

    tests: tuple[TestEvidence, ...]
    outcomes: Mapping[str, ItemOutcome]
    problems: tuple[RunProblem, ...] = ()
    narrowed: str = ""
    recording: bool = False
    deselected: int = 0
    command: Invocation = field(default_factory=Invocation)
    suite: bool = True

    @property
    def incomplete(self) -> bool:
        """Whether something outside the tests kept the run from seeing what was asked."""
        return bool(self.problems)

    def again(self, nodeids: Sequence[str]) -> str:
        """The command that runs the first of these tests again, on both sides."""
        first = nodeids[:1]
        sided = not any(one.nodeid == one.test for one in self.tests if one.nodeid in first)
        return self.command.again(first, sided=sided)

    @property
    def full(self) -> bool:
        """Whether the whole suite was asked for, so that what is missing says something."""
        return not self.narrowed and not self.recording and not self.problems


def gathered(texts: Iterable[str]) -> tuple[TestEvidence, ...]:
    """The evidence in a set of lines: one entry for each node id, in a fixed order.

    A sub-report repeats the properties of its test, and a test that ran again replaces what it
    said first.
    """
    latest: dict[str, TestEvidence] = {}
    for text in texts:
        evidence = TestEvidence.from_text(text)
        latest[evidence.nodeid] = evidence
    return tuple(latest[nodeid] for nodeid in sorted(latest))

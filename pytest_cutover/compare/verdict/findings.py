"""Differences with one signature are one finding: from all tests to the findings of the report."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pytest_cutover.compare.evidence.signatures import example_key, finding_id
from pytest_cutover.config.transformation import is_shown
from pytest_cutover.core.evidence import DifferenceEvidence, TestEvidence
from pytest_cutover.core.seen_values import SeenValues, merged
from pytest_cutover.gate.severity import findings_in_order
from pytest_cutover.report import model
from pytest_cutover.report.model import BothSides


def findings_of(
    tests: Iterable[TestEvidence],
    examples: Mapping[str, BothSides],
    entries: Mapping[str, model.Accepted],
) -> tuple[model.Finding, ...]:
    """One finding for a signature, the entry that covers it, and what explains it.

    Outside the scope of an entry it is another; a wrong price is another than those in cents.

    `examples` are the two bodies around a finding, by the name of the file that kept them;
    `entries` the accepted differences, by their keys.
    """
    groups: dict[tuple[str, str, str], list[tuple[TestEvidence, DifferenceEvidence]]] = {}
    for one in tests:
        for difference in one.differences:
            key = (difference.signature, difference.accepted or "", difference.explanation)
            groups.setdefault(key, []).append((one, difference))
    found = [_finding(key, group, examples, entries) for key, group in groups.items()]
    return findings_in_order(found)


def _finding(
    key: tuple[str, str, str],
    group: list[tuple[TestEvidence, DifferenceEvidence]],
    examples: Mapping[str, BothSides],
    entries: Mapping[str, model.Accepted],
) -> model.Finding:
    signature, entry, explanation = key
    # By the key by which each process kept one: another might have no bodies to show.
    _, shown = min(group, key=lambda pair: example_key(pair[1], pair[0].nodeid))
    nodeids = tuple(sorted({one.nodeid for one, _ in group}))
    apart = tuple(one for one in (entry, explanation) if one)
    values = merged(difference.values for _, difference in group)
    return model.Finding(
        id=finding_id("\0".join((signature, *apart))),
        code="CUT101",
        signature=signature,
        endpoint=shown.endpoint,
        kind=shown.kind,
        pointer=shown.pointer,
        change=shown.change,
        baseline=shown.baseline,
        candidate=shown.candidate,
        occurrences=sum(difference.times for _, difference in group),
        nodeids=nodeids,
        nodeids_total=len(nodeids),
        unstable=any(difference.unstable for _, difference in group),
        accepted=entries.get(entry),
        reproduce=BothSides(shown.reproduce_baseline, shown.reproduce_candidate),
        context=examples.get(shown.spool or ""),
        values=values,
        explanation=upheld(explanation, values),
    )


def upheld(explanation: str, seen: SeenValues | None) -> str:
    """Return the explanation where all the values of a finding say so much; a factor may be
    chance.
    """
    label, _, what = explanation.partition(": ")
    if label != "scaled":
        return explanation
    pairs = seen.pairs if seen is not None else ()
    return explanation if pairs and is_shown(what.rpartition(" ")[2], pairs) else ""

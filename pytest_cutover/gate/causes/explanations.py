"""Which explanations hold for the whole run: what was proven of one test, others may deny. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

from pytest_cutover.report.model import Finding


def confirmed(
    findings: Iterable[Finding], alike: Collection[str], blind: Collection[str] = ()
) -> tuple[Finding, ...]:
    """Return the findings, each with its explanation if that holds for the whole run.

    What a middleware does it does everywhere: that the candidate never sends a header, or refuses
    with another status, explains nothing where both sides are `alike` in it somewhere, or where
    tests do not tell what is (`blind`, node ids): generated and recorded requests.
    """

    def holds(one: Finding) -> bool:
        subject = _subject(one.explanation)
        return not subject or (subject not in alike and not set(one.nodeids) & set(blind))

    return tuple(one if holds(one) else replace(one, explanation="") for one in findings)


def _subject(explanation: str) -> str:
    """Return what an explanation says of the whole candidate: a header, a status, the protocol."""
    recognizer, _, what = explanation.partition(": ")
    if recognizer in ("header", "error status"):
        return what.partition(" ")[0]
    if recognizer.startswith("error status of "):
        return f"{recognizer.rpartition(' ')[2]} {what.partition(' ')[0]}"
    return recognizer if recognizer == "protocol" else ""

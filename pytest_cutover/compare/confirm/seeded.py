"""What both sides answered to the seed of a suite, which cannot be asked a second time. Pure.

Nothing shows what varies, so a value that differs accuses nobody. One of a form that is given out
anew by nature, an id or a time, is held to that form; any other is left open.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Final

from pytest_cutover.backends.http.recorder import Recorder
from pytest_cutover.backends.redaction.secrets import Secrets
from pytest_cutover.compare.confirm.confirmation import Judged, Round, judge
from pytest_cutover.compare.confirm.rulebook import Rulebook
from pytest_cutover.compare.diff.account import Account, Fate
from pytest_cutover.compare.diff.difference import Difference, Kind, wildcard
from pytest_cutover.compare.noise.model import UnsteadyBaseline
from pytest_cutover.core.evidence import Payload, TestEvidence
from pytest_cutover.core.exchange import Exchange, Side, Transcript
from pytest_cutover.report.model import NotJudged

HEARD_ONCE: Final = "a seed is asked once, so whether this varies by itself is not known"
MAY_BE_SHARED: Final = (
    "the candidate was asked second, of the same data? shared_state in the target says so, or not"
)
# The name of the function that a project defines, and of what is told of it in place of a test.
SEED: Final = "cutover_seed"
# Workers seed each for itself: what one of them heard hides nothing that another did.
HEARD: Final = Payload(
    "seed",
    TestEvidence,
    lambda one: (one.nodeid, *(each.signature for each in one.differences), str(one.open_places)),
)
_READS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_VALUES: Final = frozenset({Kind.VALUE, Kind.HEADER_VALUE, Kind.IDENTITY, Kind.ORDER})
_ANYTHING: Final = frozenset({"string", "number", "boolean", "text"})


def heard(seeds: Mapping[Side, Recorder], secrets: Secrets) -> Round | None:
    """Return what both sides were told; None where nobody was."""
    if len(seeds) < len(Side) or not any(one.exchanges for one in seeds.values()):
        return None
    sides = (seeds[Side.BASELINE], seeds[Side.CANDIDATE])
    known = secrets.spellings(), secrets.credentials()
    return Round(*(one.transcript(*known) for one in sides))


def evidence(heard: Round) -> TestEvidence:
    """Return what was asked, as evidence that nobody judged yet."""
    said = heard.candidate.exchanges
    seen = Counter((one.endpoint, _status(one)) for one in said)
    return TestEvidence(
        nodeid=SEED,
        test=SEED,
        side=str(Side.CANDIDATE),
        marker="seed",
        requests=len(said),
        compared="live",
        seen=tuple((endpoint, status, n) for (endpoint, status), n in sorted(seen.items())),
    )


def left_to_tests(found: Iterable[TestEvidence], rulebook: Rulebook) -> Iterator[NotJudged]:
    """Say that what was read is not compared where both sides may have the same data."""
    reads = max((_reads(one) for one in found), default=0)
    if reads and rulebook.shared_state is not False:
        what = f"what {SEED} read ({reads} {'request' if reads == 1 else 'requests'} to a side)"
        yield NotJudged(title=what, reason="the second side finds what the first has made")


def _reads(one: TestEvidence) -> int:
    return sum(n for endpoint, _, n in one.seen if endpoint.partition(" ")[0] in _READS)


def judged(heard: Round, rulebook: Rulebook) -> Judged:
    """Return what the seed showed.

    Where both sides may have the same data, the first of them has changed what the second finds:
    lists are left to the tests, and a write that the candidate alone refuses accuses nobody.
    """
    apart = rulebook.shared_state is False
    heard = heard if apart else Round(*map(_writes, (heard.baseline, heard.candidate)))
    found = _compared(heard, rulebook)
    account = Account(found.account.places.copy(), dict(found.account.open))
    kept = []
    refused = frozenset() if apart else _refused(heard)
    for one in found.differences:
        before, _, after = one.change.partition(" → ")
        if one.exchange in refused:
            account.retract(one.endpoint, Fate.DIFFERENT)
            if rulebook.shared_state is None and one.kind is Kind.STATUS:
                account.leave_open(one.endpoint, wildcard(one.pointer), MAY_BE_SHARED)
        elif one.kind not in _VALUES or before != after:
            kept.append(one)
        else:
            account.retract(one.endpoint, Fate.DIFFERENT)
            _hold(one, before, account)
    return replace(found, differences=tuple(kept), account=account, first=heard)


def _compared(heard: Round, rulebook: Rulebook) -> Judged:
    rulebook = replace(rulebook, shared_state=False)
    try:
        return judge([heard], rulebook.beside((heard.baseline, heard.baseline)))
    except UnsteadyBaseline as error:
        return Judged((), inconclusive=str(error))


def _hold(one: Difference, form: str, account: Account) -> None:
    if form in _ANYTHING or one.kind in (Kind.IDENTITY, Kind.ORDER):
        account.leave_open(one.endpoint, wildcard(one.pointer), HEARD_ONCE)
    else:
        account.note(one.endpoint, Fate.CONSTRAINED, form)


def _writes(side: Transcript) -> Transcript:
    return replace(
        side, exchanges=tuple(one for one in side.exchanges if one.request.method not in _READS)
    )


def _refused(heard: Round) -> frozenset[int]:
    """Return the writes that the baseline took, and of which the candidate says that they are its
    client's mistake, or nothing new.
    """
    pairs = enumerate(zip(heard.baseline.exchanges, heard.candidate.exchanges, strict=False))
    return frozenset(
        at
        for at, (one, other) in pairs
        if _status(one) in range(200, 300)
        and _status(one) != _status(other)
        and _status(other) in range(200, 500)
    )


def _status(one: Exchange) -> int:
    return one.response.status if one.response is not None else 0

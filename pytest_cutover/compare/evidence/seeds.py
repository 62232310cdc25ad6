"""What `cutover_seed` was told, as evidence beside that of tests, under its own name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from pytest_cutover.backends.http.recorder import Recorder
from pytest_cutover.backends.redaction.secrets import Secrets
from pytest_cutover.core.evidence import Payload, TestEvidence
from pytest_cutover.core.exchange import READS, Side, Transcript
from pytest_cutover.core.nodeid import SEED
from pytest_cutover.report.model import NotJudged

# Workers seed each for itself: what one of them found hides nothing that another did.
SEEDED: Final = Payload(
    "seed",
    TestEvidence,
    lambda one: (one.nodeid, *(each.signature for each in one.differences), str(one.open_places)),
)


def transcripts(
    seeds: Mapping[Side, Recorder], secrets: Secrets
) -> tuple[Transcript, Transcript] | None:
    """Return what both sides said; None where nobody was asked."""
    if len(seeds) < len(Side) or not any(one.exchanges for one in seeds.values()):
        return None
    known = secrets.spellings(), secrets.credentials()
    return seeds[Side.BASELINE].transcript(*known), seeds[Side.CANDIDATE].transcript(*known)


def unjudged(candidate: Transcript) -> TestEvidence:
    """Return what was asked, as the evidence of a test that nobody judged yet."""
    said = candidate.exchanges
    seen = Counter(
        (one.endpoint, one.response.status if one.response is not None else 0) for one in said
    )
    return TestEvidence(
        nodeid=SEED,
        test=SEED,
        side=str(Side.CANDIDATE),
        marker="seed",
        requests=len(said),
        compared="live",
        seen=tuple((endpoint, status, n) for (endpoint, status), n in sorted(seen.items())),
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

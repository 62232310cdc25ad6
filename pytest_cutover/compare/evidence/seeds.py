"""What `cutover_seed` was told, as evidence beside that of tests, under its own name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Final

from pytest_cutover.backends.http.recorder import Recorder
from pytest_cutover.backends.redaction.secrets import Secrets
from pytest_cutover.core.evidence import Payload, TestEvidence
from pytest_cutover.core.exchange import Side, Transcript
from pytest_cutover.core.nodeid import SEED

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

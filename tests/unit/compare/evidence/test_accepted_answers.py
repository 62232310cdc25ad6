"""An accepted answer of another kind or status holds for the headers that came with it."""

from __future__ import annotations

import pytest

from pytest_cutover.compare.diff.difference import Difference
from tests.unit.compare.accepting import accepted, left
from tests.unit.compare.building import JSON_HEADERS, exchange, judged, transcript

TOLD = (("Content-Type", "application/json; charset=utf-8"), ("Content-Length", "21"))
Headers = tuple[tuple[str, str], ...]


def _found(body: bytes, headers: Headers = TOLD, *, status: int = 400) -> tuple[Difference, ...]:
    ours = exchange({"error": "not this"}, status=400, headers=TOLD)
    theirs = exchange(body=body, status=status, headers=headers)
    return judged(transcript(ours), transcript(theirs)).differences


@pytest.mark.parametrize(
    "headers",
    [
        TOLD[1:],
        TOLD[:1],
        (("Content-Type", "application/json"), TOLD[1]),
        (TOLD[0], ("Transfer-Encoding", "chunked")),
    ],
    ids=["no type", "no length", "another type", "chunked"],
)
@pytest.mark.parametrize(
    ("body", "status"), [(b"", 400), (b'{"error": "not this"}', 413)], ids=["empty", "status"]
)
def test_another_header_of_a_body_is_found_beside_what_was_accepted(
    body: bytes, status: int, headers: Headers
) -> None:
    known = accepted(_found(body, status=status))

    assert left(known, _found(body, headers, status=status))
    assert not left(known, _found(body, status=status))


@pytest.mark.parametrize("status", [204, 403])
@pytest.mark.parametrize(
    "refused",
    [(), (("WWW-Authenticate", "Basic"),), (("WWW-Authenticate", "Bearer"),) * 2],
    ids=["lost", "another", "twice"],
)
def test_a_header_of_the_status_is_found_beside_a_status_that_was_accepted(
    status: int, refused: Headers
) -> None:
    kept = (("WWW-Authenticate", "Bearer"),)
    ours = exchange({"error": "who?"}, status=401, headers=JSON_HEADERS + kept)

    def found(headers: Headers) -> tuple[Difference, ...]:
        theirs = exchange({"error": "who?"}, status=status, headers=JSON_HEADERS + headers)
        return judged(transcript(ours), transcript(theirs)).differences

    assert left(accepted(found(kept)), found(refused))
    assert not left(accepted(found(kept)), found(kept))
    assert left(accepted(found(())), found(kept))
    assert not left(accepted(found(())), found(()))

"""The names of what was found, and which example of it is shown, alike in every process. Pure."""

from __future__ import annotations

import hashlib
from typing import Any

from pytest_cutover.core.evidence import DifferenceEvidence


def finding_id(signature: str) -> str:
    """Return the short name of a signature: the first 8 hex digits of its SHA-256."""
    return hashlib.sha256(signature.encode("utf-8", "backslashreplace")).hexdigest()[:8]


def example_key(observed: DifferenceEvidence, nodeid: str) -> tuple[Any, ...]:
    """Which of several examples to show: the smallest, and always the same."""
    return (
        len(observed.baseline) + len(observed.candidate),
        len(observed.reproduce_candidate),
        observed.baseline,
        observed.candidate,
        nodeid,
    )

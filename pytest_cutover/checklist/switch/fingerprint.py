"""Who gave this answer? Told by something that only one side says. Pure but for `who_answers`."""

from __future__ import annotations

import re

from pytest_cutover.backends.http import library as http
from pytest_cutover.backends.http.client import Backend
from pytest_cutover.config.monitoring import Fingerprint
from pytest_cutover.core.exchange import Side


def side_of(text: str, fingerprint: Fingerprint) -> Side | None:
    """Return the side whose pattern is found in an answer; None where neither or both are."""
    found = {
        Side.BASELINE: re.search(fingerprint.baseline, text),
        Side.CANDIDATE: re.search(fingerprint.candidate, text),
    }
    matching = [side for side, match in found.items() if match]
    return matching[0] if len(matching) == 1 else None


def as_text(response: http.Response) -> str:
    """Return an answer as one text: status line, headers by name, an empty line, the body."""
    head = [f"HTTP {response.status_code}"]
    head += [f"{name.lower()}: {value}" for name, value in response.headers.multi_items()]
    return "\n".join([*head, "", response.text])


def who_answers(client: Backend, fingerprint: Fingerprint) -> Side | None:
    """Return the side that answers this client now. Raises a transport error where nobody does."""
    return side_of(as_text(client.get(fingerprint.path)), fingerprint)

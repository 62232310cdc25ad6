"""Answers that tell of errors by what they say, whatever their status is. Pure."""

from __future__ import annotations

import json

from pytest_cutover.core.exchange import Response


def tells_errors(response: Response) -> bool:
    """Return whether an answer tells of errors by what it says: GraphQL does so with a 200."""
    try:
        tree = json.loads(response.body) if response.body[:1] == b"{" else None
    except (ValueError, RecursionError):
        return False
    if not isinstance(tree, dict) or tree.get("data"):
        return False
    return bool(tree.get("errors") or tree.get("error")) or False in (
        tree.get("success"),
        tree.get("ok"),
    )

"""A checklist of one item."""

from __future__ import annotations

_OTHERS = ("switch.traffic", "switch.dns", "switch.confirmed")


def only(check: str) -> str:
    """Tables of the phase `switch` with one item, `ours.check`, that rests on a check."""
    dropped = "\n".join(
        f'[checklist.items."{name}"]\ndrop = true\nreason = "not what this test is about"'
        for name in _OTHERS
    )
    return f"""
{dropped}
[checklist.items."ours.check"]
phase = "switch"
title = "what this test is about"
evidence = "check"
check = "{check}"
"""

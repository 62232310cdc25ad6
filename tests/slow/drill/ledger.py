"""What the traffic of the drill was promised, and whether it is there on the baseline."""

from __future__ import annotations

import json
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.slow.drill.rig import Rig

# What a proxy says when nobody answered it; 500 is an answer.
_NOBODY = (0, 502, 503, 504)


@dataclass(frozen=True, slots=True)
class Window:
    """What happened between two moments: requests, those that nobody answered, and writes."""

    requests: int
    lost: int
    why_lost: str
    lots: tuple[str, ...]
    decisions: tuple[str, ...]


def window(rig: Rig, start_s: float, end_s: float) -> Window:
    """The lines of the ledger between two moments, in seconds since the epoch."""
    lines = [line for line in _lines(rig) if start_s <= line["at"] <= end_s]
    lost = [line for line in lines if line["status"] in _NOBODY]
    return Window(
        requests=len(lines),
        lost=len(lost),
        why_lost=f"{lost[0]['name']}: {lost[0].get('why', lost[0]['status'])}" if lost else "",
        lots=tuple(line["lot"] for line in lines if "lot" in line),
        decisions=tuple(line["decision"] for line in lines if "decision" in line),
    )


def _lines(rig: Rig) -> Iterator[dict[str, Any]]:
    for text in rig.ledger.read_text("utf-8").splitlines():
        try:
            yield json.loads(text)
        except ValueError:
            continue  # The last line is still being written.


def missing(rig: Rig, seen: Window) -> list[str]:
    """The acknowledged writes that the baseline cannot read: lots over HTTP, decisions by id."""
    gone = [code for code in seen.lots if not _readable(rig, code)]
    with rig.database.connect() as connection:
        rows = connection.execute(
            "SELECT id::text FROM qc_decisions WHERE id = ANY(%s::uuid[])", (list(seen.decisions),)
        ).fetchall()
    known = {row[0] for row in rows}
    return gone + [decision for decision in seen.decisions if decision not in known]


def damaged(rig: Rig) -> int:
    """How many decisions lost their notes; they are given back, as after an incident."""
    with rig.database.connect() as connection:
        found = connection.execute(
            "UPDATE qc_decisions SET notes = 'waiting for the laboratory'"
            " WHERE decision = 'HOLD' AND notes IS NULL"
        )
        connection.commit()
        return found.rowcount


def _readable(rig: Rig, code: str) -> bool:
    url = f"{rig.urls['baseline']}/api/traceability/{urllib.parse.quote(code)}"
    try:
        with urllib.request.urlopen(url, timeout=5) as response:
            return bool(json.load(response)["central"]["lot_code"] == code)
    except urllib.error.HTTPError:
        return False

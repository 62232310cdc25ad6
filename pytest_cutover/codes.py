"""Every code that a blocker can have, collected from the rooms that give them.

``CUT1xx`` parity, ``2xx`` performance, ``3xx`` evidence, ``4xx`` checklist and contract. Read by
`pytest-cutover explain`, docs/reference/codes.md, the checklist's items and the page of the report.
The modules collected here hold text only, so that importing them costs nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from pytest_cutover.checklist.codes import CODES as _CHECKLIST
from pytest_cutover.compare.verdict.codes import CODES as _COMPARE
from pytest_cutover.contract.codes import CODES as _CONTRACT
from pytest_cutover.core.codes import Code
from pytest_cutover.fuzz.codes import CODES as _FUZZ
from pytest_cutover.gate.codes import CODES as _GATE
from pytest_cutover.performance.evidence.codes import CODES as _PERFORMANCE

DECLARED: Final = (*_COMPARE, *_FUZZ, *_PERFORMANCE, *_GATE, *_CHECKLIST, *_CONTRACT)
"""As the rooms declare them."""

CODES: Final[Mapping[str, Code]] = {
    entry.code: entry for entry in sorted(DECLARED, key=lambda entry: entry.code)
}
"""Every code, in order."""

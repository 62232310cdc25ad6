"""Scalars of the report of which the schema of gate.json says more than a type does.

A reader does not insist on it.
"""

from __future__ import annotations

from typing import Annotated

import msgspec

Count = Annotated[int, msgspec.Meta(extra_json_schema={"minimum": 0})]
Code = Annotated[str, msgspec.Meta(extra_json_schema={"pattern": "^CUT[0-9]{3}$"})]
FindingId = Annotated[str, msgspec.Meta(extra_json_schema={"pattern": "^[0-9a-f]{8}$"})]
# 1 harm, 2 break, 3 form, 4 addition (`gate.severity`); 0 where nothing is wrong.
SeverityNumber = Annotated[int, msgspec.Meta(extra_json_schema={"minimum": 0, "maximum": 4})]
Day = Annotated[str, msgspec.Meta(extra_json_schema={"format": "date"})]
Moment = Annotated[str, msgspec.Meta(extra_json_schema={"format": "date-time"})]

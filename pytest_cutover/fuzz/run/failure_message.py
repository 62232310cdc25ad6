"""What a failing fuzz item shows: each finding with its smallest request and both answers.

The first line is the worst difference itself: it is all that pytest's short summary shows.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Final

from pytest_cutover.compare.evidence.failure_message import one_difference, severity_of
from pytest_cutover.core.errors import FileError
from pytest_cutover.core.sanitize import one_line
from pytest_cutover.fuzz.generate.case import Absent, Call, Case
from pytest_cutover.fuzz.generate.payload import Shown, Told, named_request
from pytest_cutover.fuzz.run.corpus import read

_SHOWN: Final = 12
_WIDTH: Final = 160
_LOGINS: Final = {"none": "without credentials", "bad": "with a wrong token"}
_CODINGS: Final = {"bom": "after a byte order mark", "cut": "cut off"}


def failure_text(told: Told, again: Callable[[str], str], known: Collection[str] = ()) -> str:
    """Return the text; empty where every finding is accepted.

    `again` gives the command of a kept file; `known` are kept files that another item has shown.
    """
    pending = [one for one in told.findings if one.observed.accepted is None]
    if not pending:
        return ""
    shown = [one for one in pending if one.kept not in known]
    accepted = len(told.findings) - len(pending)
    also = f", {accepted} accepted" if accepted else ""
    noun = "finding" if len(pending) == 1 else "findings"
    cases = "case" if told.compared == 1 else "cases"
    worst = min((one.observed for one in pending), key=severity_of)
    lines = [
        one_difference(worst),
        f"{len(pending)} {noun}{also} in {told.compared:,} {cases} sent to both backends",
    ]
    for one in shown[:_SHOWN]:
        lines += ["", *_finding(one)]
    if len(shown) > _SHOWN:
        lines += ["", f"  and {len(shown) - _SHOWN} more, in the report"]
    if len(shown) < len(pending):
        told_before = len(pending) - len(shown)
        also = f"and {told_before} more that" if shown else "that" if told_before == 1 else "those"
        lines += ["", f"  {also} an item above tells in full"]
    if shown and shown[0].kept:
        lines += ["", "  one of them again:", f"    {again(shown[0].kept)}"]
        if _can_be_written(shown[0]):
            name = Path(shown[0].kept).stem
            lines += [f"    pytest-cutover promote {name}   (writes it as a test)"]
    return "\n".join(lines)


def _finding(one: Shown) -> list[str]:
    seen = one.observed
    request = f"  ({named_request(one)})" if one.request else ""
    unstable = "  not every time" if seen.unstable else ""
    where = f"  {seen.pointer}" if seen.pointer else ""
    name = Path(one.kept).stem if one.kept else ""
    head = f"  {name}  {seen.endpoint}  {seen.kind}{where}  {seen.change}{request}{unstable}"
    lines = [f"{head}   {one.occurrences}×"]
    lines += [f"    request    {text}" for text in _requests(one)]
    lines += [
        f"    baseline   {one_line(seen.baseline, _WIDTH)}",
        f"    candidate  {one_line(seen.candidate, _WIDTH)}",
    ]
    return lines


def _can_be_written(one: Shown) -> bool:
    try:
        return all(call.can_be_written for call in read(Path(one.kept)).case.calls)
    except FileError:
        return False


def _requests(one: Shown) -> list[str]:
    try:
        case = read(Path(one.kept)).case if one.kept else None
    except FileError:
        case = None
    if case is None:
        return [one_line(one.observed.reproduce_candidate, _WIDTH * 2)]
    return described(case)


def described(case: Case) -> list[str]:
    """One line for each call, as short as it can be said."""
    return [one_line(_call(call), _WIDTH * 2) for call in case.calls]


def _call(call: Call) -> str:
    words = [f"{call.method} {call.target()}"]
    words += [f"{name}: {value}" for name, value in call.headers]
    words += [f"({_LOGINS[call.login]})"] if call.login else []
    words += [f"({_CODINGS.get(call.coding, call.coding)})"] if call.coding else []
    if isinstance(call.body, bytes):
        words.append(f"{len(call.body)} bytes {call.body[:40]!r}")
    elif not isinstance(call.body, Absent):
        words.append(json.dumps(call.body, ensure_ascii=False))
    bound = [
        f"{binding.place.partition('/')[2]} from answer {binding.step + 1}"
        if binding.step is not None
        else f"{binding.place.partition('/')[2]} new each time"
        for binding in call.bindings
    ]
    return "  ".join(words) + (f"   ({', '.join(bound)})" if bound else "")

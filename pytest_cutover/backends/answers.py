"""What a backend answered, beside the error that the answer became, and the user's own lines of it.

An HTTP client's error names a status and no body, and its traceback ends in a page of the client's
source. Who reads a failing fixture needs the answer, and the line of the fixture.
"""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import Final

import pytest

from pytest_cutover.backends.http import library as http

_BODY: Final = 600
_LIBRARIES: Final = (
    Path(inspect.getfile(http.Client)).parent,
    Path(__file__).parents[1],
)
_TOLD: Final = "answer: "


def said(error: BaseException) -> str:
    """Return an error in one line, and the answer behind it in a second, if there is one."""
    first = str(error).partition("\n")[0]
    told = answer_of(error)
    name = type(error).__name__
    return f"{name}: {first}\n{_TOLD}{told}" if told else f"{name}: {error}"


def answer_of(error: BaseException) -> str:
    """Return the status and the body that an error is about; empty where it is about none."""
    if not isinstance(error, http.HTTPStatusError):
        return ""
    try:
        body = error.response.text
    except http.ResponseNotRead:
        body = "(its body was not read)"
    return f"{error.response.status_code} {body[:_BODY]}{'…' if len(body) > _BODY else ''}".rstrip()


def tell_answer(call: pytest.CallInfo[None]) -> None:
    """Put the answer beside the error of a call, and leave out the client's and our own source.

    What is left of the traceback is the user's; where nothing would be left it stays as it is.
    """
    excinfo = call.excinfo
    if excinfo is None or not isinstance(excinfo.value, http.HTTPError):
        return
    told = answer_of(excinfo.value)
    notes = getattr(excinfo.value, "__notes__", [])
    if told and not any(note.startswith(_TOLD) for note in notes):
        excinfo.value.add_note(f"{_TOLD}{told}")
    kept = excinfo.traceback.filter(lambda entry: not _of_a_library(Path(str(entry.path))))
    if len(kept):
        excinfo.traceback = kept


def _of_a_library(path: Path) -> bool:
    return any(path.is_relative_to(library) for library in _LIBRARIES)

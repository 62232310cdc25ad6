"""Prometheus over its HTTP API: one instant query, one value, or the reason why there is none."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from pytest_cutover.backends.http import library as http

_TIMEOUT_S: Final = 5.0
_RECENT_S: Final = 600.0
_MOST_SERIES: Final = 2000
# What a proxy answers that lets only GET through.
_NO_POST: Final = frozenset({403, 404, 405, 501})


class Absence(StrEnum):
    """Why a query has no value."""

    UNREACHABLE = "unreachable"
    MALFORMED = "malformed"
    SHAPE = "shape"
    EMPTY = "empty"
    NAN = "not a number"
    PARTIAL = "partial data"
    LABEL = "no such label"
    ERROR = "error"

    @property
    def is_mistake(self) -> bool:
        """Whether waiting does not help: the query itself has to be mended."""
        return self in (Absence.MALFORMED, Absence.SHAPE)


@dataclass(frozen=True, slots=True)
class Reading:
    """The value of a query, or why there is none and what Prometheus said about it."""

    value: float | None = None
    absence: Absence | None = None
    message: str = ""


@dataclass(frozen=True, slots=True)
class Vector:
    """Several numbers by their labels, or why there are none; native histograms are counted."""

    rows: tuple[tuple[Mapping[str, str], float], ...] = ()
    histograms: int = 0
    absence: Absence | None = None
    message: str = ""


@dataclass(frozen=True, slots=True)
class _Reply:
    """The data of an answer, or why it has none."""

    data: Any = None
    problem: Reading = field(default_factory=Reading)


class Prometheus:
    """A client of one server; `close` it."""

    def __init__(self, url: str, headers: Mapping[str, str] | None = None) -> None:
        self._url = url.rstrip("/")
        self._by_get = False
        self._client = http.Client(
            timeout=http.Timeout(_TIMEOUT_S), trust_env=False, headers=dict(headers or {})
        )

    def close(self) -> None:
        """Close every connection."""
        self._client.close()

    def value(self, query: str) -> Reading:
        """The one number that a query gives now. Never raises."""
        reply = self._ask("query", {"query": query})
        return reply.problem if reply.problem.absence else _read(reply.data)

    def vector(self, query: str) -> Vector:
        """Every number that a query gives now, by its labels. Never raises."""
        reply = self._ask("query", {"query": query})
        if reply.problem.absence:
            return Vector(absence=reply.problem.absence, message=reply.problem.message)
        try:
            result = reply.data["result"]
            rows = tuple(
                (one["metric"], float(one["value"][1])) for one in result if "value" in one
            )
            return Vector(rows, sum("histogram" in one for one in result))
        except (LookupError, TypeError, ValueError):
            return Vector(absence=Absence.ERROR, message="an answer that is no vector")

    def series(self, selector: str) -> tuple[Mapping[str, str], ...] | Reading:
        """The labels of every series of the last minutes, or why they are not known."""
        now = time.time()
        form = {"match[]": selector, "start": f"{now - _RECENT_S:.0f}"}
        form |= {"end": f"{now + _RECENT_S:.0f}", "limit": str(_MOST_SERIES)}
        reply = self._ask("series", form)
        if reply.problem.absence:
            return reply.problem
        if not isinstance(reply.data, list) or not all(isinstance(one, dict) for one in reply.data):
            return Reading(absence=Absence.ERROR, message="an answer that is no list of series")
        return tuple(reply.data)

    def _ask(self, what: str, form: Mapping[str, str]) -> _Reply:
        try:
            response = self._sent(f"{self._url}/api/v1/{what}", form)
        except http.RequestError as error:
            said = f"{self._url}: {type(error).__name__}"
            return _Reply(problem=Reading(absence=Absence.UNREACHABLE, message=said))
        try:
            document = response.json()
        except ValueError:
            document = None
        if response.status_code in (401, 407):
            said = (
                f"{self._url} answered {response.status_code}: it wants credentials, or others "
                "than these; give them in [checklist.monitoring] headers"
            )
            return _Reply(problem=Reading(absence=Absence.ERROR, message=said))
        if not isinstance(document, dict) or "status" not in document:
            said = f"{self._url} answered {response.status_code}, and not as Prometheus does"
            return _Reply(problem=Reading(absence=Absence.ERROR, message=said))
        if document["status"] != "success":
            return _Reply(problem=_refused(document, response.status_code))
        partial = _partial(document)
        if partial:
            return _Reply(problem=Reading(absence=Absence.PARTIAL, message=partial))
        return _Reply(document.get("data"))

    def _sent(self, url: str, form: Mapping[str, str]) -> http.Response:
        """The answer to a POST, which has no limit of length; to a GET where only that is let in.

        A server that lets POST in is never asked by GET, so that its own 403 stays what it is.
        """
        if self._by_get:
            return self._client.get(url, params=dict(form))
        response = self._client.post(url, data=dict(form))
        if response.status_code not in _NO_POST:
            return response
        got = self._client.get(url, params=dict(form))
        self._by_get = got.status_code not in _NO_POST
        return got if self._by_get else response


def _partial(document: Mapping[str, Any]) -> str:
    """What Thanos, Mimir or Prometheus warn of: an answer from a part of the data."""
    warnings = document.get("warnings")
    if document.get("isPartial") is True and not warnings:
        warnings = "the server says that it is partial"
    told = warnings if isinstance(warnings, list) else [warnings] if warnings else []
    # Older servers put hints about a query among the warnings.
    serious = [str(one) for one in told if not str(one).startswith("PromQL info")]
    return f"the answer may lack data: {serious[0]}" if serious else ""


def _refused(document: Mapping[str, Any], status: int) -> Reading:
    said, kind = document.get("error", ""), document.get("errorType", "")
    absence = Absence.MALFORMED if kind == "bad_data" else Absence.ERROR
    return Reading(absence=absence, message=str(said) or f"status {status}")


def _read(data: Any) -> Reading:
    kind = data.get("resultType") if isinstance(data, dict) else None
    result = data.get("result") if isinstance(data, dict) else None
    if kind == "scalar" and isinstance(result, list) and len(result) == 2:
        return _number(result[1])
    if kind != "vector" or not isinstance(result, list):
        said = f"the query gives a {kind}, and one value is needed"
        return Reading(absence=Absence.SHAPE, message=said)
    if not result:
        return Reading(absence=Absence.EMPTY, message="no series matches")
    if len(result) > 1:
        said = f"the query gives {len(result)} series, and one value is needed: sum(…) or max(…)"
        return Reading(absence=Absence.SHAPE, message=said)
    if not isinstance(result[0], dict) or "value" not in result[0]:
        return Reading(absence=Absence.SHAPE, message="the query gives no number, but a histogram")
    return _number(result[0]["value"][1])


def _number(text: Any) -> Reading:
    try:
        value = float(text)
    except (TypeError, ValueError):
        return Reading(absence=Absence.ERROR, message="a value that is no number")
    if math.isnan(value):
        return Reading(absence=Absence.NAN, message="NaN")
    return Reading(value=value)

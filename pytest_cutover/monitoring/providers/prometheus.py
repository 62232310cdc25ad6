"""Prometheus over its HTTP API: one instant query, one value, or the reason why there is none."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from pytest_cutover.backends.http import library as http

_TIMEOUT_S: Final = 5.0


class Absence(StrEnum):
    """Why a query has no value."""

    UNREACHABLE = "unreachable"
    MALFORMED = "malformed"
    SHAPE = "shape"
    EMPTY = "empty"
    NAN = "not a number"
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


class Prometheus:
    """A client of one server; `close` it."""

    def __init__(self, url: str, headers: Mapping[str, str] | None = None) -> None:
        self._url = url.rstrip("/")
        self._client = http.Client(
            timeout=http.Timeout(_TIMEOUT_S), trust_env=False, headers=dict(headers or {})
        )

    def close(self) -> None:
        """Close every connection."""
        self._client.close()

    def value(self, query: str) -> Reading:
        """The one number that a query gives now. Never raises."""
        try:
            response = self._client.post(f"{self._url}/api/v1/query", data={"query": query})
            document = response.json()
        except http.RequestError as error:
            return Reading(
                absence=Absence.UNREACHABLE, message=f"{self._url}: {type(error).__name__}"
            )
        except ValueError:
            said = f"{self._url} answered {response.status_code}, and not as Prometheus does"
            return Reading(absence=Absence.ERROR, message=said)
        if not isinstance(document, dict) or document.get("status") != "success":
            return _refused(document, response.status_code)
        return _read(document.get("data"))


def _refused(document: Any, status: int) -> Reading:
    said = document.get("error", "") if isinstance(document, dict) else ""
    kind = document.get("errorType", "") if isinstance(document, dict) else ""
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
    return _number(result[0]["value"][1])


def _number(text: Any) -> Reading:
    try:
        value = float(text)
    except (TypeError, ValueError):
        return Reading(absence=Absence.ERROR, message="a value that is no number")
    if math.isnan(value):
        return Reading(absence=Absence.NAN, message="NaN")
    return Reading(value=value)

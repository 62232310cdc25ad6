"""Prometheus over its HTTP API: one instant query, one value, or the reason why there is none.

What speaks its API is asked alike: Thanos, Mimir, VictoriaMetrics, Cortex, a proxy under a path.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from pytest_cutover.backends.http import library as http
from pytest_cutover.backends.http.transport import ssl_context
from pytest_cutover.monitoring.providers.provider import Absence, Reading

_TIMEOUT_S: Final = 5.0
_RECENT_S: Final = 600.0
_MOST_SERIES: Final = 2000
_MOST_SAID: Final = 120
_CUT: Final = "truncated due to limit"
_NO_CREDENTIALS: Final = frozenset({401, 407})
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
# What a proxy answers that lets only GET through.
_NO_POST: Final = frozenset({403, 404, 405, 501})


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

    def __init__(
        self,
        url: str,
        headers: Mapping[str, str] | None = None,
        *,
        basic: tuple[str, str] | None = None,
        verify: bool | str = True,
        timeout_s: float = _TIMEOUT_S,
    ) -> None:
        self._url = url.rstrip("/").removesuffix("/api/v1")
        self._by_get = False
        self._client = http.Client(
            timeout=http.Timeout(timeout_s),
            trust_env=False,
            headers=dict(headers or {}),
            auth=basic,
            verify=ssl_context(verify) if self._url.startswith("https:") else False,
        )

    def close(self) -> None:
        """Close every connection."""
        self._client.close()

    def value(self, query: str) -> Reading:
        """Return the one number that a query gives now. Never raises."""
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
                (dict(one["metric"]), float(one["value"][1])) for one in result if "value" in one
            )
            return Vector(rows, sum("histogram" in one for one in result))
        except (LookupError, TypeError, ValueError):
            return Vector(absence=Absence.ERROR, message="an answer that is no vector")

    def series(self, selector: str) -> tuple[Mapping[str, str], ...] | Reading:
        """Return the labels of every series of the last minutes, or why they are not known."""
        now = time.time()
        form = {"match[]": selector, "start": f"{now - _RECENT_S:.0f}"}
        form |= {"end": f"{now + _RECENT_S:.0f}", "limit": str(_MOST_SERIES)}
        # Of more than these it has some, which is enough to see what there is.
        reply = self._ask("series", form, cut=True)
        if reply.problem.absence:
            return reply.problem
        if not isinstance(reply.data, list) or not all(isinstance(one, dict) for one in reply.data):
            return Reading(absence=Absence.ERROR, message="an answer that is no list of series")
        return tuple(reply.data)

    def metrics(self) -> tuple[str, ...] | Reading:
        """Return the names of every metric, or why they are not known."""
        reply = self._reply(lambda: self._client.get(f"{self._url}/api/v1/label/__name__/values"))
        if reply.problem.absence:
            return reply.problem
        if not isinstance(reply.data, list) or not all(isinstance(one, str) for one in reply.data):
            return Reading(absence=Absence.ERROR, message="an answer that is no list of names")
        return tuple(reply.data)

    def _ask(self, what: str, form: Mapping[str, str], *, cut: bool = False) -> _Reply:
        return self._reply(lambda: self._sent(f"{self._url}/api/v1/{what}", form), cut=cut)

    def _reply(self, send: Callable[[], http.Response], *, cut: bool = False) -> _Reply:
        try:
            response = send()
        except http.RequestError as error:
            said = f"{self._url}: {type(error).__name__}{_certificate(error)}"
            return _Reply(problem=Reading(absence=Absence.UNREACHABLE, message=said))
        try:
            document = response.json()
        except ValueError:
            document = None
        if not isinstance(document, dict) or "status" not in document:
            return _Reply(problem=_stranger(self._url, response))
        if response.status_code in _NO_CREDENTIALS:
            return _Reply(problem=_stranger(self._url, response, document.get("error")))
        if document["status"] != "success":
            return _Reply(problem=_refused(document, response.status_code))
        partial = _partial(document, cut=cut)
        if partial:
            return _Reply(problem=Reading(absence=Absence.PARTIAL, message=partial))
        return _Reply(document.get("data"))

    def _sent(self, url: str, form: Mapping[str, str]) -> http.Response:
        """Return the answer to a POST, which has no limit of length; to a GET where only that is
        let in.

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


def _certificate(error: http.RequestError) -> str:
    """Return what to set where a certificate is the reason."""
    if "certificate" not in str(error).lower():
        return ""
    return (
        f": {error}; name the file of the authority that signed it in [checklist.monitoring] verify"
    )


def _stranger(url: str, response: http.Response, said: Any = None) -> Reading:
    """Return what an answer is that is none of Prometheus', and which key would help."""
    status, kind = response.status_code, response.headers.get("content-type", "")
    if said is None and "html" not in kind:
        said = next(iter(response.text.strip().splitlines()), "")
    absence, why = _why_a_stranger(status, kind, response.headers.get("location", ""))
    told = f" (it said: {str(said)[:_MOST_SAID]})" if said else ""
    return Reading(absence=absence, message=f"{url} answered {status}{why}{told}")


def _why_a_stranger(status: int, kind: str, location: str) -> tuple[Absence, str]:
    """Who refuses us is told from who is no Prometheus."""
    if status in _NO_CREDENTIALS:
        other = "" if status == 407 else ", or others than these"
        give = "give them in [checklist.monitoring] headers, or username and password"
        return Absence.REFUSED, f": it wants credentials{other}; {give}"
    if status == 403:
        return Absence.REFUSED, ": these may not ask it; see [checklist.monitoring] headers"
    stranger = ", and not as Prometheus does"
    if status in _REDIRECTS:
        where = location.partition("?")[0] or "nowhere"
        login = "a login page, or another [checklist.monitoring] prometheus"
        return Absence.REFUSED, f"{stranger}: it sends us to {where}: {login}"
    if status < 300 and "html" in kind:
        login = "with a page: a login, or another path of [checklist.monitoring] prometheus"
        return Absence.REFUSED, f"{stranger} but {login}"
    if status == 404:
        return Absence.ERROR, f"{stranger}: no API here; does its URL need a path, as /prometheus?"
    return Absence.ERROR, stranger


def _partial(document: Mapping[str, Any], *, cut: bool) -> str:
    """Return what Thanos, Mimir or Prometheus warn of: an answer from a part of the data.

    With `cut` an answer that was cut at the limit that we asked for is whole.
    """
    warnings = document.get("warnings")
    if document.get("isPartial") is True and not warnings:
        warnings = "the server says that it is partial"
    told = warnings if isinstance(warnings, list) else [warnings] if warnings else []
    # Older servers put hints about a query among the warnings.
    serious = [
        str(one)
        for one in told
        if not str(one).startswith("PromQL info") and not (cut and _CUT in str(one))
    ]
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
    if math.isinf(value):
        return Reading(absence=Absence.ERROR, message="an infinite value")
    return Reading(value=value)

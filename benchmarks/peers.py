"""What users could have today, on the same answers: syrupy with masks, DeepDiff, apiparity-check.

Each is used as its documentation shows, with the volatile names of FlowViz written by hand, and is
given answers in which the generated codes are the same on both sides. A peer gives, for a pair of
answers, what it would report: (its name for it, the place) pairs; no pair means equal. A peer that
is not installed is left out of the table; `installed` says which.
"""

from __future__ import annotations

import json
import re
from importlib import import_module
from typing import Any, ClassVar, Protocol

from syrupy.extensions.json import JSONSnapshotExtension
from syrupy.matchers import path_type

from pytest_cutover.core.exchange import Exchange

# What a team that knows its API would write down.
VOLATILE = (
    "id", "lot_id", "operator_id", "production_run_id", "token", "created_at", "updated_at",
    "decided_at", "timestamp", "expires_at", "last_login", "uptime", "request_id",
)  # fmt: skip
HEADERS = frozenset(
    ("date", "etag", "server", "x-powered-by", "content-length", "connection", "keep-alive")
)
Report = frozenset[tuple[str, str]]


class Peer(Protocol):
    """A way to compare two answers."""

    name: str

    def report(self, base: Exchange, cand: Exchange) -> Report:
        """What it would say."""
        ...


def _document(exchange: Exchange, *, headers: bool) -> Any:
    """What a test would take of an answer with httpx: raises what httpx would raise."""
    if exchange.failure is not None or exchange.response is None:
        raise ConnectionError
    response = exchange.response
    document: dict[str, Any] = {"status": response.status}
    if headers:
        document["headers"] = {
            name.lower(): value for name, value in response.headers if name.lower() not in HEADERS
        }
    else:
        document["content-type"] = response.header("content-type")
    is_json = "json" in (response.header("content-type") or "")
    text = response.body.decode("utf-8", "replace")
    document["body"] = json.loads(response.body) if is_json and response.body else text
    return document


class Syrupy:
    """A JSON snapshot of status, Content-Type and body, its volatile names masked by type."""

    name = "syrupy, masks by hand"

    def __init__(self) -> None:
        names = "|".join(VOLATILE)
        self._matcher = path_type({rf".*\.?({names})$": (str, int, type(None))}, regex=True,
                                  strict=False)  # fmt: skip

    def _text(self, exchange: Exchange) -> str:
        document = _document(exchange, headers=False)
        return str(JSONSnapshotExtension().serialize(document, matcher=self._matcher))

    def report(self, base: Exchange, cand: Exchange) -> Report:
        """Whether the snapshot holds."""
        try:
            same = self._text(base) == self._text(cand)
        except Exception:
            same = False  # the test fails
        return frozenset() if same else frozenset((("", ""),))


class Deep:
    """DeepDiff of status, headers and body, without the volatile names."""

    name = "DeepDiff, names ignored"
    KINDS: ClassVar = {
        "values_changed": "value", "type_changes": "type", "dictionary_item_added": "added",
        "dictionary_item_removed": "missing", "iterable_item_added": "length",
        "iterable_item_removed": "length",
    }  # fmt: skip

    def __init__(self) -> None:
        self._diff = import_module("deepdiff").DeepDiff
        self._ignored = [re.compile(rf"\['({'|'.join((*VOLATILE, 'set-cookie'))})'\]$")]

    def report(self, base: Exchange, cand: Exchange) -> Report:
        """The kinds and paths of the diff."""
        try:
            documents = [_document(one, headers=True) for one in (base, cand)]
            diff = self._diff(*documents, exclude_regex_paths=self._ignored)
        except Exception:
            return frozenset((("error", ""),))
        return frozenset(
            (self._kind(kind, str(place)), str(place))
            for kind, places in diff.items()
            for place in places
        )

    def _kind(self, kind: str, place: str) -> str:
        """Its name for a difference, in our words."""
        if place == "root['status']":
            return "status"
        word = self.KINDS.get(kind, kind)
        return f"header-{word}" if place.startswith("root['headers']") else word


class Apiparity:
    """apiparity-check with the volatile pointers ignored, wherever in a document they stand."""

    name = "apiparity-check"
    KINDS: ClassVar = {
        "status_code": "status", "header_removed": "header-missing", "header_added":
        "header-added", "header_value": "header-value", "json_type": "type", "json_value": "value",
        "json_key_added": "added", "json_key_removed": "missing", "body_type": "body-kind",
    }  # fmt: skip

    def __init__(self) -> None:
        self._models = import_module("apiparity.models")
        self._compare = import_module("apiparity.comparison").compare_snapshots
        self._normalize = import_module("apiparity.normalization").normalize_snapshot

    def report(self, base: Exchange, cand: Exchange) -> Report:
        """The categories and paths of its differences."""
        models = self._models
        ignored = models.NormalizationConfig(
            ignored_headers=(*HEADERS, "set-cookie"),
            ignored_json_pointers=tuple(_pointers(base) | _pointers(cand)),
        )
        found = self._compare(
            self._normalize(self._snapshot(base), ignored),
            self._normalize(self._snapshot(cand), ignored),
            case=models.RequestCase("one", base.request.method, base.request.path),
            comparison=models.ComparisonConfig(),
            normalization=ignored,
            redaction=models.RedactionConfig(),
        )
        return frozenset((self.KINDS.get(d.category, d.category), d.path or "") for d in found)

    def _snapshot(self, exchange: Exchange) -> Any:
        made, response = self._models.ResponseSnapshot, exchange.response
        if exchange.failure is not None or response is None:
            return made(None, (), None, None, False, 0, 1.0, "failed", "transport")
        lines: dict[str, tuple[str, ...]] = {}
        for name, value in response.headers:
            lines[name.lower()] = (*lines.get(name.lower(), ()), value)
        kind = response.header("content-type")
        return made(response.status, tuple(lines.items()), kind, response.body, False,
                    len(response.body), 1.0, None)  # fmt: skip


def installed() -> tuple[list[Peer], list[str]]:
    """The peers that can be asked, and of each other one the package that is missing."""
    found: list[Peer] = [Syrupy()]
    missing: list[str] = []
    for peer, package in ((Deep, "deepdiff"), (Apiparity, "apiparity-check")):
        try:
            found.append(peer())
        except ModuleNotFoundError:
            missing.append(package)
    return found, missing


def _pointers(exchange: Exchange) -> set[str]:
    """Where the volatile names stand: its rules take no wildcards."""
    found: set[str] = set()

    def look(node: Any, at: str) -> None:
        for key, value in node.items() if isinstance(node, dict) else enumerate(node):
            if key in VOLATILE:
                found.add(f"{at}/{key}")
            if isinstance(value, dict | list):
                look(value, f"{at}/{key}")

    try:
        tree = json.loads(exchange.response.body) if exchange.response else None
    except ValueError:
        tree = None
    look(tree if isinstance(tree, dict | list) else {}, "")
    return found
